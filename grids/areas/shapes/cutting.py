"""Cutting a ground in two along a line."""

import shapely
from django.utils.translation import gettext as _
from shapely import LineString, MultiPolygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from tongshan_portal.kernel.errors import DomainError


def cut(ground: BaseGeometry, line: LineString | None) -> tuple[BaseGeometry, BaseGeometry]:
    """The two parts of a ground, the northern (then western) one first. Islands that the line does not cut go to the nearer part.

    Raises DomainError when the line does not cut one piece into exactly two.
    """
    if line is None:
        raise DomainError(_("A line has at least two points."), field="line")
    pieces = list(shapely.get_parts(ground))
    cut_up = [piece for piece in pieces if line.crosses(piece)]
    if len(cut_up) != 1:
        raise DomainError(_("The line must cross the area once, from border to border."), field="line")
    halves = list(split(cut_up[0], line).geoms)
    if len(halves) != 2:
        raise DomainError(_("The line cuts the area into %(count)d parts, not into two.") % {"count": len(halves)}, field="line")
    halves.sort(key=lambda half: (-half.representative_point().y, half.representative_point().x))
    parts: list[list[BaseGeometry]] = [[halves[0]], [halves[1]]]
    for island in pieces:
        if island is not cut_up[0]:
            parts[0 if island.distance(halves[0]) <= island.distance(halves[1]) else 1].append(island)
    first, second = (part[0] if len(part) == 1 else MultiPolygon(part) for part in parts)
    return first, second
