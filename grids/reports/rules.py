"""Trying a dispatch rule: whether it can ever match, what it hides, and what it would have matched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from grids.areas.models import Area

from .enums import Desk, Hours
from .models import Category, DispatchRule, Report
from .routing import LEVELS, holds_for, is_service_time, lineage

TRIED_DAYS = 30
TRIED_REPORTS = 20_000
"""The latest so many are tried: enough to see what a rule does, and done in a second."""


def why_never(rule: DispatchRule, earlier: Sequence[DispatchRule]) -> str:
    """The sentence why a rule can never match; empty where it can. `earlier` are the rules in use before it, in order."""
    if rule.area_code and not Area.objects.filter(pk=rule.area_code, valid_to=None).exists():
        return _("There is no such area in force.")
    if rule.desk != Desk.DEPARTMENT and len(rule.area_code) < LEVELS[Desk(rule.desk)]:
        below = Area.objects.filter(code__startswith=rule.area_code, level=LEVELS[Desk(rule.desk)], valid_to=None)
        if not below.exists():
            return _("There is no desk of this level in the area: no report could be sent there.")
    hiding = hidden_by(rule, earlier)
    if hiding:
        names = _(", ").join(f"“{one}”" for one in hiding)
        return _("It can never match: %(rules)s comes first and takes everything that it would match.") % {"rules": names}
    return ""


def hidden_by(rule: DispatchRule, earlier: Iterable[DispatchRule]) -> list[DispatchRule]:
    """The earlier rules that together take everything this one would match; empty where something is left for it."""
    by_hours: dict[str, DispatchRule] = {}
    for one in earlier:
        if _takes_all(one, rule):
            by_hours.setdefault(one.hours, one)
    for hours in (Hours.ALWAYS, rule.hours):
        if hours in by_hours:
            return [by_hours[hours]]
    if Hours.SERVICE in by_hours and Hours.OUTSIDE in by_hours:
        return [by_hours[Hours.SERVICE], by_hours[Hours.OUTSIDE]]
    return []


def _takes_all(one: DispatchRule, rule: DispatchRule) -> bool:
    """Whether `one`, whenever it holds, matches every report that `rule` would."""
    if one.category_id is not None and one.category_id not in lineage(rule.category):
        return False
    if not rule.area_code.startswith(one.area_code):
        return False
    if one.desk == Desk.DEPARTMENT:
        return True
    least = 0 if rule.desk == Desk.DEPARTMENT else LEVELS[Desk(rule.desk)]
    return max(len(rule.area_code), least) >= LEVELS[Desk(one.desk)]


def in_order(rule: DispatchRule) -> tuple[list[DispatchRule], list[DispatchRule]]:
    """The other rules in use before and after a rule (saved or not yet: then it comes last of its order)."""
    others = DispatchRule.objects.filter(in_use=True).exclude(pk=rule.pk).select_related("category__parent")
    last = (1, 0) if rule.pk is None else (0, rule.pk)
    before, after = [], []
    for one in others:
        (before if (one.order, (0, one.pk)) < (rule.order, last) else after).append(one)
    return before, after


def hidden_behind(rule: DispatchRule) -> list[DispatchRule]:
    """The later rules that can never match because of this one, alone or together with others before them."""
    before, after = in_order(rule)
    found, row = [], [*before, rule]
    for one in after:
        hiding = hidden_by(one, row)
        if any(other.pk == rule.pk for other in hiding):
            found.append(one)
        row.append(one)
    return found


@dataclass(frozen=True, slots=True)
class Trial:
    """Of the reports filed lately how many the rule would have matched first."""

    matched: int
    tried: int


def try_rule(rule: DispatchRule, now: datetime) -> Trial:
    """Try a rule on the reports of the last 30 days, in its place among the others."""
    before, _after = in_order(rule)
    kinds = {one.pk: set(lineage(one)) for one in Category.objects.select_related("parent")}
    rows = Report.objects.unscoped("a number alone, for who edits the rules").filter(filed_at__gte=now - timedelta(days=TRIED_DAYS))
    matched = tried = 0
    for area_code, category_id, filed_at in rows.order_by("-filed_at").values_list("area_code", "category_id", "filed_at")[:TRIED_REPORTS]:
        tried += 1
        service = is_service_time(filed_at)
        given = (kinds.get(category_id, set()), area_code, service)
        if holds_for(rule, *given) and not any(holds_for(one, *given) for one in before):
            matched += 1
    return Trial(matched, tried)
