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
    granted = ReportGrant.objects.in_force(clock.now()).filter(content_object__in=rows, permission__codename="reports.view")
    for row_id, user_id in granted.values_list("content_object_id", "user_id"):
        found[row_id].add(user_id)
    for row in rows:
        if row.filed_by_id is not None:
            found[row.pk].add(row.filed_by_id)
    scopes = scopes_of({user_id for people in found.values() for user_id in people}, clock.today())
    ears = DepartmentEars({one for row in rows for one in row.departments})
    for row in rows:
        found[row.pk] = {user_id for user_id in found[row.pk] if not scopes[user_id].holds("reports.view", row.area_code)}
        found[row.pk] |= {user_id for department in row.departments for user_id in ears.of(department, row.area_code)}
    return found


class DepartmentEars:
    """Who hears by name of reports that lie with departments, asked once for many reports."""

    def __init__(self, departments: Iterable[int]) -> None:
        self._handlers = _handlers(departments)
        self._scopes = scopes_of({user_id for serving in self._handlers.values() for user_id, _area in serving}, clock.today())
        self._found: dict[tuple[int, str], tuple[int, ...]] = {}

    def of(self, department_id: int, area_code: str) -> tuple[int, ...]:
        """The department's handlers in whose area a report lies; not those who hear of all that happens there anyway."""
        key = (department_id, area_code)
        if key not in self._found:
            here = {user_id for user_id, area in self._handlers.get(department_id, ()) if area_code.startswith(area)}
            self._found[key] = tuple(sorted(one for one in here if not self._scopes[one].holds("reports.view", area_code)))
        return self._found[key]


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
