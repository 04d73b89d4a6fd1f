"""Outside systems in Django's admin: who may send rows. A key is shown once, when it is made."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.admin_pages import ByRight, LedgeredAdmin
from tongshan_portal.kernel.errors import DomainError

from .intake import actions
from .intake.models import OutsideSystem
from .intake.registry import all_intakes


class OutsideSystemForm(forms.ModelForm):
    """`new_key` makes a new one; the kinds are those that apps registered."""

    kinds = forms.MultipleChoiceField(label=_("Kinds of rows"), widget=forms.CheckboxSelectMultiple, required=False)
    new_key = forms.BooleanField(label=_("Make a new key"), required=False, help_text=_("The present one is void at once."))

    class Meta:
        model = OutsideSystem
        fields = ["code", "name", "kinds", "area_code", "algorithm", "addresses", "per_minute", "in_use"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(intake.name, intake.label) for intake in all_intakes()]  # type: ignore[attr-defined]

    def clean_addresses(self) -> list[str]:
        """The addresses, once the action would take them."""
        found: list[str] = self.cleaned_data["addresses"]
        try:
            actions.check_addresses(found)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error
        return found


@admin.register(OutsideSystem)
class OutsideSystemAdmin(ByRight, LedgeredAdmin):
    """System administrators manage; a system is taken out of use, never deleted."""

    right = "outside_systems.manage"
    form = OutsideSystemForm
    list_display = ["code", "name", "kinds", "area_code", "in_use", "heard_at", "key_made_at"]
    search_fields = ["code", "name"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = list(OutsideSystemForm.Meta.fields)
        return fields if obj is None else [*fields, "new_key"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: OutsideSystem, form: Any, change: bool) -> None:
        actor, data = request.actor, form.cleaned_data  # type: ignore[attr-defined]
        fields = {name: data[name] for name in actions.CHANGEABLE}
        key = ""
        if change:
            actions.change_system(actor=actor, system_id=obj.pk, **fields)
            if data.get("new_key"):
                key = actions.renew_key(actor=actor, system_id=obj.pk)
        else:
            made, key = actions.create_system(actor=actor, code=data["code"], **fields)
            obj.pk = made.pk
        if key:
            messages.info(request, _("The key of %(system)s, shown only now: %(key)s") % {"system": obj.code, "key": key})
