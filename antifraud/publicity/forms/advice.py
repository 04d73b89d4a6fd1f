"""The forms of the dictionary of advice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongshan_portal.ui.forms import ActionForm

from ..models import AdviceText
from ..models.advice import CODE


class AdviceForm(ActionForm):
    """Every part in both languages; how, signs and what to do one item a line."""

    title_zh = forms.CharField(label=_("Name, Chinese"), max_length=40)
    title_en = forms.CharField(label=_("Name, English"), max_length=80)
    summary_zh = forms.CharField(label=_("In one sentence, Chinese"), max_length=120)
    summary_en = forms.CharField(label=_("In one sentence, English"), max_length=240)
    how_zh = forms.CharField(
        label=_("How it goes, Chinese"), max_length=800, widget=forms.Textarea({"rows": 4}), help_text=_("One item per line.")
    )
    how_en = forms.CharField(label=_("How it goes, English"), max_length=1600, widget=forms.Textarea({"rows": 4}))
    signs_zh = forms.CharField(label=_("By what you know it, Chinese"), max_length=800, widget=forms.Textarea({"rows": 4}))
    signs_en = forms.CharField(label=_("By what you know it, English"), max_length=1600, widget=forms.Textarea({"rows": 4}))
    now_zh = forms.CharField(label=_("What to do now, Chinese"), max_length=800, widget=forms.Textarea({"rows": 5}))
    now_en = forms.CharField(label=_("What to do now, English"), max_length=1600, widget=forms.Textarea({"rows": 5}))
    in_use = forms.BooleanField(label=_("In use"), required=False)
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NewAdviceForm(AdviceForm):
    """A further type, with its code."""

    code = forms.CharField(
        label=_("Code"), max_length=40, validators=[CODE], help_text=_("Part of its address and of its posters: it never changes.")
    )
    field_order = ("code",)


class UnitForm(ActionForm):
    """Who issues posters and notices."""

    name_zh = forms.CharField(label=_("Issuing unit, Chinese"), max_length=60)
    name_en = forms.CharField(label=_("Issuing unit, English"), max_length=120)


def initial_of(text: AdviceText, in_use: bool) -> dict[str, Any]:
    """A version as the form shows it."""
    kept = {name: getattr(text, name) for name in AdviceForm.base_fields if hasattr(text, name)}
    return {**kept, "in_use": in_use, "expected": text.version}
