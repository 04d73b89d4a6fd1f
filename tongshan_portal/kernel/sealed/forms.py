"""A form field for sealed text: empty means "leave it as it is", and what is stored is never sent to the browser."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from .value import Sealed


class SealedFormField(forms.CharField):
    """Shows the mask as a placeholder. To erase a value is an action of its own, never an empty box."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            self.widget.attrs["placeholder"] = _("%(masked)s – leave empty to keep it") % {"masked": value.masked}
            return ""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)
