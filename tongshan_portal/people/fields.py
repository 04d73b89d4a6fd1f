"""The area of a form: a code, or a name where only one area has it. Works as plain text; a list of choices helps where scripts run."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import is_area_code
from grids.areas.models import Area


class AreaInput(forms.TextInput):
    """A text input with a list of choices that follows what is typed."""

    template_name = "people/area_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "url": reverse_lazy("people:areas")}


class AreaField(forms.CharField):
    """Answers an area code. `320312106`, `320312106 柳新镇` and `柳新镇` are all understood."""

    widget = AreaInput
    default_error_messages = {
        "unknown": _("No area has this code or name."),
        "several": _("Several areas have this name. Choose one by its code."),
    }

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        code = text.split()[0]
        if is_area_code(code):
            return code
        found = list(Area.objects.filter(name=text, valid_to=None).values_list("pk", flat=True)[:2])
        if len(found) != 1:
            kind = "several" if found else "unknown"
            raise ValidationError(self.error_messages[kind], code=kind)
        return found[0]
