"""What is here already of the reports that come, and whether their source now says something else."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tongshan_portal.kernel.sealed import Sealed

from ...incoming import IncomingReport
from ...models import Report, ReportStep

Key = tuple[str, str]
"""(origin, external id)."""


def key_of(row: IncomingReport) -> Key:
    return row.origin, row.external_id


def category_of(row: IncomingReport) -> int | None:
    return row.category.pk if row.category is not None else None


_FACTS = (
    "title", "text", "category_id", "source", "filed_at", "area_code", "lon", "lat", "address",
)  # fmt: skip
"""What a source says of any report and may correct."""

_COURSE = ("state", "deadline_at", "closed_at", "resolution", "department_id")
"""What a source says of a matter that it keeps itself."""


def held_of(rows: Sequence[IncomingReport]) -> dict[Key, dict[str, Any]]:
    """The reports that are here already, by origin and number, with what may differ."""
    found: dict[Key, dict[str, Any]] = {}
    numbers: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        numbers[row.origin].append(row.external_id)
    reports = Report.objects.unscoped("numbers are unique wherever their report lies")
    for origin, listed in numbers.items():
        names = ("id", "code", "external_id", "contact", "phone", *_FACTS, *_COURSE)
        for kept in reports.filter(origin=origin, external_id__among=listed).values(*names):
            found[origin, kept["external_id"]] = kept
    return found


def differs(kept: Mapping[str, Any], row: IncomingReport) -> bool:
    """Whether a source says something else than is held. Texts that are sealed are compared in the open: sealed twice they differ."""
    facts = {
        "title": row.title,
        "text": row.text,
        "category_id": category_of(row),
        "source": row.source,
        "filed_at": row.filed_at,
        "area_code": row.area_code,
        "lon": row.lon,
        "lat": row.lat,
        "address": row.address,
    }
    if row.state:
        facts |= {
            "state": row.state,
            "deadline_at": row.due_at,
            "closed_at": row.closed_at,
            "resolution": row.resolution,
            "department_id": row.department_id,
        }
    if any(kept[name] != value for name, value in facts.items()):
        return True
    pairs: tuple[tuple[Sealed | None, str], ...] = ((kept["contact"], row.contact), (kept["phone"], row.phone))
    return not all(sealed.same_as(text) if sealed is not None and text else not sealed and not text for sealed, text in pairs)


def taken_over(report_ids: Sequence[int]) -> set[int]:
    """Those on which a person of the portal has taken a step: from then on they are the portal's own."""
    steps = ReportStep.objects.unscoped("whether somebody acted, not what")
    mine = steps.filter(report_id__in=report_ids, actor__isnull=False).exclude(verb="file_report")
    return set(mine.values_list("report_id", flat=True))


def dated(rows: Sequence[IncomingReport], held: Mapping[Key, Mapping[str, Any]], now: datetime) -> list[IncomingReport]:
    """The rows; what says no time of filing is filed now, and stays so when it comes again."""

    def moment(row: IncomingReport) -> datetime:
        return held[key_of(row)]["filed_at"] if key_of(row) in held else now

    return [row if row.filed_at is not None else replace(row, filed_at=moment(row)) for row in rows]
