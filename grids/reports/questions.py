"""What a category asks when a report is filed: its own questions and those of the categories above it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError

from .enums import AnswerKind
from .models import Category, Question, Report
from .routing import lineage

MAX_TEXT = 500
PREFIX = "answer_"
"""Before a question's code stands this in the names of a form's fields."""

YES, NO = "yes", "no"


def questions_of(category: Category | None) -> list[Question]:
    """What is asked for a category, the most general first. A code that occurs twice is asked once, in the nearest words."""
    kinds = lineage(category)
    rows = Question.objects.filter(category_id__in=kinds, in_use=True).order_by("order", "id") if kinds else []
    found: dict[str, Question] = {}
    for row in sorted(rows, key=lambda row: (-kinds.index(row.category_id), row.order, row.pk)):
        found[row.code] = row
    return list(found.values())


def choices_of(question: Question) -> list[tuple[str, str]]:
    """(code, words) of what a question offers, in the reader's language."""
    if question.kind == AnswerKind.YES_NO:
        return [(YES, _("yes")), (NO, _("no"))]
    tongue = "zh" if (get_language() or "").startswith("zh") else "en"
    return [(str(one["code"]), str(one.get(tongue) or one["code"])) for one in question.choices]


def checked(category: Category | None, given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Answers as they are kept: code → value and the version of the question that was answered. What nobody asked is left out.

    Values are text, a number as text ("2.5"), "yes" or "no", or the code of a choice. Raises DomainError (field `answer_<code>`).
    """
    kept = {}
    for question in questions_of(category):
        value = _value(question, given.get(question.code))
        if value is not None:
            kept[question.code] = {"value": value, "version": question.version}
        elif question.required:
            raise DomainError(_("Please answer: %(question)s") % {"question": question}, PREFIX + question.code)
    return kept


def in_words(row: Report) -> list[tuple[str, str]]:
    """(question, answer) of a report in the reader's language, also of questions that are out of use by now."""
    if not row.answers:
        return []
    rows = Question.objects.filter(code__in=row.answers)
    kinds = lineage(row.category)
    # The category may have been changed since: the nearest question of this code, then any.
    rank = {pk: place for place, pk in enumerate(kinds)}
    known: dict[str, Question] = {}
    for question in sorted(rows, key=lambda one: (rank.get(one.category_id, len(kinds)), one.pk)):
        known.setdefault(question.code, question)
    return [(str(known.get(code, code)), _words(known.get(code), str(answer["value"]))) for code, answer in row.answers.items()]


def _words(question: Question | None, value: str) -> str:
    return dict(choices_of(question)).get(value, value) if question else value


def _value(question: Question, given: Any) -> str | None:
    """One answer in its kept form; None where nothing was said."""
    text = str(given if given is not None else "").strip()
    if not text:
        return None
    field = PREFIX + question.code
    if question.kind == AnswerKind.NUMBER:
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= 10**12:
            raise DomainError(_("A number is asked for: %(question)s") % {"question": question}, field)
        return format(number.normalize(), "f")
    if question.kind in (AnswerKind.CHOICE, AnswerKind.YES_NO):
        if text not in dict(choices_of(question)):
            raise DomainError(_("Choose one of the answers: %(question)s") % {"question": question}, field)
        return text
    if len(text) > MAX_TEXT:
        raise DomainError(_("At most %(number)s characters: %(question)s") % {"number": MAX_TEXT, "question": question}, field)
    return text
