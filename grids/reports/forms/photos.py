"""Photos in forms: several files in one field, each read at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongshan_portal.exchange.uploads import TOO_LARGE
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.pictures import Picture, read_picture
from tongshan_portal.ui.forms import ActionForm

from ..enums import MAX_PER_MOMENT, Moment

ACCEPT = "image/*"


class PhotosInput(forms.ClearableFileInput):
    """A file input that takes several; it never shows what is there already."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.Field):
    """Answers the pictures that could be read (`list[Picture]`).

    Every file that cannot be kept is a sentence, and `readable` holds those that can: what is refused takes nothing else with it.
    """

    widget = PhotosInput

    def __init__(self, **given: Any):
        super().__init__(**given)
        self.readable: list[Picture] = []

    def clean(self, value: Any) -> list[Picture]:
        files = [one for one in (value if isinstance(value, list) else [value]) if one]
        super().clean(files)
        found: dict[str, Picture] = {}
        problems: list[str] = []
        for file in files[:MAX_PER_MOMENT]:
            try:
                picture = read_picture(file)
                found[picture.mark] = picture
            except DomainError as error:
                problems.append(f"{file.name}{gettext(': ')}{error.message}" if len(files) > 1 else str(error.message))
        if len(files) > MAX_PER_MOMENT:
            problems.append(str(_("At most %(number)s photos: leave some out.") % {"number": MAX_PER_MOMENT}))
        self.readable = list(found.values())
        if problems:
            raise forms.ValidationError(problems)
        return self.readable

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


def was_too_large(request: Any) -> bool:
    """Whether the whole sending was cut off for its size while it arrived, so that the form has no files at all."""
    return bool(request.META.get(TOO_LARGE))


class PhotoForm(ActionForm):
    """Photos for a report that is there."""

    moment = forms.ChoiceField(label=_("When"), choices=Moment.choices)
    photos = PhotosField(label=_("Photos"), widget=PhotosInput({"accept": ACCEPT, "multiple": True}))
    key = forms.UUIDField(widget=forms.HiddenInput)
