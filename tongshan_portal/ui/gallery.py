"""What the component gallery shows: synthetic values for every component. A test keeps it complete."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _

from tongshan_portal.kernel import clock

TONES = ("plain", "act", "bronze", "soon", "late", "done")


class ExampleForm(forms.Form):
    """One field of each kind."""

    sentence = forms.CharField(label=_("One sentence"), help_text=_("What was seen, and where."), max_length=60)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("a", "甲"), ("b", "乙")])
    words = forms.CharField(label=_("Note"), widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label=_("I have read this"), required=False)


class ExampleFilter(forms.Form):
    """The filters above a list."""

    words = forms.CharField(label=_("Words"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "–"), ("a", "甲")], required=False)
    late = forms.BooleanField(label=_("Overdue"), required=False)


def examples() -> dict:
    """The context of the gallery page."""
    wrong = ExampleForm({"sentence": "x" * 61, "kind": "c"})
    wrong.is_valid()
    now = clock.now()
    return {
        "tones": TONES,
        "form": ExampleForm(),
        "wrong_form": wrong,
        "filter_form": ExampleFilter({"kind": "a"}),
        "sealed": {"masked": "138****1234"},
        "past": now - timedelta(hours=3),
        "coming": now + timedelta(days=2),
        "pager": {"newer": "?before=x", "older": "?after=y"},
        "rows": [("TS-0001", _("Street light out"), "柳新镇"), ("TS-0002", _("Noise at night"), "徐州高新技术产业开发区")],
    }
