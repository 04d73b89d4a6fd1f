"""Warnings over HTTP from other systems: `POST /api/antifraud/warnings`. The source is the system's own code, whatever its rows say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongshan_portal.exchange.intake.public import Intake, RowProblem, Sender, Taken, fields
from tongshan_portal.exchange.public import Outcome

from .actions.receiving import receive_warnings
from .enums import Grade
from .imports import FACTS, NUMBER, warning_of

KINDS = {
    "happened_at": {"type": "string", "format": "date-time"},
    "grade": {"type": "string", "enum": Grade.values},
    "amount": {"type": ["number", "string"]},
}
parse_row, schema = fields.by_columns((NUMBER, *FACTS), KINDS)


def write_rows(sender: Sender, rows: Sequence[Mapping[str, Any]], now: datetime) -> list[Taken | RowProblem]:
    """Take the good ones in; say of the others why not. A system that is set up for one area states no area outside it."""
    answers: list[Taken | RowProblem | None] = [
        RowProblem("area_code", _("The area lies outside what this system sends of."))
        if row["area_code"] and not row["area_code"].startswith(sender.area_code)
        else None
        for row in rows
    ]
    places = [place for place, answer in enumerate(answers) if answer is None]
    warnings = [warning_of(rows[place]) for place in places]
    received = receive_warnings(actor=sender.actor, source=sender.origin, rows=warnings, now=now)
    refused = {places[one.index]: RowProblem(one.field, one.sentence) for one in received.rejected}
    named: set[str] = set()
    for place, warning in zip(places, warnings, strict=True):
        code = received.alert_of.get(warning.external_id)
        fresh = code is not None and warning.external_id not in named
        named.add(warning.external_id)
        answers[place] = refused.get(place) or Taken(Outcome.CREATED if fresh else Outcome.UNCHANGED, code or "")
    return [answer for answer in answers if answer is not None]


WARNINGS = Intake("antifraud_warnings", "antifraud/warnings", gettext_lazy("Fraud warnings"), parse_row, write_rows, schema)
