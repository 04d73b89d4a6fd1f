"""The fields of a category's questions, named `answer_<code>`. What they answer is judged by the action."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import AnswerKind
from ..models import Category
from ..questions import PREFIX, choices_of, questions_of


class QuestionsForm(forms.Form):
    """What a category asks; empty where it asks nothing."""

    def __init__(self, *args: Any, category: Category | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for question in questions_of(category):
            words = {"label": str(question), "required": question.required}
            if question.kind == AnswerKind.NUMBER:
                field: forms.Field = forms.CharField(**words, max_length=20, widget=forms.TextInput({"inputmode": "decimal"}))
            elif question.kind in (AnswerKind.CHOICE, AnswerKind.YES_NO):
                field = forms.ChoiceField(**words, choices=[("", _("choose")), *choices_of(question)])
            else:
                field = forms.CharField(**words, max_length=500)
            self.fields[PREFIX + question.code] = field

    def given(self) -> dict[str, str]:
        """Question code → what was typed."""
        return {name.removeprefix(PREFIX): self.data.get(name, "") for name in self.fields}
