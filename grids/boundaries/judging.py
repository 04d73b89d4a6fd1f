"""What a file of boundaries would make of the net: read, named, compared with what is there. Nothing is written here."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grids.areas.codes import Level, parent_of
from grids.areas.locating import in_force, to_shape
from grids.areas.models import Area, AreaShape
from grids.areas.shapes import reading, validation
from grids.areas.shapes.coordinates import Datum
from grids.areas.shapes.validation import Fault, Finding, Suspicion
from grids.areas.writing import to_geojson
from grids.net.findings import BLOCKING, sentence
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError

from .codes import code_at, code_under, plain_digits
from .enums import CodePart, Step

SAMPLE = 300
"""So many shapes show whether a whole file is shifted."""

Report = Callable[[Step, int, int], None]
"""Told what is being done, how much of it is done, and of how much. May raise to end the work."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says of a file: which level it holds, what its coordinates are, and which attribute is what.

    The area above comes from the code itself, from `parent_field`, or is `parent_code` for all. `district_name` makes a district that is
    not there yet; `name_prefix` stands before every name (`Ward ` before `5`). `mend` repairs crossing borders and leaves out heights.
    """

    level: int = Level.GRID
    code_field: str = ""
    code_part: str = CodePart.WHOLE
    parent_field: str = ""
    parent_code: str = ""
    district_name: str = ""
    name_field: str = ""
    name_prefix: str = ""
    crs: str = ""
    datum: str = Datum.WGS84
    encoding: str = ""
    mend: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Choice":
        """A choice as it was kept; what a later version no longer knows is left out."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A feature that cannot be taken: its number in the file (from 1; 0 for the whole file), its code as far as known, why, and where."""

    number: int
    code: str
    words: str
    where: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feature that could become an area."""

    number: int
    code: str
    name: str
    shape: BaseGeometry


@dataclass(slots=True)
class Plan:
    """What would happen: the areas of the file, what refuses it, and what should be looked at before it is accepted."""

    candidates: list[Candidate] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    created: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    renamed: dict[str, tuple[str, str]] = field(default_factory=dict)
    left: int = 0

    @property
    def unchanged(self) -> int:
        """Areas that are in the file exactly as they are in the net."""
        return len(self.candidates) - len(self.created) - len(self.changed | set(self.renamed))


def prepare(path: Path, choice: Choice, report: Report) -> Plan:
    """Read a file and judge all of it. Raises DomainError when nothing can be said of single features (no such system, no such file)."""
    report(Step.READING, 0, 0)
    crs = reading.require_system(choice.crs) if choice.crs else None
    found = list(reading.features(path, crs=crs, datum=Datum(choice.datum), encoding=choice.encoding))
    if not found:
        raise DomainError(_("The file has no features."), field="file")
    plan, net = Plan(), _Net.of(choice, found)
    for done, feature in enumerate(found):
        if done % 500 == 0:
            report(Step.SHAPES, done, len(found))
        _take(plan, feature, choice, net)
    _refuse_repeats(plan)
    report(Step.NEIGHBOURS, 0, 0)
    _compare(plan, net)
    _count(plan, net)
    return plan


class _Net:
    """What the net holds around the file: the areas of its level and of the level above, names and days."""

    def __init__(self, level: Level, areas: Mapping[str, Area], new_district: str):
        self.level, self.areas, self.new_district = level, areas, new_district

    @classmethod
    def of(cls, choice: Choice, found: Iterable[reading.Feature]) -> "_Net":
        level = Level(choice.level)
        areas = {area.pk: area for area in Area.objects.filter(level__in=[level, level - 3])}
        parent = plain_digits(choice.parent_code)
        new = parent if level is Level.TOWN and choice.district_name.strip() and parent not in areas else ""
        return cls(level, areas, new)

    def in_force(self, code: str) -> bool:
        if code == self.new_district and code:
            return True
        return code in self.areas and self.areas[code].valid_to is None


def _take(plan: Plan, feature: reading.Feature, choice: Choice, net: _Net) -> None:
    """Make a candidate of a feature, or say why it cannot be one."""
    try:
        code = _code(feature, choice, net)
    except DomainError as error:
        plan.refusals.append(Refusal(feature.number, "", str(error), feature.shape))
        return
    known = net.areas.get(code)
    if known is not None and known.valid_to is not None:
        words = _("The area %(code)s is retired: codes are never used again.") % {"code": code}
        plan.refusals.append(Refusal(feature.number, code, words, feature.shape))
        return
    given = plain_digits(feature.attributes.get(choice.name_field)) if choice.name_field else ""
    name = f"{choice.name_prefix}{given}" if given else known.name if known else ""
    if not name or len(name) > 100:
        words = _("The name is missing.") if not name else _("The name is longer than 100 characters.")
        plan.refusals.append(Refusal(feature.number, code, words, feature.shape))
        return
    shape = _shape(plan, feature, code, name, mend=choice.mend)
    if shape is not None:
        plan.candidates.append(Candidate(feature.number, code, name, shape))


def _code(feature: reading.Feature, choice: Choice, net: _Net) -> str:
    """The code of a feature, its area above in force. Raises DomainError."""
    level = net.level
    above = Level(level - 3) if level > Level.DISTRICT else None
    value = feature.attributes.get(choice.code_field)
    stated = ""
    if above is not None and choice.parent_field:
        stated = code_at(above, feature.attributes.get(choice.parent_field))
    elif above is not None and choice.parent_code:
        stated = code_at(above, choice.parent_code)
    if choice.code_part == CodePart.OWN:
        if not stated:
            raise DomainError(_("The area above is missing: a number alone says too little."))
        code = code_under(stated, value)
    else:
        code = code_at(level, value)
    parent = parent_of(code)
    if stated and parent != stated:
        words = _("The area above %(code)s is %(parent)s by its code, not %(given)s.")
        raise DomainError(words % {"code": code, "parent": parent, "given": stated})
    if parent and not net.in_force(parent):
        raise DomainError(_("There is no area %(parent)s in force to put %(code)s into.") % {"parent": parent, "code": code})
    return code


def _shape(plan: Plan, feature: reading.Feature, code: str, name: str, *, mend: bool) -> BaseGeometry | None:
    """The shape of a feature as it can be kept; None when it cannot."""
    names = {code: name}
    if feature.broken:
        broken = Finding(Fault.BROKEN, code, detail=feature.broken)
        plan.refusals.append(Refusal(feature.number, code, sentence(broken, names)))
        return None
    shape = feature.shape
    found = validation.check_shape(code, shape)
    if mend and shape is not None and found and all(one.mendable for one in found):
        return validation.mended(shape)
    for one in found:
        words = sentence(one, names)
        if one.mendable:
            words += " " + _("Choose to mend it, or correct the file.")
        plan.refusals.append(Refusal(feature.number, code, words, one.where or shape))
    if any(one.fault in BLOCKING for one in found):
        return None
    return shape if not found else None


def _refuse_repeats(plan: Plan) -> None:
    rows = defaultdict(list)
    for one in plan.candidates:
        rows[one.code].append(one.number)
    repeated = {code: numbers for code, numbers in rows.items() if len(numbers) > 1}
    for one in plan.candidates:
        others = [number for number in repeated.get(one.code, ()) if number != one.number]
        if others:
            words = _("The code %(code)s stands in feature %(other)d as well.") % {"code": one.code, "other": others[0]}
            plan.refusals.append(Refusal(one.number, one.code, words, one.shape))
    plan.candidates = [one for one in plan.candidates if one.code not in repeated]


def _compare(plan: Plan, net: _Net) -> None:
    """Neighbours and the areas above: overlaps, gaps, ground beyond. What shifts the whole file refuses it."""
    shapes = {one.code: one.shape for one in plan.candidates}
    above = {parent for parent in map(parent_of, shapes) if parent}
    parents = {pk: to_shape(kept) for pk, kept in AreaShape.objects.filter(pk__in=above).values_list("pk", "geometry")}
    inside = {code: shape for code, shape in shapes.items() if parent_of(code) in parents}
    findings = validation.check_parent(shapes, parents)
    if findings:
        some = list(inside)[:: max(1, len(inside) // SAMPLE)]
        shifted = validation.suspicion({code: inside[code] for code in some}, shapely.union_all(list(parents.values())))
        if shifted is not Suspicion.NONE:
            plan.refusals.append(Refusal(0, "", _shift_words(shifted), next(iter(inside.values()))))
    numbers = {one.code: one.number for one in plan.candidates}
    for one in [one for one in findings if one.where is not None and one.where.area > 0.99 * shapes[one.code].area]:
        words = _("%(code)s lies wholly outside %(parent)s, the area above: its coordinates cannot be in the stated system.")
        plan.refusals.append(Refusal(numbers[one.code], one.code, words % {"code": one.code, "parent": one.other}, shapes[one.code]))
    siblings = _siblings(shapes, above)
    findings += validation.check_overlaps(shapes | siblings)
    findings = [one for one in findings if one.code in shapes or one.other in shapes]
    for parent, ground in parents.items():
        children = {code: shape for code, shape in (shapes | siblings).items() if parent_of(code) == parent}
        findings += validation.check_gaps(children, ground)
    if not parents and net.level == Level.TOWN:
        findings += validation.check_gaps(shapes, None)
    plan.findings = findings


def _shift_words(shifted: Suspicion) -> str:
    """Why the whole file is refused: read otherwise, it would fit into the areas above."""
    swapped = _("The shapes lie outside the areas above; with longitude and latitude exchanged they lie inside: correct the file.")
    gcj02 = _("The shapes lie a few hundred metres off the areas above; read as GCJ-02 they fit. Choose GCJ-02.")
    bd09 = _("The shapes lie a kilometre off the areas above; read as BD-09 they fit. Choose BD-09.")
    return {Suspicion.SWAPPED: swapped, Suspicion.GCJ02: gcj02, Suspicion.BD09: bd09}[shifted]


def _siblings(shapes: Mapping[str, BaseGeometry], above: set[str]) -> dict[str, BaseGeometry]:
    """Areas in force under the same areas above that the file does not bring."""
    if not shapes:
        return {}
    level = len(next(iter(shapes)))
    rows = AreaShape.objects.filter(in_force(clock.today()), area__level=level).exclude(pk__in=list(shapes))
    return {pk: to_shape(kept) for pk, kept in rows.values_list("pk", "geometry") if parent_of(pk) in above}


def _count(plan: Plan, net: _Net) -> None:
    """Which areas would be new, get another ground or another name, and how many of the same areas above are not in the file."""
    codes = {one.code for one in plan.candidates}
    kept = dict(AreaShape.objects.filter(pk__in=codes).values_list("pk", "geometry"))
    for one in plan.candidates:
        known = net.areas.get(one.code)
        if known is None:
            plan.created.add(one.code)
            continue
        if known.name != one.name:
            plan.renamed[one.code] = (known.name, one.name)
        if one.code not in kept or kept[one.code] != to_geojson(one.shape):
            plan.changed.add(one.code)
    above = {parent_of(code) for code in codes}
    same = [code for code, area in net.areas.items() if len(code) == net.level and area.valid_to is None and parent_of(code) in above]
    plan.left = len(set(same) - codes)


def sketch_of(plan: Plan, limit: int = 2_000) -> dict[str, Any]:
    """The candidates as coarse GeoJSON for the preview's map, at most `limit` of them."""
    chosen = plan.candidates[:limit]
    if not chosen:
        return {"type": "FeatureCollection", "features": []}
    shapes = np.array([one.shape for one in chosen], dtype=object)
    west, south, east, north = shapely.total_bounds(shapes)
    coarse = shapely.simplify(shapes, max(east - west, north - south) / 3_000)
    found = {one.code for one in plan.findings} | {one.other for one in plan.findings}
    features = [
        {
            "type": "Feature",
            "id": one.code,
            "properties": {"name": one.name, "found": one.code in found},
            "geometry": to_geojson(shape),
        }
        for one, shape in zip(chosen, coarse, strict=True)
        if not shape.is_empty
    ]
    return {"type": "FeatureCollection", "features": features}
