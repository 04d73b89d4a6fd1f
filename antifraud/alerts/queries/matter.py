"""One alert as its reader gets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.functional import Promise

from grids.areas.names import path_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.parts import shown
from tongshan_portal.workflow.tables import Choice

from ..enums import TO_REACH, AlertState, Channel
from ..limits import limits_on
from ..models import AlertStep, Attempt, DissuasionTask, Escalation, FraudAlert, FraudWarning, GradePolicy, ReturnCall
from ..workflow import STEPS
from .queue import Line, lines_of

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
    hops: list[Hop]
    attempts: list[Attempt]
    warnings: list[FraudWarning]
    tasks: list[DissuasionTask]
    escalations: list[Escalation]
    return_calls: list[ReturnCall]
    of_person: list[Line]
    like_it: list[Line]
    reveal: Mapping[str, str]
    call_limit: str
    may_try: bool


def alert_page(actor: Actor, row: FraudAlert) -> AlertPage:
    """Everything of an alert that the reader may see; a constant number of questions."""
    now, labels = clock.now(), {item.verb: item.label for item in STEPS.transitions}
    steps = AlertStep.objects.unscoped(BELONGS).filter(alert=row).order_by("id")
    kept = row.clock_now()
    visible = FraudAlert.objects.visible_to(actor.scope).select_related("type", "assignee", "claimed_by").order_by("-received_at", "-id")
    near = visible.filter(found_under(row.area_code[:9]), type_id=row.type_id, source=row.source).exclude(phone_index=row.phone_index)
    may_reveal = can(actor, "alerts.reveal", row)
    sealed = [name for name in ("name", "phone", "address") if getattr(row, name)]
    choices = [one for one in STEPS.available(row, partial(can, actor), actor.user_id) if not one.forbidden]
    return AlertPage(
        row=row,
        line=lines_of([row], now)[0],
        path=path_of(row.area_code),
        stage=row.get_stage_display() if row.stage else "",
        policy=GradePolicy.objects.get(grade=row.grade),
        started=kept.started_at if kept else None,
        choices=[one for one in choices if one.transition.verb != "record_attempt"],
        hops=[
            Hop(step, labels[step.verb], AlertState(step.to_state).label, step.from_state != step.to_state, shown(step.actor_label))
            for step in steps
        ],
        attempts=list(Attempt.objects.unscoped(BELONGS).filter(alert=row).select_related("by").order_by("-at", "-id")),
        warnings=list(FraudWarning.objects.unscoped(BELONGS).filter(alert=row).select_related("type").order_by("-happened_at", "-id")[:50]),
        tasks=list(DissuasionTask.objects.unscoped(BELONGS).filter(alert=row).select_related("assignee").order_by("-id")),
        escalations=list(Escalation.objects.unscoped(BELONGS).filter(alert=row).select_related("by")),
        return_calls=list(ReturnCall.objects.unscoped(BELONGS).filter(alert=row).select_related("by")),
        of_person=lines_of(list(visible.of_person(row)[:RELATED]), now),
        like_it=lines_of(list(near[:RELATED]), now),
        reveal={name: reverse("audit:reveal", args=["alerts.fraudalert", row.pk, name]) if may_reveal else "" for name in sealed},
        call_limit=limits_on(row, Channel.CALL, now) if row.state in TO_REACH else "",
        may_try=any(one.possible for one in choices if one.transition.verb == "record_attempt"),
    )
