"""Widgets that are written in Python say what Django's templates say, but for white space between tags."""

import datetime
import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from tongshan_portal.ui.form_rendering import FormRenderer

CHOICES = [("", "全部"), ("a", "甲 <b>"), ("b", mark_safe("乙")), (3, "三")]
GROUPED = [("组 & 一", [("a", "甲"), ("b", "乙")]), ("", "无")]
WIDGETS = {
    "text": (forms.TextInput({"class": 'x"y', "required": True, "disabled": False, "maxlength": 5}), ["", None, "值 <i>", 7]),
    "search": (forms.TextInput({"type": "search"}), ["词"]),
    "number": (forms.NumberInput({"min": 0}), [0, 3.5]),
    "date": (forms.DateInput({"type": "date"}), [datetime.date(2026, 11, 23), "wrong"]),
    "hidden": (forms.HiddenInput(), ["k"]),
    "email": (forms.EmailInput(), ["a@b"]),
    "password": (forms.PasswordInput(), ["secret"]),
    "checkbox": (forms.CheckboxInput({"aria-describedby": "h"}), [True, False, "yes", None]),
    "select": (forms.Select({"id": "s"}, CHOICES), ["", "a", 3, None]),
    "grouped": (forms.Select({}, GROUPED), ["b"]),
    "several": (forms.SelectMultiple({}, CHOICES), [["a", "b"], None]),
    "yes or no": (forms.NullBooleanSelect(), [None, True]),
}


def tight(markup: str) -> str:
    """Without the white space between tags."""
    return re.sub(r">\s+<", "><", markup.strip())


@pytest.mark.parametrize("kind", WIDGETS)
def test_widget_is_written_as_its_template_writes_it(kind):
    widget, values = WIDGETS[kind]
    for value in values:
        ours, theirs = (widget.render("a&b", value, {"id": "id_1"}, renderer) for renderer in (FormRenderer(), DjangoTemplates()))
        assert tight(ours) == tight(theirs), value


def test_other_widgets_come_from_their_templates():
    widget = forms.RadioSelect(choices=CHOICES)
    ours, theirs = (widget.render("r", "a", {"id": "id_r"}, renderer=renderer) for renderer in (FormRenderer(), DjangoTemplates()))
    assert tight(ours) == tight(theirs)
