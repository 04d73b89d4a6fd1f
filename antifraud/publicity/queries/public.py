"""What everybody reads: advice, and the notices in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from grids.areas.codes import Level, is_area_code
from grids.areas.models import Area
from grids.areas.names import name_of

from ..enums import TONES, URGENCY_TONES, NoticeState, Urgency
from ..models import Advice, FraudNotice, NoticeArea

SHOWN = 100


def advice_in_use() -> list[Advice]:
    """The types of fraud in their order, with their texts; one question."""
    return list(Advice.objects.filter(in_use=True, text__isnull=False).select_related("text"))


def advice_called(code: str) -> Advice | None:
    """One type that is in use."""
    return Advice.objects.filter(code=code, in_use=True, text__isnull=False).select_related("text").first()


@dataclass(frozen=True, slots=True)
class Item:
    """A notice as everybody reads it."""

    row: FraudNotice
    urgency: str
    tone: str
    state: str
    state_tone: str
    areas: list[str]


def items_of(rows: Sequence[FraudNotice]) -> list[Item]:
    """Notices that anybody may read, with the names of their areas; one question."""
    found = NoticeArea.objects.unscoped("areas of notices that anybody may read").filter(notice__in=rows).order_by("area_code")
    areas: dict[int, list[str]] = {}
    for notice_id, code in found.values_list("notice_id", "area_code"):
        areas.setdefault(notice_id, []).append(full_name(code))
    return [
        Item(
            row, str(Urgency(row.urgency).label), URGENCY_TONES[Urgency(row.urgency)], str(NoticeState(row.state).label),
            TONES[NoticeState(row.state)], areas.get(row.pk, []),
        )
        for row in rows
    ]  # fmt: skip


def full_name(code: str) -> str:
    """A village or grid with its town: names occur twice."""
    return name_of(code) if len(code) <= Level.TOWN else " · ".join((name_of(code[: Level.TOWN]), name_of(code)))


def everybody() -> QuerySet[FraudNotice]:
    """Every notice that was published for residents."""
    return FraudNotice.objects.unscoped("published for residents: anybody may read it").for_everybody().select_related("advice__text")


def in_force(area_code: str, now: datetime) -> list[FraudNotice]:
    """The notices in force for an area, or everywhere; the urgent ones first, then the newest."""
    rows = everybody().in_force(now)
    if area_code:
        rows = rows.for_area(area_code)
    rank = {"urgent": 0, "important": 1, "ordinary": 2}
    return sorted(rows.order_by("-published_at", "-pk")[:SHOWN], key=lambda row: rank[row.urgency])


def towns() -> list[Area]:
    """The towns in force."""
    return list(Area.objects.filter(level=Level.TOWN, valid_to=None).order_by("pk"))


def villages_of(area_code: str) -> list[Area]:
    """The villages in force of the town in which an area lies; none for the district."""
    town = area_code[: Level.TOWN] if is_area_code(area_code) else ""
    if len(town) != Level.TOWN:
        return []
    return list(Area.objects.filter(level=Level.VILLAGE, valid_to=None, pk__startswith=town).order_by("pk"))


def is_in_force(area_code: str) -> bool:
    """Whether the code is that of an area in force."""
    return is_area_code(area_code) and Area.objects.filter(pk=area_code, valid_to=None).exists()
