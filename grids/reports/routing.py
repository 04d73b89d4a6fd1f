"""Where a report goes: the first dispatch rule that matches wins; without one a dispatcher decides by hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from grids.areas.codes import Level
from grids.areas.names import name_of
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.calendar import local, working_calendar

from .enums import Desk, Hours
from .models import Category, DispatchRule, Report

LEVELS = {Desk.TOWN: Level.TOWN, Desk.VILLAGE: Level.VILLAGE, Desk.GRID: Level.GRID}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a report: a department, or the desk of a town, village or grid."""

    department: Department | None = None
    desk_code: str = ""

    def __str__(self) -> str:
        return str(self.department) if self.department else name_of(self.desk_code)


def is_service_time(now: datetime) -> bool:
    """Whether desks are open at a moment."""
    calendar = working_calendar()
    service = calendar.service_at(now)
    return calendar.is_working(local(now).date()) and calendar.moment_of(service) == local(now)


def lineage(category: Category | None) -> list[int]:
    """A category and those above it, the nearest first."""
    found: list[int] = []
    while category is not None and category.pk not in found:
        found.append(category.pk)
        category = category.parent
    return found


def rule_for(row: Report, now: datetime) -> DispatchRule | None:
    """The first rule in order that holds for a report."""
    kinds, service = lineage(row.category), is_service_time(now)
    rules = DispatchRule.objects.filter(in_use=True).select_related("department")
    return next((rule for rule in rules if holds(rule, kinds, row.area_code, service=service)), None)


def holds(rule: DispatchRule, kinds: list[int], area_code: str, *, service: bool) -> bool:
    """Whether a rule holds for a lineage of categories, an area, and the hours."""
    if rule.category_id is not None and rule.category_id not in kinds:
        return False
    if rule.area_code and not area_code.startswith(rule.area_code):
        return False
    if rule.hours != Hours.ALWAYS and (rule.hours == Hours.SERVICE) is not service:
        return False
    return rule.desk == Desk.DEPARTMENT or len(area_code) >= LEVELS[Desk(rule.desk)]


def recipient_of(rule: DispatchRule, row: Report) -> Recipient:
    """Who gets a report by a rule."""
    if rule.desk == Desk.DEPARTMENT:
        return Recipient(rule.department)
    return Recipient(desk_code=row.area_code[: LEVELS[Desk(rule.desk)]])


def recipient_named(text: str, row: Report) -> Recipient:
    """The recipient of a choice as forms send it: `department:3`, `desk:320312106`. Raises DomainError."""
    kind, _colon, key = text.partition(":")
    if kind == "department" and key.isdigit():
        department = Department.objects.filter(pk=int(key)).first()
        if department is not None:
            return Recipient(department)
    if kind == "desk" and len(key) in LEVELS.values() and row.area_code.startswith(key):
        return Recipient(desk_code=key)
    raise DomainError(_("Choose a department, or a desk in whose area the report lies."), field="recipient")


def recipients_for(row: Report) -> list[tuple[str, str]]:
    """Every recipient that a report can be sent to, as choices: the category's own department, the desks of its place, all departments."""
    desks: list[Any] = [row.area_code[:level] for level in LEVELS.values() if len(row.area_code) >= level]
    offered = [(f"desk:{code}", name_of(code)) for code in desks]
    departments = [(f"department:{one.pk}", str(one)) for one in Department.objects.all()]
    usual = f"department:{row.category.department_id}" if row.category else ""
    return [*(one for one in departments if one[0] == usual), *offered, *(one for one in departments if one[0] != usual)]
