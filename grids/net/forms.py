"""The forms of the net: they read what was typed, the actions decide."""

from datetime import date, timedelta
from typing import Any

import shapely
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from grids.areas.codes import parent_of
from grids.areas.locating import to_shape
from grids.areas.models import AREA_CODE, Area, AreaShape
from grids.areas.shapes.cutting import cut
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ui.forms import ActionForm, day_input

from .actions import NewArea


def _tomorrow() -> date:
    return clock.today() + timedelta(days=1)


def _code(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=18, validators=[AREA_CODE], widget=forms.TextInput({"inputmode": "numeric"})
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=day_input(), initial=_tomorrow)


class RenameForm(ActionForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)


class RetireForm(ActionForm):
    on = forms.DateField(label=gettext_lazy("Last day"), widget=day_input(), initial=clock.today)


class MergeForm(ActionForm):
    """With which siblings, and what they become."""

    others = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Merge with"), queryset=Area.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    code = _code(gettext_lazy("Code of the new area"), gettext_lazy("A code that was never used, under the same parent."))
    name = forms.CharField(label=gettext_lazy("Name of the new area"), max_length=100)
    on = _day(gettext_lazy("First day of the new area"))

    def __init__(self, *args: Any, area: Area, **kwargs: Any):
        super().__init__(*args, **kwargs)
        siblings = Area.objects.filter(code__startswith=parent_of(area.code) or area.code, level=area.level, valid_to=None)
        field = self.fields["others"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = siblings.exclude(pk=area.pk)


class MoveForm(ActionForm):
    to = _code(gettext_lazy("New code"), gettext_lazy("A code that was never used, of the same level, under the new parent."))
    on = _day(gettext_lazy("First day under the new parent"))


class SplitForm(ActionForm):
    """Along which line, and what the two parts are called. The northern or western part is the first."""

    line = forms.CharField(
        label=gettext_lazy("Line along which it is cut"),
        help_text=gettext_lazy("Points as longitude, latitude; one in each line, from border to border. With a map: click them on it."),
        widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
        max_length=5_000,
        required=False,
    )
    first_code = _code(gettext_lazy("Code of the first part"))
    first_name = forms.CharField(label=gettext_lazy("Name of the first part"), max_length=100)
    second_code = _code(gettext_lazy("Code of the second part"))
    second_name = forms.CharField(label=gettext_lazy("Name of the second part"), max_length=100)
    on = _day(gettext_lazy("First day of the new areas"))

    def __init__(self, *args: Any, area: Area, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.area = area

    def clean_line(self) -> list[tuple[float, float]]:
        try:
            return [
                tuple(float(part) for part in row.replace("，", ",").split(","))
                for row in self.cleaned_data["line"].split("\n")
                if row.strip()
            ]  # type: ignore[misc]
        except ValueError:
            raise forms.ValidationError(_("Write each point as longitude, latitude: 117.18, 34.26.")) from None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        shape = AreaShape.objects.filter(pk=self.area.pk).first()
        parts: list[BaseGeometry | None] = [None, None]
        if shape is not None:
            try:
                parts = list(cut(to_shape(shape.geometry), shapely.LineString(given["line"]) if len(given["line"]) > 1 else None))
            except DomainError as error:
                self.add_error("line", str(error))
                return given
        given["into"] = [
            NewArea(given["first_code"], given["first_name"], parts[0]),
            NewArea(given["second_code"], given["second_name"], parts[1]),
        ]
        return given
