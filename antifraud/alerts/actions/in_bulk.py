"""Doing one thing to many alerts of a wave: each through its own action and right, none that nobody has read as it is now.

What needs a judgement of each person (the outcome of a dissuasion, its check, closing) is never done in bulk.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.in_bulk import MOST, Outcome, Ticked, Unread, one_each, outcome_of

from ..desks import Roster
from ..enums import OPEN, Goes
from ..models import FraudAlert
from . import assigning, grading, messaging
from .opening import note_opening, was_read

EACH_OWN = "each:"
"""Before a kind of desk: of each alert the one that serves its place."""


def _recipient(text: str, row: FraudAlert) -> str:
    """A choice of `desks.recipients_for`; of `each:police` the desk that serves the place of this very alert. Raises DomainError."""
    kind = text.removeprefix(EACH_OWN)
    if kind == text or kind not in Goes.values:
        return text
    desk = Roster([row.area_code]).at(Goes(kind), row.area_code)
    if desk is None:
        raise DomainError(_("Nobody sits at this desk for its place."), field="recipient")
    return f"{desk.goes}:{desk.area_code}:{desk.assignee_id or ''}"


def _merge(actor: Actor, row: FraudAlert, data: Mapping[str, Any], now: datetime) -> FraudAlert:
    """Into the gravest, then the oldest, of the person's other open alerts. Raises DomainError where there is none."""
    others = FraudAlert.objects.visible_to(actor.scope).of_person(row).filter(state__in=OPEN)
    into = others.order_by("rank", "received_at", "id").values_list("code", flat=True).first()
    if into is None:
        raise DomainError(_("The person has no other open alert."))
    return assigning.merge(actor=actor, alert_id=row.pk, into_code=into, reason=data["reason"], now=now)


Deed = Callable[[Actor, FraudAlert, Mapping[str, Any], datetime], Any]

DEEDS: dict[str, Deed] = {
    "assign": lambda actor, row, data, now: assigning.assign(
        actor=actor, alert_id=row.pk, recipient=_recipient(data["recipient"], row), now=now
    ),
    "snooze": lambda actor, row, data, now: assigning.snooze(
        actor=actor, alert_id=row.pk, until=data["until"], reason=data["reason"], now=now
    ),
    "send_advice": lambda actor, row, data, now: messaging.send_advice(actor=actor, alert_id=row.pk, now=now),
    "call_off": lambda actor, row, data, now: grading.call_off(actor=actor, alert_id=row.pk, reason=data["reason"], now=now),
    "merge": _merge,
}
"""What may be done to many at once."""


def do_in_bulk(*, actor: Actor, verb: str, ticked: Iterable[Ticked], data: Mapping[str, Any], now: datetime | None = None) -> list[Outcome]:
    """Do `verb` to each ticked alert that the actor may see, one transaction per row; answers what came of each, in order.

    A row that changed since it was ticked, as by the first of two clicks, or that nobody has read since it changed, is refused.
    Raises KeyError for a verb that is never done in bulk, DomainError for too many rows.
    """
    deed, chosen = DEEDS[verb], one_each(ticked)
    if not chosen:
        raise DomainError(_("Tick at least one alert."))
    if len(chosen) > MOST:
        raise DomainError(_("At most %(most)d alerts at once.") % {"most": MOST})
    seen = FraudAlert.objects.visible_to(actor.scope).select_related("type").filter(code__in=[one.code for one in chosen])
    rows = {row.code: row for row in seen}
    return [_one(actor, deed, one, rows.get(one.code), data, now or clock.now()) for one in chosen]


def _one(actor: Actor, deed: Deed, ticked: Ticked, seen: FraudAlert | None, data: Mapping[str, Any], now: datetime) -> Outcome:
    if seen is None:
        return Outcome(ticked.code, "", False, _("There is no such alert for you."))

    def do() -> None:
        row = FraudAlert.objects.locked(pk=seen.pk)
        ticked.refuse_changed(row)
        if not was_read(row):
            raise Unread(_("Nobody has opened it since it last changed."))
        deed(actor, row, data, now)
        row.refresh_from_db(fields=["changed_at"])
        note_opening(actor=actor, row=row, now=now)  # what she did herself she knows

    return outcome_of(seen.code, str(seen.type), do)
