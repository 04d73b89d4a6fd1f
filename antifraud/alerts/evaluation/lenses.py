"""What a reader looks at: an area in which she counts, days, and within them a type, a grade, a source."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.accounts.scope import Scope
from tongshan_portal.evaluation.periods import Days

ACTION = "alerts.count"


@dataclass(frozen=True, slots=True)
class Lens:
    """An area, days, and what is chosen within them. `simulated`: the practice of a demo, and never anything else with it."""

    code: str
    days: Days
    type_id: int | None = None
    grade: str = ""
    source: str = ""
    simulated: bool = False

    def narrow(self, rows: QuerySet) -> QuerySet:
        """The rows of alerts, or of their tallies, that lie in the area and are of what is chosen."""
        chosen: dict[str, Any] = {"type_id": self.type_id, "grade": self.grade, "source": self.source}
        rows = rows.filter(found_under(self.code), is_simulated=self.simulated)
        return rows.filter(**{name: value for name, value in chosen.items() if value})

    @property
    def query(self) -> dict[str, Any]:
        """The same for the list of alerts."""
        days = {"begin": self.days.begin.isoformat(), "end": self.days.end.isoformat()}
        chosen = {"area": self.code, "type": self.type_id or "", "grade": self.grade, "source": self.source}
        return {**days, **chosen, "practice": "yes" if self.simulated else "no"}


def areas_of(scope: Scope) -> list[str]:
    """The areas whose figures the reader's postings show, the widest first."""
    return sorted({reach.area_code for reach in scope.reaches_for(ACTION)}, key=lambda code: (len(code), code))
