"""Who hears live that something happened to a report: whoever sees it. Those of its areas by the topic, the others by name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting
from tongshan_portal.accounts.scope import scopes_of
from tongshan_portal.kernel import clock
from tongshan_portal.live.public import Event, publish_many

from .models import Report, ReportGrant


def announce(row: Report, kind: str, **line: Any) -> None:
    """Publish what happened to a report, in the caller's transaction."""
    announce_all([row], kind, **line)


def announce_all(rows: Sequence[Report], kind: str, **line: Any) -> None:
    """The same of several reports."""
    events, named = [], _named(rows)
    for row in rows:
        said = {"report": row.code, "state": row.state, **line}
        events.append(Event("reports", kind, row.area_code, said))
        if people := named[row.pk]:
            events.append(Event("reports", kind, row.area_code, said, tuple(sorted(people))))
    publish_many(events)


def _named(rows: Sequence[Report]) -> Mapping[int, set[int]]:
    """Report → those who see it though no area of theirs holds it: its departments' handlers, who filed it, who was granted it.

    Nobody is named who hears of the area anyway: she would hear of everything twice.
    """
    found: dict[int, set[int]] = defaultdict(set)
    handlers = _handlers({one for row in rows for one in row.departments})
    granted = ReportGrant.objects.in_force(clock.now()).filter(content_object__in=rows, permission__codename="reports.view")
    for row_id, user_id in granted.values_list("content_object_id", "user_id"):
        found[row_id].add(user_id)
    for row in rows:
        serving = (one for department in row.departments for one in handlers[department])
        found[row.pk] |= {user_id for user_id, area in serving if row.area_code.startswith(area)}
        if row.filed_by_id is not None:
            found[row.pk].add(row.filed_by_id)
    scopes = scopes_of({user_id for people in found.values() for user_id in people}, clock.today())
    for row in rows:
        found[row.pk] = {user_id for user_id in found[row.pk] if not scopes[user_id].holds("reports.view", row.area_code)}
    return found


def _handlers(departments: Iterable[int]) -> Mapping[int, list[tuple[int, str]]]:
    """Department → who serves in it today, and in which area."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    wanted = set(departments)
    if wanted:
        serving = Posting.objects.unscoped("who hears follows from the departments of the report").in_force(clock.today())
        mine = serving.filter(role=Role.DEPARTMENT_HANDLER, department_id__in=wanted).order_by()
        for department, user_id, area in mine.values_list("department_id", "user_id", "area_code"):
            found[department].append((user_id, str(area)))
    return found
