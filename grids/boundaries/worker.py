"""The worker's side of an import of boundaries: claim it, judge the file, write the level in one transaction.

A kill while judging costs the judging; a kill while writing leaves nothing written. The next worker begins again.
"""

import logging
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from grids.areas.names import kept as names_kept
from grids.net.findings import sentence
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.exchange.long_work import Superseded, alive, claim, given_up
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record
from tongshan_portal.live.public import notify_person

from .actions import counts, forget_file, write_plan
from .enums import WORKING, BoundaryState, Step
from .judging import Choice, Plan, prepare, sketch_of
from .models import BoundaryImport
from .workflow import STEPS

log = logging.getLogger(__name__)
KEPT = 2_000
"""Refusals and findings that are kept of one file."""


def run_boundaries(run_id: UUID) -> None:
    """Work on an import until it is checked, written, stopped or somebody else's. Any number of calls at any time do no harm."""
    run = claim(BoundaryImport, run_id, WORKING)
    if run is None:
        return
    with translation.override(run.language or None):
        try:
            if given_up(run):
                raise DomainError(_("The work ended without a result several times."))
            _work(run)
        except Superseded:
            return
        except DomainError as error:
            _finish(run, "fail", error=str(error))
        except (OperationalError, InterfaceError):
            raise  # the database is away: the run stays as it is, and the sweep finds it
        except Exception:
            log.exception("import of boundaries %s failed", run.pk)
            words = _("Something went wrong in the portal itself. Try again; if it happens again, tell the administrators the time.")
            _finish(run, "fail", error=words)


def _work(run: BoundaryImport) -> None:
    choice = Choice.of(run.choice)
    plan = prepare(Path(run.file.path), choice, _reporter(run))
    numbers = {
        "created_areas": len(plan.created),
        "changed_areas": len((plan.changed | set(plan.renamed)) - plan.created),
        "unchanged_areas": plan.unchanged,
        "left_areas": plan.left,
    }
    if run.state == BoundaryState.CHECKING:
        _finish(run, "finish_check", **numbers, **_judgement(plan))
        return
    alive(run, step=Step.WRITING, done=0, total=len(plan.candidates))
    with transaction.atomic():
        write_plan(actor=actor_for(run.created_by), run=run, choice=choice, plan=plan)
        _finish(run, "finish", **numbers)


def _reporter(run: BoundaryImport) -> Any:
    """Writes progress at most twice a second, and notices there that somebody stopped the run."""
    last = {"step": None, "at": 0.0}

    def report(step: Step, done: int, total: int) -> None:
        if step != last["step"] or time.monotonic() - last["at"] > 0.5:
            last.update(step=step, at=time.monotonic())
            alive(run, step=step, done=done, total=total)

    return report


def _judgement(plan: Plan) -> dict[str, Any]:
    """Refusals and findings as they are kept: sentences in the reader's language, with a place each."""
    known = {**names_kept.get(), **{one.code: one.name for one in plan.candidates}}
    refusals = [{"row": one.number, "code": one.code, "words": one.words, **_place(one.where)} for one in plan.refusals[:KEPT]]
    numbers = {one.code: one.number for one in plan.candidates}
    findings = [
        {
            "row": numbers.get(one.code) or numbers.get(one.other, 0),
            "code": one.code,
            "fault": one.fault.value,
            "words": sentence(one, known),
            **_place(one.where),
        }
        for one in plan.findings[:KEPT]
    ]
    return {"refusals": refusals, "findings": findings, "sketch": sketch_of(plan)}


def _place(where: Any) -> dict[str, float]:
    if where is None or where.is_empty:
        return {}
    point = where.representative_point()
    return {"lon": round(point.x, 6), "lat": round(point.y, 6)} if abs(point.x) <= 180 and abs(point.y) <= 90 else {}


def _finish(run: BoundaryImport, verb: str, **values: Any) -> None:
    """Take the last step, tell the ledger and the person. Raises Superseded when the run is another's by now."""
    with transaction.atomic():
        locked = BoundaryImport.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=run.pk)
        if (locked.worker, locked.state) != (run.worker, run.state):
            raise Superseded
        before = locked.state
        locked.state = STEPS.find(locked.state, verb).target(locked.state)
        locked.worker, locked.step = None, ""
        for name, value in values.items():
            setattr(locked, name, value)
        if locked.state == BoundaryState.FINISHED:
            locked.finished_at = clock.now()
        locked.save()
        actor = actor_for(locked.created_by)
        if verb == "finish":
            forget_file(locked)
            record(actor=actor, verb="areas.imported", row=locked, detail=counts(locked))
        elif verb == "fail" and before == BoundaryState.RUNNING:
            record(actor=actor, verb="boundary_import.failed", row=locked, reason=locked.error[:500])
        link = reverse("boundaries:show", kwargs={"run_id": locked.pk})
        notify_person(user_id=locked.created_by_id, kind=f"boundaries.{locked.state}", params={}, link=link)
