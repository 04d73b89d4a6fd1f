"""What is wrong with shapes, in words and on the map: the same for a border drawn by hand and for a whole file."""

import json
from collections.abc import Iterable, Mapping, Sequence
from math import cos, radians

import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from grids.areas.codes import level_of, parent_of
from grids.areas.locating import in_force, to_shape
from grids.areas.models import AreaShape
from grids.areas.shapes.coordinates import METRES_PER_DEGREE
from grids.areas.shapes.validation import Fault, Finding, check_gaps, check_overlaps, check_parent, check_shape
from tongshan_portal.kernel import clock

LABELS: dict[Fault, Promise] = {
    Fault.BROKEN: gettext_lazy("broken geometry"),
    Fault.EMPTY: gettext_lazy("no ground"),
    Fault.NOT_AN_AREA: gettext_lazy("no polygon"),
    Fault.HEIGHT: gettext_lazy("heights"),
    Fault.OUT_OF_RANGE: gettext_lazy("outside the world"),
    Fault.SELF_CROSSING: gettext_lazy("the border crosses itself"),
    Fault.OUTSIDE_PARENT: gettext_lazy("beyond the area above"),
    Fault.OVERLAP: gettext_lazy("overlap"),
    Fault.GAP: gettext_lazy("gap"),
}

BLOCKING = frozenset({Fault.EMPTY, Fault.BROKEN, Fault.NOT_AN_AREA, Fault.OUT_OF_RANGE})
"""Nothing can be made of these; the others can be mended, or accepted by whoever answers for the borders."""


def ground_of(finding: Finding) -> str:
    """The ground that a finding is about, in square metres or kilometres; empty for a point."""
    where = finding.where
    if where is None or where.area == 0:
        return ""
    metres = where.area * METRES_PER_DEGREE**2 * cos(radians(where.centroid.y))
    return _("%(number).1f km²") % {"number": metres / 1e6} if metres >= 1e5 else _("%(number)d m²") % {"number": round(metres)}


def sentence(finding: Finding, names: Mapping[str, str]) -> str:
    """One finding for the reader: which area, what is wrong, where."""
    words = {
        "area": f"{names.get(finding.code, '')} {finding.code}".strip(),
        "other": f"{names.get(finding.other, '')} {finding.other}".strip(),
        "detail": finding.detail,
        "size": ground_of(finding),
        "place": _place(finding.where),
    }
    sentences = {
        Fault.EMPTY: _("%(area)s has no ground."),
        Fault.BROKEN: _("The geometry of %(area)s is broken: %(detail)s."),
        Fault.NOT_AN_AREA: _("%(area)s is a %(detail)s, not a polygon."),
        Fault.HEIGHT: _("%(area)s carries heights, which are left out."),
        Fault.OUT_OF_RANGE: _("%(area)s lies outside the range of degrees: %(detail)s."),
        Fault.SELF_CROSSING: _("The border of %(area)s crosses itself at %(place)s."),
        Fault.OUTSIDE_PARENT: _("%(area)s reaches beyond %(other)s by %(size)s (%(detail)s of it), near %(place)s."),
        Fault.OVERLAP: _("%(area)s and %(other)s overlap by %(size)s near %(place)s."),
        Fault.GAP: _("A gap of %(size)s near %(place)s belongs to nobody; next to it lies %(area)s."),
    }
    return sentences[finding.fault] % words


def _place(where: BaseGeometry | None) -> str:
    if where is None or where.is_empty:
        return "–"
    point = where.representative_point()
    return f"{point.x:.5f}, {point.y:.5f}"


def as_geojson(findings: Iterable[Finding], names: Mapping[str, str], limit: int = 300) -> dict[str, object]:
    """The places of findings for the map."""
    features = [
        {
            "type": "Feature",
            "properties": {"words": sentence(one, names), "fault": one.fault.value},
            "geometry": json.loads(shapely.to_geojson(one.where)),
        }
        for one in findings
        if one.where is not None and not one.where.is_empty
    ]
    return {"type": "FeatureCollection", "features": features[:limit]}


def findings_of(code: str, shape: BaseGeometry | None) -> list[Finding]:
    """What is wrong with a new ground of one area: by itself, and between its parent and its siblings in force."""
    alone = check_shape(code, shape)
    if shape is None or any(one.fault in BLOCKING or one.fault is Fault.SELF_CROSSING for one in alone):
        return alone
    shapes = {code: shapely.force_2d(shape)}
    above, siblings = parent_of(code), {}
    if above:
        rows = AreaShape.objects.filter(in_force(clock.today()), area__code__startswith=above, area__level=level_of(code)).exclude(pk=code)
        siblings = {pk: to_shape(geometry) for pk, geometry in rows.values_list("pk", "geometry")}
    parents = {pk: to_shape(ground) for pk, ground in AreaShape.objects.filter(pk=above).values_list("pk", "geometry")}
    near = {pk: ground for pk, ground in siblings.items() if ground.intersects(shapes[code])}
    overlaps = [one for one in check_overlaps(shapes | near) if code in (one.code, one.other)]
    gaps: Sequence[Finding] = check_gaps(shapes | siblings, parents[above]) if above in parents else []
    return [*alone, *check_parent(shapes, parents), *overlaps, *gaps]
