"""Area codes: an area's code is its path. Pure functions, no database.

District 6 digits, town 9, village 12, grid 15, micro-grid 18. The first twelve follow the statistical division code
(National Bureau of Statistics); grid and micro-grid digits are the portal's own.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

LENGTHS = (6, 9, 12, 15, 18)


class Level(models.IntegerChoices):
    """The level of an area; the value is the length of its code."""

    DISTRICT = 6, _("district")
    TOWN = 9, _("town")
    VILLAGE = 12, _("village")
    GRID = 15, _("grid")
    MICRO_GRID = 18, _("micro-grid")


class GridKind(models.TextChoices):
    """Basic grids hold households; a special grid is a school, a market, an enterprise (专属网格, 重点元)."""

    BASIC = "basic", _("basic grid")
    SPECIAL = "special", _("special grid")


FIRST_SPECIAL = 900
"""Grids with a number from 900 on are special: the portal's own convention, as grid digits are."""


def grid_kind_of(code: str) -> GridKind | None:
    """The kind of a grid by its number within the village; None for other levels."""
    if len(code) != Level.GRID:
        return None
    return GridKind.SPECIAL if int(code[-3:]) >= FIRST_SPECIAL else GridKind.BASIC


def is_area_code(text: str) -> bool:
    """Whether `text` has the shape of an area code."""
    return len(text) in LENGTHS and text.isascii() and text.isdigit()


def level_of(code: str) -> Level:
    """The level of a code. Raises ValueError when it is not an area code."""
    if not is_area_code(code):
        raise ValueError(f"not an area code: {code!r}")
    return Level(len(code))


def parent_of(code: str) -> str | None:
    """The code one level up, or None for a district."""
    return None if len(code) == LENGTHS[0] else code[:-3]


def ancestors_of(code: str) -> list[str]:
    """All codes above `code`, the district first, without `code` itself."""
    return [code[:length] for length in LENGTHS if length < len(code)]


def covers(outer: str, inner: str) -> bool:
    """Whether `inner` is `outer` or lies below it."""
    return inner.startswith(outer)


def smallest_cover(codes: list[str]) -> list[str]:
    """The codes that remain when every code below another one is dropped, sorted."""
    kept: list[str] = []
    for code in sorted(set(codes)):
        if not kept or not covers(kept[-1], code):
            kept.append(code)
    return kept
