"""Forms of the exchange."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .conf import limit
from .enums import FileFormat
from .uploads import TOO_LARGE


class UploadForm(forms.Form):
    file = forms.FileField(label=_("File"), help_text=_("CSV, XLSX or GeoJSON. The first row holds the names of the columns."))

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, **kwargs)
        if request is not None and request.META.get(TOO_LARGE):
            sentence = _("The file is larger than %(size)d MB.") % {"size": limit("MAX_FILE_BYTES") >> 20}
            self.fields["file"].error_messages = {"required": sentence, "empty": sentence, "missing": sentence}


class MappingForm(forms.Form):
    """One choice per column of the importer; the fields are made from it."""

    save_as = forms.CharField(label=_("Keep this choice under a name"), max_length=60, required=False)

    def __init__(self, *args, names: list[str], width: int, **kwargs):
        super().__init__(*args, **kwargs)
        self._names = names
        for name in names:
            self.fields[f"column_{name}"] = forms.IntegerField(min_value=0, max_value=max(width - 1, 0), required=False)

    def mapping(self) -> dict[str, int]:
        chosen = {name: self.cleaned_data.get(f"column_{name}") for name in self._names}
        return {name: at for name, at in chosen.items() if at is not None}


class ExportForm(forms.Form):
    format = forms.ChoiceField(label=_("Format"), choices=[(FileFormat.XLSX, "Excel (XLSX)"), (FileFormat.CSV, "CSV (UTF-8)")])
    plain = forms.BooleanField(label=_("with sealed columns unmasked"), required=False)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
