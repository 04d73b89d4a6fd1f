"""One report as its reader gets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grids.areas.names import path_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.parts import shown
from tongshan_portal.workflow.tables import Choice

from ..enums import TONES, ReportState
from ..models import Report, ReportStep
from ..workflow import STEPS
from .parts import Parts, parts_of
from .worklist import Line, desk_of, due_tone, lines_of


@dataclass(frozen=True, slots=True)
class Hop:
    """A step of the history in words."""

    step: ReportStep
    label: str | Promise
    state: str | Promise
    changed: bool
    who: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report as its reader gets it."""

    row: Report
    path: list[tuple[str, str]]
    state: str | Promise
    tone: str
    due_tone: str
    desk: str
    source: str
    is_paused: bool
    pause_reason: str
    hops: list[Hop]
    choices: list[Choice]
    parts: Parts
    similar: list[Line]
    reveal: Mapping[str, str]
    limit: str


def report_page(actor: Actor, row: Report) -> ReportPage:
    """Everything of a report that the reader may see; a constant number of questions."""
    labels = {item.verb: item.label for item in STEPS.transitions}
    hops = [
        Hop(
            step,
            labels.get(step.verb, _("File the report")),
            ReportState(step.to_state).label,
            step.from_state != step.to_state,
            shown(step.actor_label),
        )
        for step in ReportStep.objects.unscoped("the report itself was found by its reader's scope").filter(report=row).order_by("id")
    ]
    hop = row.clock_now()
    similar = Report.objects.visible_to(actor.scope).filter(found_under(row.area_code[:12]), category_id=row.category_id)
    may_reveal = can(actor, "reports.reveal", row)
    sealed = [name for name in ("contact", "phone") if getattr(row, name)]
    now = clock.now()
    return ReportPage(
        row=row,
        path=path_of(row.area_code),
        state=ReportState(row.state).label,
        tone=TONES[row.state],
        due_tone=due_tone(row, now),
        desk=desk_of(row),
        source=row.get_source_display(),
        is_paused=bool(hop and hop.is_paused),
        pause_reason=hop.pauses[-1].reason if hop and hop.is_paused else "",
        hops=hops,
        choices=[one for one in STEPS.available(row, partial(can, actor), actor.user_id) if not one.forbidden],
        parts=parts_of(actor, row),
        similar=lines_of(list(similar.exclude(pk=row.pk).select_related("category", "department").order_by("-filed_at")[:5]), now),
        reveal={name: reverse("audit:reveal", args=["reports.report", row.pk, name]) if may_reveal else "" for name in sealed},
        limit=f"{hop.limit.amount} {hop.limit.unit.label}" if hop else "",
    )
