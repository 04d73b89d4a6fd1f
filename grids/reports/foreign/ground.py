"""The areas of a mapping: a district and what its file of boundaries holds."""

from collections.abc import Mapping as AnyMapping
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from grids.areas import locating
from grids.areas.codes import Level, is_area_code, parent_of
from grids.areas.models import Area, AreaShape
from grids.areas.shapes import validation
from grids.areas.shapes.coordinates import Datum
from grids.areas.shapes.reading import features
from grids.areas.writing import to_geojson, write_shapes
from grids.net.actions import list_areas
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import Line, record_many

from .mapping import Areas, Mapping

Ground = dict[str, tuple[str, BaseGeometry | None, AnyMapping[str, Any]]]
"""Code → (name, shape, properties)."""


def read_ground(mapping: Mapping) -> Ground:
    """The areas of a mapping's file, the district among them. Raises DomainError for a code that is none or a shape that is broken."""
    district = mapping.district
    found: Ground = {}
    if mapping.areas is not None:
        path = mapping.path(mapping.areas.file)
        for feature in features(path, crs=mapping.areas.crs or None, datum=Datum(mapping.areas.datum)):
            code, name = named(mapping.areas, feature.attributes)
            if any(not finding.mendable for finding in validation.check_shape(code, feature.shape)) or feature.shape is None:
                raise DomainError(_("The ground of %(code)s is no valid polygon.") % {"code": code})
            if not is_area_code(code) or parent_of(code) != district.code or len(code) != Level.TOWN:
                words = {"code": code, "district": district.code}
                raise DomainError(_("%(code)s is no code of a town of %(district)s: that has three digits more.") % words)
            if code in found:
                raise DomainError(_("Two areas of the file have the code %(code)s.") % {"code": code})
            found[code] = name, validation.mended(feature.shape), feature.attributes
    whole = shapely.union_all([shape for _name, shape, _facts in found.values()]) if found else None
    return {district.code: (district.name, whole, {}), **found}


def named(areas: Areas, facts: AnyMapping[str, Any]) -> tuple[str, str]:
    """Code and name of a shape by its properties. Raises DomainError for a property that it lacks."""
    try:
        return areas.code.format(**facts), areas.name.format(**facts)
    except (KeyError, ValueError, IndexError) as error:
        raise DomainError(_("A shape lacks what the mapping makes its code of: %(error)s") % {"error": error}) from error


@transaction.atomic
def bring_ground(*, actor: Actor, mapping: Mapping, ground: Ground) -> int:
    """Write the areas that are new or differ; answers how many. What is as it is held is left alone, so that the net keeps its edition."""
    held = dict(Area.objects.filter(pk__in=ground).values_list("pk", "name"))
    shapes = dict(AreaShape.objects.filter(pk__in=ground).values_list("pk", "geometry"))
    names = [(code, name) for code, (name, _shape, _facts) in ground.items() if held.get(code) != name]
    drawn = [(code, shape) for code, (_n, shape, _f) in ground.items() if shape is not None and shapes.get(code) != to_geojson(shape)]
    if names:
        list_areas(actor=actor, rows=names)
    if drawn:
        write_shapes(drawn, source=mapping.label[:200], at=clock.now())
        record_many(
            actor=actor, verb="area.redrawn", lines=[Line(Area(code, ground[code][0]), code) for code, _shape in drawn if code in shapes]
        )
    changed = {code for code, _what in (*names, *drawn)}
    if changed:
        for kept in (locating.kept, *locating.kept_above.values()):
            kept.forget()  # this process made the change and must not wait to notice it
    return len(changed)
