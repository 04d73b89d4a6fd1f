"""The dictionaries of the elements in Django's admin; saving is the action, nothing is deleted."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from tongshan_portal.people.admin import ActionAdmin

from .dictionary import keep_term
from .models import Term


@admin.register(Term)
class TermAdmin(ActionAdmin):
    add_action = change_action = "terms.change"
    add_fields = ("dictionary", "code", "label_zh", "label_en", "in_use")
    change_fields = ("label_zh", "label_en", "in_use")
    shown = ("dictionary", "code", "label_zh", "label_en", "in_use", "is_default")
    list_display = ("label_zh", "label_en", "dictionary", "code", "in_use", "is_default")
    list_filter = ("dictionary",)
    ordering = ("dictionary", "pk")

    def save_model(self, request: HttpRequest, obj: Term, form: Any, change: bool) -> None:
        fields = {name: getattr(obj, name) for name in ("dictionary", "code", "label_zh", "label_en", "in_use")}
        obj.pk = keep_term(actor=request.actor, **fields).pk  # type: ignore[attr-defined]
