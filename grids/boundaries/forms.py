"""Forms of the import of boundaries."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.areas.codes import Level
from tongshan_portal.exchange.long_work import UploadForm
from tongshan_portal.ui.forms import ActionForm

from .enums import CodePart, DatumChoice, Encoding
from .judging import Choice
from .models import BoundaryImport

SYSTEMS = ["EPSG:4490", "EPSG:4326", "EPSG:4547", "EPSG:4548", "EPSG:4549", "EPSG:2384", "EPSG:2436"]
"""What files of this part of the country are usually in, offered while one types."""


class FileForm(ActionForm, UploadForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("GeoJSON, a Shapefile as a zip archive, or a GeoPackage with one layer; at most 100 MB."),
        widget=forms.FileInput({"accept": ".geojson,.json,.zip,.gpkg"}),
    )


class ChoiceForm(ActionForm):
    """What the file is. The fields offer what the file itself holds."""

    level = forms.TypedChoiceField(label=gettext_lazy("The file holds areas of the level"), choices=Level.choices, coerce=int)
    code_field = forms.ChoiceField(label=gettext_lazy("Attribute with the code"))
    code_part = forms.ChoiceField(label=gettext_lazy("What stands there is"), choices=CodePart.choices)
    parent_field = forms.ChoiceField(
        label=gettext_lazy("Attribute with the code of the area above"),
        required=False,
        help_text=gettext_lazy("Not needed where the whole code is given."),
    )
    parent_code = forms.CharField(
        label=gettext_lazy("Or: one area above for all"),
        required=False,
        max_length=18,
        help_text=gettext_lazy("Its code."),
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    district_name = forms.CharField(
        label=gettext_lazy("Name of a new district"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Only for towns whose district is not in the net yet: it is made with them."),
    )
    name_field = forms.ChoiceField(
        label=gettext_lazy("Attribute with the name"), required=False, help_text=gettext_lazy("Without it, areas keep the name they have.")
    )
    name_prefix = forms.CharField(label=gettext_lazy("Words before every name"), required=False, max_length=30, strip=False)
    crs = forms.CharField(
        label=gettext_lazy("Coordinate system"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Such as EPSG:4548. Empty: what the file says."),
        widget=forms.TextInput({"list": "systems", "autocomplete": "off", "spellcheck": "false"}),
    )
    datum = forms.ChoiceField(label=gettext_lazy("Longitudes and latitudes are"), choices=DatumChoice.choices)
    encoding = forms.ChoiceField(label=gettext_lazy("Text of a Shapefile is written in"), choices=Encoding.choices, required=False)
    mend = forms.BooleanField(label=gettext_lazy("Mend borders that cross themselves, leave out heights"), required=False)
    save_as = forms.CharField(label=gettext_lazy("Keep this choice under a name"), required=False, max_length=60)

    def __init__(self, *args: Any, run: BoundaryImport, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offered = [(name, name) for name in run.fields]
        for name, empty in (("code_field", _("choose")), ("parent_field", _("none")), ("name_field", _("none"))):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", empty), *offered]
        if not run.stated_crs:
            self.fields["crs"].required = True
            self.fields["crs"].help_text = _("The file does not say it. Such as EPSG:4548.")

    def choice(self) -> Choice:
        """What was chosen."""
        return Choice(**{name: value for name, value in self.cleaned_data.items() if name != "save_as"})


class StartForm(ActionForm):
    accept = forms.BooleanField(label=gettext_lazy("I have looked at the findings and accept them"), required=False)
