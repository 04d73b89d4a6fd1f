"""A changed time limit reaches clocks that run only when an officer says so; what happened to them stays."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record
from tongshan_portal.workflow.clocks import Clock

from .. import deadlines, hearing
from ..enums import LIVING, STAGE_OF, Stage
from ..models import Report, ReportStep, TimePolicy
from ..workflow import DONE

CHUNK = 200
COLUMNS = {
    "clock": "jsonb",
    "due_at": "timestamptz",
    "climbed": "smallint",
    "rung_at": "timestamptz",
    "total": "jsonb",
    "deadline_at": "timestamptz",
}
"""What a changed limit moves in a report, with the types of the columns."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How many clocks run under the policy now, and how many were left as they are: their extensions are in another unit."""

    changed: int
    left: int


def apply_policy(*, actor: Actor, policy_id: int, now: datetime | None = None) -> Applied:
    """Put every running clock for which the policy holds under it: start, pauses and extensions stay, stopped clocks do not change.

    Chunk by chunk, each a transaction; a second call goes on where a first one was interrupted. Raises NotAllowed, DomainError.
    """
    require(actor, "reports.configure")
    now = now or clock.now()
    policy = TimePolicy.objects.get(pk=policy_id)
    if policy.stage in (Stage.RATE, Stage.ORDER):
        raise DomainError(_("No clock runs for this stage: the limit holds from the next time on."))
    changed = left = after = 0  # of all chunks; the ledger has an entry of each
    while chunk := _keys(policy, after):
        one = _apply(actor, policy, chunk, now)
        changed, left, after = changed + one.changed, left + one.left, chunk[-1]
    return Applied(changed, left)


def _keys(policy: TimePolicy, after: int) -> list[int]:
    states = LIVING if policy.stage == Stage.TOTAL else [state for state, stage in STAGE_OF.items() if stage == policy.stage]
    rows = Report.objects.unscoped("a limit holds for the whole district").filter(state__in=states, pk__gt=after)
    if policy.category_id is not None:
        rows = rows.filter(category_id=policy.category_id)
    if policy.urgency:
        rows = rows.filter(urgency=policy.urgency)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])


@transaction.atomic
def _apply(actor: Actor, policy: TimePolicy, keys: list[int], now: datetime) -> Applied:
    name, rivals = deadlines.name_of(policy), list(TimePolicy.objects.filter(stage=policy.stage))
    rows = Report.objects.unscoped("as its keys").select_for_update(of=("self",)).filter(pk__in=keys).select_related("category")
    changed, left = [], 0
    for row in rows.order_by("pk"):
        held = deadlines.most_exact(rivals, row.category_id, row.urgency)
        running = _running(row, policy.stage)
        if held is None or held.pk != policy.pk or running is None or running.policy == name:
            continue
        try:
            _keep(row, policy.stage, running.under(deadlines.limit_of(policy), name), now)
        except DomainError:
            left += 1
            continue
        changed.append(row)
    _store(changed, now)
    _write(actor, policy, changed, now)
    if changed or left:
        record(actor=actor, verb="report_settings.applied", row=policy, detail={"changed": len(changed), "left": left})
    return Applied(len(changed), left)


def _running(row: Report, stage: str) -> Clock | None:
    """The clock of the stage, if it runs in the row's present state."""
    hop = row.clock_now() if STAGE_OF.get(row.state) == stage else None  # type: ignore[call-overload]
    found = row.total_clock() if stage == Stage.TOTAL else hop
    return found if found is not None and found.stopped_at is None else None


def _keep(row: Report, stage: str, held: Clock, now: datetime) -> None:
    if stage == Stage.TOTAL:
        deadlines.keep_total(row, held)
        return
    due, climbed = row.due_at, row.climbed
    deadlines.keep(row, held)
    if row.due_at == due:  # the same moment: what was told is not told again
        deadlines.stay_on_rung(row, climbed)


def _store(rows: list[Report], now: datetime) -> None:
    """One statement for a chunk: Django's own bulk_update takes eight times as long to word it."""
    given = [{name: getattr(row, name) for name in ("id", *COLUMNS)} for row in rows]
    sets = ", ".join(f"{name} = given.{name}" for name in COLUMNS)
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE reports_report SET {sets}, changed_at = %s "  # noqa: S608 - names of this file alone
            f"FROM jsonb_to_recordset(%s::jsonb) AS given(id bigint, {columns}) WHERE reports_report.id = given.id",
            [now, json.dumps(given, default=str)],
        )


def _write(actor: Actor, policy: TimePolicy, rows: list[Report], now: datetime) -> None:
    """In the course of each report, and on the live path; the ledger has one entry for the chunk."""
    words = str(policy)[:120]
    ReportStep.objects.bulk_create(
        ReportStep(
            report=row,
            area_code=row.area_code,
            verb="apply_limit",
            from_state=row.state,
            to_state=row.state,
            at=now,
            actor_id=actor.user_id,
            actor_label=actor.name,
            recipient=words,
        )
        for row in rows
    )
    hearing.announce_all(rows, DONE["apply_limit"])
