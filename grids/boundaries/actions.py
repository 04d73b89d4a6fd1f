"""What a person does with a file of boundaries, and the writing itself: all of a level in one transaction, or nothing."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import shapely
from django.core.files import File
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from grids.areas.codes import Level, parent_of
from grids.areas.models import Area
from grids.areas.shapes import reading
from grids.areas.writing import write_shapes
from grids.net.actions import list_areas
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.exchange.long_work import SavedMapping, wake
from tongshan_portal.kernel import clock, queues
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import Line, record, record_many

from .enums import WORKING
from .judging import Choice, Plan
from .models import BoundaryImport
from .workflow import STEPS

ACTION = "areas.change"
MAPPINGS = "boundaries"
"""The name under which saved choices are kept among the saved mappings of imports."""


def upload_boundaries(*, actor: Actor, file: BinaryIO, name: str, size: int) -> BoundaryImport:
    """Take a file in and read what it says of itself. Raises DomainError for what holds no boundaries, and keeps nothing."""
    require(actor, ACTION)
    if size > reading.MAX_BYTES:
        message = _("The file has %(size)d MB; at most %(limit)d MB can be read.")
        raise DomainError(message % {"size": size >> 20, "limit": reading.MAX_BYTES >> 20}, field="file")
    run = BoundaryImport(
        created_by_id=actor.user_id, created_at=clock.now(), language=get_language() or "", file_name=name[-200:], file_size=size
    )
    run.file.save(name, File(file), save=False)
    try:
        source = reading.inspect(Path(run.file.path))
        if not source.count:
            raise DomainError(_("The file has no features."), field="file")
    except DomainError:
        run.file.storage.delete(run.file.name)
        raise
    run.fields, run.features, run.stated_crs = list(source.fields), source.count, source.crs or ""
    with transaction.atomic():
        run.save(force_insert=True)
        record(actor=actor, verb="boundary_file.uploaded", row=run, detail={"bytes": size, "features": source.count})
    return run


def _locked(actor: Actor, run_id: UUID) -> BoundaryImport:
    """The actor's own import, locked, with the right to change the net required anew."""
    require(actor, ACTION)
    return BoundaryImport.objects.visible_to(actor.scope).select_for_update().get(pk=run_id)


def _step(run: BoundaryImport, verb: str, **values: Any) -> None:
    """Take a step; whoever works on the run stops before its next sign of life."""
    run.state = STEPS.find(run.state, verb).target(run.state)
    run.worker, run.heartbeat_at, run.attempts, run.error = None, clock.now(), 0, ""
    run.step, run.done, run.total = "", 0, 0
    for name, value in values.items():
        setattr(run, name, value)
    run.save()
    if run.state in WORKING:
        wake(queues.RUN_BOUNDARIES, run.pk)


@transaction.atomic
def check_boundaries(*, actor: Actor, run_id: UUID, choice: Choice) -> BoundaryImport:
    """Say what the file is, and have all of it judged; nothing is written. Raises DomainError naming the field that is wrong."""
    run = _locked(actor, run_id)
    _require_sense(run, choice)
    _step(run, "check", choice=asdict(choice), refusals=[], findings=[], sketch={}, started_at=clock.now())
    return run


def _require_sense(run: BoundaryImport, choice: Choice) -> None:
    for name in ("code_field", "parent_field", "name_field"):
        value = getattr(choice, name)
        if value and value not in run.fields:
            raise DomainError(_("The file has no attribute “%(name)s”.") % {"name": value}, field=name)
    if not choice.code_field:
        raise DomainError(_("Say which attribute holds the code."), field="code_field")
    if choice.crs:
        reading.require_system(choice.crs)
    elif not run.stated_crs:
        raise DomainError(_("The file does not say which coordinate system its coordinates are in: state it."), field="crs")


@transaction.atomic
def start_boundaries(*, actor: Actor, run_id: UUID, accept: bool = False) -> BoundaryImport:
    """Write the level. Findings are accepted by name of whoever starts; refusals cannot be. Started twice it runs once."""
    run = _locked(actor, run_id)
    STEPS.find(run.state, "start")
    if run.refusals:
        raise DomainError(
            _("All of a level is written, or nothing; features that cannot be taken: %(count)d.") % {"count": len(run.refusals)}
        )
    if run.findings and not accept:
        raise DomainError(_("Look at the findings and accept them first (%(count)d).") % {"count": len(run.findings)}, field="accept")
    _step(run, "start", started_at=clock.now())
    detail = {"areas": run.features, "level": run.choice.get("level"), "accepted": len(run.findings)}
    record(actor=actor, verb="boundary_import.started", row=run, detail=detail)
    return run


@transaction.atomic
def stop_boundaries(*, actor: Actor, run_id: UUID) -> BoundaryImport:
    """End for good; the file is deleted. What is being written is not written."""
    run = _locked(actor, run_id)
    _step(run, "stop", finished_at=clock.now())
    forget_file(run)
    record(actor=actor, verb="boundary_import.stopped", row=run)
    return run


def forget_file(run: BoundaryImport) -> None:
    """Delete the file when the transaction commits."""
    if run.file:
        storage, name = run.file.storage, run.file.name
        run.file = ""
        run.save(update_fields=["file"])
        transaction.on_commit(lambda: storage.delete(name))


def save_choice(*, actor: Actor, name: str, choice: Choice) -> SavedMapping:
    """Keep a choice under a name; the same name again replaces it."""
    require(actor, ACTION)
    saved, _created = SavedMapping.objects.update_or_create(
        created_by_id=actor.user_id, importer=MAPPINGS, name=name.strip()[:60], defaults={"headings": asdict(choice)}
    )
    return saved


def write_plan(*, actor: Actor, run: BoundaryImport, choice: Choice, plan: Plan) -> None:
    """Write every area of a plan with its ground, in the caller's transaction. Raises NotAllowed, DomainError when refused."""
    parents = Area.objects.filter(pk__in={parent_of(one.code) for one in plan.candidates})
    require(actor, ACTION)
    for parent in parents:
        require(actor, ACTION, parent)
    if plan.refusals:
        raise DomainError(plan.refusals[0].words)
    names = {one.code: one.name for one in plan.candidates}
    grounds = {one.code: one.shape for one in plan.candidates if one.code in plan.created | plan.changed}
    district = choice.parent_code.strip()
    if Level(choice.level) is Level.TOWN and choice.district_name.strip() and not Area.objects.filter(pk=district).exists():
        names = {district: choice.district_name.strip(), **names}
        grounds[district] = shapely.union_all([one.shape for one in plan.candidates])
    list_areas(actor=actor, rows=list(names.items()))
    write_shapes(grounds.items(), source=str(run), at=clock.now())
    redrawn = sorted(plan.changed - plan.created)
    record_many(actor=actor, verb="area.redrawn", lines=(Line(Area(code, names[code]), code) for code in redrawn))


def counts(run: BoundaryImport) -> Mapping[str, int]:
    """The counts as the ledger keeps them."""
    return {"new": run.created_areas, "changed": run.changed_areas, "unchanged": run.unchanged_areas, "level": run.choice.get("level", 0)}
