"""One alert as its reader gets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import Promise

from antifraud.registrations.public import delivery_of
from grids.areas.names import path_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.parts import shown
from tongshan_portal.workflow.tables import Choice

from ..enums import OPEN, TO_REACH, AlertState, Came, Channel, Grade
from ..limits import limits_on
from ..models import AlertStep, Attempt, DissuasionTask, Escalation, FraudAlert, FraudWarning, GradePolicy, ReturnCall
from ..workflow import STEPS
from .queue import Line, lines_of
from .waves import Wave, waves_in

BELONGS = "the alert itself was found by its reader's scope"
RELATED = 8


@dataclass(frozen=True, slots=True)
class Hop:
    """A step of the history in words."""

    step: AlertStep
    label: str | Promise
    state: str | Promise
    changed: bool
    who: str
    to: str | Promise

    @property
    def at(self) -> datetime:
        return self.step.at


@dataclass(frozen=True, slots=True)
class Joined:
    """Further warnings that came in together and joined the open alert: how many, and what that changed."""

    at: datetime
    came: str
    label: str | Promise
    number: int


@dataclass(frozen=True, slots=True)
class Opened:
    """The warning that opened the alert came in."""

    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Went:
    """The money went, at a time that is known; `went` is what that means, measured at the warning."""

    at: datetime
    went: str | Promise


Course = list[Hop | Joined | Opened | Went]


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt, and of one that the portal sent how far each message got."""

    row: Attempt
    sent: list[str]


@dataclass(frozen=True, slots=True)
class AlertPage:
    """One alert with what its reader may do, say and know."""

    row: FraudAlert
    line: Line
    path: list[tuple[str, str]]
    stage: str
    policy: GradePolicy
    started: datetime | None
    choices: list[Choice]
    course: Course
    attempts: list[Try]
    warnings: list[FraudWarning]
    tasks: list[DissuasionTask]
    escalations: list[Escalation]
    return_calls: list[ReturnCall]
    of_person: list[Line]
    like_it: list[Line]
    reveal: Mapping[str, str]
    call_limit: str
    may_try: bool
    earlier: Line | None
    later: list[Line]
    wave: Wave | None
    keeps_it: bool


def alert_page(actor: Actor, row: FraudAlert) -> AlertPage:
    """Everything of an alert that the reader may see; a constant number of questions."""
    now, labels = clock.now(), {item.verb: item.label for item in STEPS.transitions}
    steps = AlertStep.objects.unscoped(BELONGS).filter(alert=row).order_by("id")
    kept = row.clock_now()
    visible = FraudAlert.objects.visible_to(actor.scope).select_related("type", "assignee", "claimed_by").order_by("-received_at", "-id")
    near = visible.filter(found_under(row.area_code[:9]), type_id=row.type_id, source=row.source).exclude(phone_index=row.phone_index)
    may_reveal = can(actor, "alerts.reveal", row)
    choices = [one for one in STEPS.available(row, partial(can, actor), actor.user_id) if not one.forbidden]
    earlier = lines_of(list(visible.filter(pk=row.repeat_of_id)), now) if row.repeat_of_id else []
    waves = waves_in(visible.filter(state__in=OPEN, type_id=row.type_id, source=row.source), now) if row.state in OPEN else []
    return AlertPage(
        row=row,
        line=lines_of([row], now)[0],
        path=path_of(row.area_code),
        stage=row.get_stage_display() if row.stage else "",
        policy=GradePolicy.objects.get(grade=row.grade),
        started=kept.started_at if kept else None,
        choices=[one for one in choices if one.transition.verb != "record_attempt"],
        course=_course([_hop(step, labels) for step in steps], row),
        attempts=_tries(row),
        warnings=list(FraudWarning.objects.unscoped(BELONGS).filter(alert=row).select_related("type").order_by("-happened_at", "-id")[:50]),
        tasks=list(DissuasionTask.objects.unscoped(BELONGS).filter(alert=row).select_related("assignee").order_by("-id")),
        escalations=list(Escalation.objects.unscoped(BELONGS).filter(alert=row).select_related("by")),
        return_calls=list(ReturnCall.objects.unscoped(BELONGS).filter(alert=row).select_related("by")),
        of_person=lines_of(list(visible.of_person(row)[:RELATED]), now),
        like_it=lines_of(list(near[:RELATED]), now),
        reveal={
            name: reverse("audit:reveal", args=["alerts.fraudalert", row.pk, name]) if may_reveal and getattr(row, name) else ""
            for name in ("name", "phone", "address")
        },
        call_limit=limits_on(row, Channel.CALL, now) if row.state in TO_REACH else "",
        may_try=any(one.possible for one in choices if one.transition.verb == "record_attempt"),
        earlier=earlier[0] if earlier else None,
        later=lines_of(list(visible.filter(repeat_of=row)[:RELATED]), now),
        wave=next((wave for wave in waves if row.pk in wave.keys), None),
        keeps_it=row.claimed_by_id == actor.user_id and bool(row.claimed_until and row.claimed_until > now),
    )


def _hop(step: AlertStep, labels: Mapping[str, str | Promise]) -> Hop:
    to = Grade(step.recipient).label if step.verb == "regrade" and step.recipient else step.recipient
    return Hop(step, labels[step.verb], AlertState(step.to_state).label, step.from_state != step.to_state, shown(step.actor_label), to)


def _course(hops: list[Hop], row: FraudAlert) -> Course:
    """Warnings, steps and the money in order of time. That a warning joined, and what that did to the clock, belongs to the history."""
    came = FraudWarning.objects.unscoped(BELONGS).filter(alert=row).exclude(came=Came.OPENED)
    grouped = came.values("received_at", "came").annotate(number=Count("pk")).order_by("received_at")
    joined = [Joined(one["received_at"], one["came"], Came(one["came"]).label, one["number"]) for one in grouped]
    went = [Went(row.money_went_at, row.get_money_went_display())] if row.money_went_at else []
    return sorted([Opened(row.received_at, row.source), *went, *joined, *hops], key=lambda one: one.at)


def _tries(row: FraudAlert) -> list[Try]:
    """The attempts, the newest first; how far messages got is asked once for all."""
    attempts = list(Attempt.objects.unscoped(BELONGS).filter(alert=row).select_related("by").order_by("-at", "-id"))
    ids = [key for one in attempts for key in one.messages]
    states = delivery_of(ids) if ids else {}
    return [Try(one, [states[key] for key in one.messages if key in states]) for one in attempts]
