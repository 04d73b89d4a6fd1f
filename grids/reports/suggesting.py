"""What is known before a report is sent: its category from its words, its grid from its point, and what was filed near it already."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from grids.areas.locating import locate
from tongshan_portal.accounts.scope import Scope

from .enums import LIVING, Located
from .models import Category, Keyword, Report

NEAR_METRES = 150
NEAR_DAYS = 14
METRES_PER_DEGREE = 111_195


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category, and the word that suggested it."""

    category: Category
    word: str


def suggestions(words: str, limit: int = 3) -> list[Suggestion]:
    """Categories of the words of the table that occur, each once: the longest word first, then the earliest."""
    rows = Keyword.objects.filter(in_use=True, category__in_use=True).select_related("category__parent")
    occurring = sorted((row for row in rows if row.word in words), key=lambda row: (-len(row.word), words.index(row.word)))
    found: dict[int, Suggestion] = {}
    for row in occurring:
        found.setdefault(row.category_id, Suggestion(row.category, row.word))
    return list(found.values())[:limit]


def suggest(words: str) -> Suggestion | None:
    """The category of the longest word of the table that occurs; None where none does."""
    return next(iter(suggestions(words, 1)), None)


def area_of(lon: float, lat: float) -> tuple[str, Located]:
    """The grid of a point and how it was found; an empty code where the desk must decide."""
    found = locate(lon, lat)
    if found.code is None:
        return "", Located.DESK
    return found.code, Located.NEAREST if found.distance else Located.POINT


def near(scope: Scope, lon: float, lat: float, now: datetime) -> list[Report]:
    """Living reports within 150 m and 14 days that the reader may see, the newest first: likely the same matter."""
    high = NEAR_METRES / METRES_PER_DEGREE
    wide = high / max(0.2, cos(radians(lat)))
    rows = Report.objects.visible_to(scope).filter(
        lon__range=(lon - wide, lon + wide),
        lat__range=(lat - high, lat + high),
        filed_at__gte=now - timedelta(days=NEAR_DAYS),
        state__in=LIVING,
    )
    return list(rows.order_by("-filed_at")[:5])
