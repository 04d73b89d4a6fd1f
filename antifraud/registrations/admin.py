"""Consent texts and relations in Django's admin; saving is the action, nothing is deleted, and a published text is not changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from tongshan_portal.people.admin import ActionAdmin

from .actions.points import TEXTS, keep_relation, publish_consent
from .models import ConsentText, Relation

_FIELDS = tuple(f"{name}_{tongue}" for name in TEXTS for tongue in ("zh", "en"))


@admin.register(Relation)
class RelationAdmin(ActionAdmin):
    add_action = change_action = "relations.change"
    add_fields = ("code", "label_zh", "label_en", "in_use")
    change_fields = ("label_zh", "label_en", "in_use")
    shown = ("code", "label_zh", "label_en", "in_use", "is_default")
    list_display = ("label_zh", "label_en", "code", "in_use", "is_default")
    ordering = ("pk",)

    def save_model(self, request: HttpRequest, obj: Relation, form: Any, change: bool) -> None:
        fields = {name: getattr(obj, name) for name in ("code", "label_zh", "label_en", "in_use")}
        obj.pk = keep_relation(actor=request.actor, **fields).pk  # type: ignore[attr-defined]


@admin.register(ConsentText)
class ConsentTextAdmin(ActionAdmin):
    add_action = "consent_texts.publish"
    add_fields = _FIELDS
    shown = ("version", *_FIELDS, "published_at", "is_default")
    list_display = ("version", "published_at", "is_default")
    ordering = ("-version",)

    def save_model(self, request: HttpRequest, obj: ConsentText, form: Any, change: bool) -> None:
        obj.pk = publish_consent(actor=request.actor, **{name: getattr(obj, name) for name in _FIELDS}).pk  # type: ignore[attr-defined]
