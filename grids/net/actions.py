"""Changes of the net. Codes are never changed and never used again: what changes becomes a new area, and the old one its predecessor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grids.areas.codes import Level, is_area_code, level_of, parent_of
from grids.areas.models import Area, AreaShape, Succession
from grids.areas.shapes import validation
from grids.areas.writing import write_areas, write_shapes
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError
from tongshan_portal.ledger.public import Line, record, record_many


@dataclass(frozen=True, slots=True)
class NewArea:
    """An area that takes over from another: its code, name and ground (None where no ground is known)."""

    code: str
    name: str
    shape: BaseGeometry | None = None


def _locked(codes: Sequence[str]) -> dict[str, Area]:
    """The areas of these codes, locked in the order of their codes. Raises DomainError for one that is not there or retired."""
    areas = {area.code: area for area in Area.objects.select_for_update().filter(pk__in=codes).order_by("pk")}
    for code in codes:
        if code not in areas:
            raise DomainError(_("There is no area %(code)s.") % {"code": code}, field="code")
        if areas[code].valid_to is not None:
            raise Conflict(_("%(area)s (%(code)s) has been retired already.") % {"area": areas[code], "code": code}, field="code")
    return areas


def _require_free(code: str, level: Level) -> None:
    """A new code has the shape of its level, a parent in force, and was never used."""
    if not is_area_code(code) or level_of(code) is not level:
        raise DomainError(_("%(code)s is no code of the level %(level)s.") % {"code": code, "level": level.label}, field="code")
    if Area.objects.filter(pk=code).exists():
        raise DomainError(_("The code %(code)s is or was in use: codes are never used again.") % {"code": code}, field="code")
    parent = parent_of(code)
    if parent is not None and not Area.objects.filter(pk=parent, valid_to=None).exists():
        raise DomainError(_("There is no area %(parent)s in force to put %(code)s into.") % {"parent": parent, "code": code}, field="code")


def _succeed(*, predecessors: Sequence[Area], successors: Sequence[NewArea], on: date) -> None:
    """Write the new areas with their ground, retire the old ones the day before, and link each pair."""
    for new in successors:
        _require_free(new.code, Level(predecessors[0].level))
        Area.objects.create(code=new.code, name=new.name, valid_from=on)
    grounds = [(new.code, new.shape) for new in successors if new.shape is not None]
    write_shapes(grounds, source="succession", at=clock.now())
    for area in predecessors:
        area.valid_to = on - timedelta(days=1)
        area.save(update_fields=["valid_to"])
    pairs = [(old.code, new.code) for old in predecessors for new in successors]
    Succession.objects.bulk_create(Succession(predecessor_id=old, successor_id=new, on=on) for old, new in pairs)


@transaction.atomic
def list_areas(*, actor, rows: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """Write areas given as (code, name): new ones, and new names of those that are there. Answers how many of either.

    The caller has seen to it that the areas above them are in force. Every area that changes has its entry in the ledger.
    """
    require(actor, "areas.change")
    known = dict(Area.objects.filter(pk__in=[code for code, _name in rows]).values_list("pk", "name"))
    added = [(code, name) for code, name in rows if code not in known]
    renamed = [(code, name) for code, name in rows if code in known and known[code] != name]
    write_areas(added + renamed)
    record_many(actor=actor, verb="area.added", lines=(Line(Area(code, name), code) for code, name in added))
    lines = (Line(Area(code, name), code, detail={"changed": {"name": [known[code], name]}}) for code, name in renamed)
    record_many(actor=actor, verb="area.renamed", lines=lines)
    return len(added), len(renamed)


@transaction.atomic
def rename_area(*, actor, code: str, name: str) -> Area:
    """Give an area another name; names are labels, so nothing else changes."""
    area = _locked([code])[code]
    require(actor, "areas.change", area)
    before, area.name = area.name, name.strip()
    if not area.name:
        raise DomainError(_("An area needs a name."), field="name")
    area.save(update_fields=["name"])
    record(actor=actor, verb="area.renamed", row=area, area_code=code, detail={"changed": {"name": [before, area.name]}})
    return area


@transaction.atomic
def redraw_area(*, actor, code: str, shape: BaseGeometry, source: str) -> Area:
    """Give an area another ground, in degrees. Raises DomainError for one that is no valid polygon.

    Overlaps and gaps are the form's to show: whoever draws answers for them.
    """
    area = _locked([code])[code]
    require(actor, "areas.change", area)
    if validation.check_shape(code, shape):
        raise DomainError(_("The ground must be a valid polygon without heights."), field="ground")
    write_shapes([(code, shape)], source=source, at=clock.now())
    record(actor=actor, verb="area.redrawn", row=area, area_code=code)
    return area


@transaction.atomic
def retire_area(*, actor, code: str, on: date) -> Area:
    """End an area that nobody takes over; it must have nothing in force below it."""
    area = _locked([code])[code]
    require(actor, "areas.change", area)
    if Area.objects.filter(code__startswith=code, valid_to=None).exclude(pk=code).exists():
        raise DomainError(_("%(area)s still has areas in force below it: retire or move them first.") % {"area": area}, field="code")
    area.valid_to = on
    area.save(update_fields=["valid_to"])
    record(actor=actor, verb="area.retired", row=area, area_code=code, detail={"on": on.isoformat()})
    return area


@transaction.atomic
def merge_areas(*, actor, codes: Sequence[str], into: NewArea, on: date) -> Area:
    """Several areas become one new area under the same parent; without a ground of its own it gets the union of theirs."""
    areas = _locked(sorted(set(codes)))
    for area in areas.values():
        require(actor, "areas.change", area)
    if len(areas) < 2:
        raise DomainError(_("A merge needs at least two areas."), field="codes")
    if len({parent_of(code) for code in [*areas, into.code]}) != 1:
        raise DomainError(_("Areas that merge, and what they become, lie under one parent."), field="codes")
    _require_childless(areas)
    ground = into.shape or _union_of(areas)
    _succeed(predecessors=list(areas.values()), successors=[NewArea(into.code, into.name, ground)], on=on)
    record(actor=actor, verb="area.merged", area_code=into.code, detail={"from": sorted(areas), "into": into.code, "on": on.isoformat()})
    return Area.objects.get(pk=into.code)


@transaction.atomic
def split_area(*, actor, code: str, into: Sequence[NewArea], on: date) -> list[Area]:
    """One area becomes several under the same parent, whose grounds together are its own."""
    area = _locked([code])[code]
    require(actor, "areas.change", area)
    if len(into) < 2:
        raise DomainError(_("A split needs at least two new areas."), field="into")
    if {parent_of(new.code) for new in into} != {parent_of(code)}:
        raise DomainError(_("What an area is split into lies under its parent."), field="into")
    _require_childless({code: area})
    _require_whole(code, into)
    _succeed(predecessors=[area], successors=into, on=on)
    record(actor=actor, verb="area.split", area_code=code, detail={"from": code, "into": [new.code for new in into], "on": on.isoformat()})
    return list(Area.objects.filter(pk__in=[new.code for new in into]).order_by("pk"))


@transaction.atomic
def move_area(*, actor, code: str, to: str, on: date) -> Area:
    """An area, with all below it, goes under another parent: each gets a new code (`to` in place of `code`), and keeps name and ground."""
    area = _locked([code])[code]
    require(actor, "areas.change", area)
    if not is_area_code(to) or level_of(to) is not Level(area.level) or parent_of(to) == parent_of(code):
        raise DomainError(_("A move leads to a code of the same level under another parent."), field="to")
    below = _locked(list(Area.objects.filter(code__startswith=code, valid_to=None).values_list("pk", flat=True)))
    shapes = {shape.pk: _ground(shape) for shape in AreaShape.objects.filter(pk__in=below)}
    for old in sorted(below):
        new = NewArea(to + old[len(code) :], below[old].name, shapes.get(old))
        _succeed(predecessors=[below[old]], successors=[new], on=on)
    record(actor=actor, verb="area.moved", area_code=to, detail={"from": code, "to": to, "areas": len(below), "on": on.isoformat()})
    return Area.objects.get(pk=to)


def _ground(shape: AreaShape) -> BaseGeometry:
    return shapely.geometry.shape(shape.geometry)


def _union_of(areas: dict[str, Area]) -> BaseGeometry | None:
    grounds = [_ground(shape) for shape in AreaShape.objects.filter(pk__in=areas)]
    return shapely.union_all(grounds) if grounds else None


def _require_childless(areas: dict[str, Area]) -> None:
    for code, area in areas.items():
        if Area.objects.filter(code__startswith=code, valid_to=None).exclude(pk=code).exists():
            raise DomainError(_("%(area)s still has areas in force below it: retire or move them first.") % {"area": area}, field="code")


def _require_whole(code: str, into: Sequence[NewArea]) -> None:
    """The new grounds neither overlap nor leave a gap in the old one, nor reach beyond it."""
    old = AreaShape.objects.filter(pk=code).first()
    if old is None:
        return
    if any(new.shape is None for new in into):
        raise DomainError(_("The area has a ground, so each new one needs its own."), field="into")
    grounds = {new.code: new.shape for new in into if new.shape is not None}
    findings = validation.check_overlaps(grounds) + validation.check_gaps(grounds, _ground(old))
    beyond = shapely.difference(shapely.union_all(list(grounds.values())), _ground(old)).area > validation.TINY
    if findings or beyond:
        raise DomainError(_("The new grounds must together be the old one, without overlap or gap."), field="into")
