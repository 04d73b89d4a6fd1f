"""The form of a verb: what the table asks for, and what belongs to the verb itself."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.people.fields import AreaField
from tongshan_portal.ui.forms import ActionForm, day_input, moment_input
from tongshan_portal.workflow.transitions import Need, Transition

from ..enums import Satisfaction, Urgency
from ..models import Category, Report
from ..queries.parts import parts_open_to
from ..routing import desks_below, others_for, people_of, recipients_for

Fields = Iterator[tuple[str, forms.Field]]

RECIPIENTS: dict[str, Callable[[Report], list[tuple[Any, str]]]] = {
    "send_down": desks_below,
    "transfer": others_for,
    "ask_co_handling": others_for,
    "give_sub_task": people_of,
}
"""To whom a verb may lead, where it is not everybody."""

WORDS = {
    "ask_co_handling": _("What is asked of this desk"),
    "give_sub_task": _("What is to be done"),
    "split_off": _("What the part is about, in one sentence"),
    "supervise": _("What must be answered"),
}
"""What the sentence of a verb is about, where it is not a reason."""


class StepForm(ActionForm):
    """What a verb needs."""

    def __init__(self, *args: Any, transition: Transition, row: Report, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        before = BEFORE.get(transition.verb)
        if before is not None:
            self.fields.update(before(row, transition, actor))
        for need in transition.needs:
            self.fields.update(NEEDS[need](row, transition, actor))
        after = AFTER.get(transition.verb)
        if after is not None:
            self.fields.update(after(row, transition, actor))


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def _recipient(row: Report, transition: Transition, _actor: Actor) -> Fields:
    if transition.verb == "merge":
        yield "recipient", forms.CharField(label=_("Code of the other report"), max_length=20)
    else:
        yield "recipient", forms.ChoiceField(label=_("To whom"), choices=RECIPIENTS.get(transition.verb, recipients_for)(row))


def _area(_row: Report, _transition: Transition, _actor: Actor) -> Fields:
    yield "area", AreaField(label=_("Grid, village or town"))


def _category(row: Report, _transition: Transition, _actor: Actor) -> Fields:
    known = Category.objects.filter(in_use=True)
    yield "category", forms.ModelChoiceField(label=_("Category"), queryset=known, initial=row.category_id)
    urgencies = [("", _("as the category says")), *Urgency.choices]
    yield "urgency", forms.ChoiceField(label=_("Urgency"), required=False, choices=urgencies)


def _result(_row: Report, _transition: Transition, _actor: Actor) -> Fields:
    yield "result", forms.CharField(label=_("What was done"), max_length=4000, widget=_text(4))


def _reason(_row: Report, transition: Transition, _actor: Actor) -> Fields:
    longest = 120 if transition.verb == "split_off" else 500  # the title of the new report
    yield "reason", forms.CharField(label=WORDS.get(transition.verb, _("Reason")), max_length=longest, widget=_text(3))


def _until(_row: Report, _transition: Transition, _actor: Actor) -> Fields:
    help_text = _("The clocks stand still until this day begins, and then run again by themselves.")
    yield "until", forms.DateField(label=_("Until"), widget=day_input(), help_text=help_text)


def _amount(_row: Report, _transition: Transition, _actor: Actor) -> Fields:
    yield "amount", forms.IntegerField(label=_("How much more, in the unit of the time limit"), min_value=1, max_value=365)


def _part(row: Report, transition: Transition, actor: Actor) -> Fields:
    """Which of several; where there is one, nobody is asked."""
    able = parts_open_to(actor, row, transition.verb)
    one = len(able) == 1
    widget: Any = forms.HiddenInput if one else forms.Select
    yield "part", forms.ChoiceField(label=_("Which one"), choices=able, widget=widget, initial=able[0][0] if one else None)


def _due(_row: Report, transition: Transition, _actor: Actor) -> Fields:
    help_text = _("Empty: as the time limits say.") if transition.verb == "supervise" else ""
    yield "due_at", forms.DateTimeField(label=_("By when"), required=False, widget=moment_input(), help_text=help_text)


def _key(_row: Report, _transition: Transition, _actor: Actor) -> Fields:
    yield "key", forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


def _answer(row: Report, _transition: Transition, _actor: Actor) -> Fields:
    words = _("The resident reads it on her own page, in plain words.") if row.somebody_waits else _("Nobody waits: it may stay empty.")
    yield (
        "answer",
        forms.CharField(
            label=_("Answer to whoever raised it"),
            max_length=4000,
            widget=_text(4),
            required=row.somebody_waits,
            initial=row.resolution,
            help_text=words,
        ),
    )


def _call(_row: Report, _transition: Transition, _actor: Actor) -> Fields:
    yield (
        "reached",
        forms.TypedChoiceField(
            label=_("Was anybody reached?"),
            choices=[("yes", _("yes")), ("no", _("no"))],
            coerce=lambda word: word == "yes",
            widget=forms.RadioSelect,
        ),
    )
    said = [("", _("nothing about it")), *Satisfaction.choices]
    yield "satisfaction", forms.ChoiceField(label=_("What the resident says"), required=False, choices=said)
    yield "note", forms.CharField(label=_("Note"), required=False, max_length=1000, widget=_text(3))


NEEDS = {
    Need.RECIPIENT: _recipient,
    Need.AREA: _area,
    Need.CATEGORY: _category,
    Need.RESULT: _result,
    Need.UNTIL: _until,
    Need.REASON: _reason,
}
BEFORE = {
    "ask_extension": _amount,
    "accept_co_handling": _part,
    "refuse_co_handling": _part,
    "finish_co_handling": _part,
    "drop_co_handling": _part,
    "finish_sub_task": _part,
    "close": _answer,
    "make_return_call": _call,
}
AFTER = {"give_sub_task": _due, "supervise": _due, "split_off": _key}
