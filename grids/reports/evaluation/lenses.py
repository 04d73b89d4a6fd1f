"""Whose figures a reader looks at: an area that her postings hold, or her department's part of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from grids.areas.codes import covers
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.accounts.scope import Scope
from tongshan_portal.evaluation.periods import Days

from .filters import NONE, with_those_below

ACTION = "reports.evaluate"


@dataclass(frozen=True, slots=True)
class Holding:
    """An area whose figures a posting shows, all of them or those of one department."""

    code: str
    department_id: int | None = None


@dataclass(frozen=True, slots=True)
class Lens:
    """What is looked at: an area, days, and within them a category with those below it and a department (`none`: no department's)."""

    code: str
    days: Days
    under: int | None = None
    department: str = ""

    def narrow(self, rows: QuerySet) -> QuerySet:
        """The rows of reports, or of their tallies, that lie in the area and belong to the category and the department."""
        rows = rows.filter(found_under(self.code))
        if self.under is not None:
            rows = rows.filter(category_id__in=with_those_below(self.under))
        if self.department:
            rows = rows.filter(Q(department_id=None if self.department == NONE else int(self.department)))
        return rows

    @property
    def query(self) -> dict[str, Any]:
        """The same for the list of reports."""
        return {"area": self.code, "under": self.under or "", "stood_with": self.department}


def holdings_of(scope: Scope) -> list[Holding]:
    """What the reader's postings show, the widest first; a department's handler sees her department's part."""
    found = {
        Holding(reach.area_code, reach.department_id if reach.role is Role.DEPARTMENT_HANDLER else None)
        for reach in scope.reaches_for(ACTION)
        if reach.role is not Role.DEPARTMENT_HANDLER or reach.department_id is not None
    }
    return sorted(found, key=lambda one: (one.department_id is not None, len(one.code), one.code, one.department_id or 0))


def holding_for(holdings: Iterable[Holding], code: str, department: str) -> Holding | None:
    """The holding under which an area may be looked at; the department's own where only that is held. None: nothing there is hers."""
    fitting = [one for one in holdings if covers(one.code, code)]
    whole = [one for one in fitting if one.department_id is None]
    own = [one for one in fitting if str(one.department_id) == department]
    return next(iter([*whole, *own, *fitting]), None)
