"""What a figure is: one condition, and the day to which what it counts belongs."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.functional import Promise

from tongshan_portal.workflow.calendar import at_day


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of rows: of the day in `day`, that meet `condition`; `label` says so above their list."""

    name: str
    label: str | Promise
    day: str
    condition: Q


def between(day: str, begin: date, end: date) -> Q:
    """That a moment lies on a day from `begin` to `end`, both included, on the district's clock."""
    return Q(**{f"{day}__gte": midnight(begin), f"{day}__lt": at_day(end.toordinal() + 1, 0)})


def midnight(day: date) -> datetime:
    """When a day begins in the district."""
    return at_day(day.toordinal(), 0)
