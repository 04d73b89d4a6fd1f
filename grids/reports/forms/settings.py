"""The forms of the dictionaries in Django's admin: what could never work is refused before it is stored."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..enums import AnswerKind, Desk
from ..models import DispatchRule, Question
from ..rules import in_order, why_never


class ChoicesField(forms.CharField):
    """The choices of a question, one a line: code | Chinese | English."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 40})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{one['code']} | {one['zh']} | {one['en']}" for one in value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return "".join((self.prepare_value(initial) or "").split()) != "".join((data or "").split())

    def to_python(self, value: Any) -> list[dict[str, str]]:  # type: ignore[override]
        found = []
        for line in filter(str.strip, (value or "").splitlines()):
            parts = [part.strip() for part in line.split("|")]
            if len(parts) != 3 or not all(parts):
                raise ValidationError(_("Write each choice on a line of its own: code | Chinese | English."))
            found.append(dict(zip(("code", "zh", "en"), parts, strict=True)))
        if len({one["code"] for one in found}) < len(found):
            raise ValidationError(_("Two choices have the same code."))
        return found

    def validate(self, value: Any) -> None:
        """Which questions need choices the form knows."""

    def run_validators(self, value: Any) -> None:
        """Its lines were read above."""


class QuestionForm(forms.ModelForm):
    """A question: "one of several" has choices, the other kinds have none."""

    choices = ChoicesField(label=gettext_lazy("choices"), required=False, help_text=gettext_lazy("One a line: code | Chinese | English."))

    class Meta:
        model = Question
        fields = ("order", "code", "label_zh", "label_en", "kind", "choices", "required", "in_use")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wants = given.get("kind") == AnswerKind.CHOICE
        if wants and len(given.get("choices") or []) < 2 and "choices" not in self.errors:
            self.add_error("choices", _("Give at least two choices."))
        elif not wants and given.get("choices"):
            self.add_error("choices", _("Only “one of several” has choices."))
        return given


class DispatchRuleForm(forms.ModelForm):
    """A rule in use that can never match is refused with the reason."""

    class Meta:
        model = DispatchRule
        fields = ("order", "name", "category", "area_code", "hours", "desk", "department", "in_use")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        if given["desk"] == Desk.DEPARTMENT and given["department"] is None:
            self.add_error("department", _("Say which department."))
        elif given["in_use"]:
            rule = DispatchRule(pk=self.instance.pk, **given)
            before, _after = in_order(rule)
            sentence = why_never(rule, before)
            if sentence:
                raise ValidationError(sentence)
        return given
