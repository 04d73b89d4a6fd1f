"""Areas from a table: codes and names, as the statistical office lists them.

The whole file is one portion, so that an area may stand in it before or after the areas above it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.areas.codes import Level, is_area_code, level_of, parent_of
from grids.areas.models import Area
from grids.net.actions import list_areas
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.exchange.public import Column, Importer, Outcome, Row, parsers
from tongshan_portal.kernel.errors import DomainError

from .codes import from_statistical

WORDS = {
    Level.DISTRICT: ("county", "district", "区", "县", "区县"),
    Level.TOWN: ("township", "town", "镇", "乡", "街道", "乡镇", "镇街"),
    Level.VILLAGE: ("village", "community", "村", "社区", "村社区"),
    Level.GRID: ("grid", "网格"),
    Level.MICRO_GRID: ("micro-grid", "microgrid", "微网格"),
}


_digits = parsers.code(18)


def _code(value: str) -> str:
    code = from_statistical(_digits(value))
    if not is_area_code(code):
        raise DomainError(_("“%(value)s” is no area code: those have 6, 9, 12, 15 or 18 digits.") % {"value": value[:30]})
    return code


def _level(value: str) -> Level:
    for level, words in WORDS.items():
        if value.strip().casefold() in words or value.strip() == str(level.label):
            return level
    raise DomainError(
        _("“%(value)s” is no level: %(levels)s.") % {"value": value[:30], "levels": _(", ").join(str(one.label) for one in Level)}
    )


def _parent(value: str) -> str:
    return from_statistical(_digits(value))


class Divisions(Importer):
    name = "areas"
    label = gettext_lazy("Areas of the net")
    description = gettext_lazy("Codes and names of towns, villages, grids and micro-grids. Statistical codes of 12 digits are understood.")
    action = "areas.change"
    external_id = ("code",)
    chunk_rows = 100_000
    columns = (
        Column(
            "code",
            gettext_lazy("area code"),
            _code,
            required=True,
            aliases=("code", "区划代码", "统计用区划代码", "代码"),
            example="320312106",
        ),
        Column("name", gettext_lazy("name"), parsers.text(100), required=True, aliases=("名称", "单位名称"), example="柳新镇"),
        Column(
            "parent",
            gettext_lazy("area above"),
            _parent,
            aliases=("上级代码", "parent"),
            help=gettext_lazy("Checked against the code, if given."),
        ),
        Column("level", gettext_lazy("level"), _level, aliases=("级别", "层级"), help=gettext_lazy("Checked against the code, if given.")),
    )

    def validate_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> dict[int, list[str]]:
        """Parents that nobody knows, codes that are over, levels and parents that contradict the code.

        A parent in the file counts when it can be taken itself, so rows are judged from the upper levels down.
        """
        codes = {row["code"] for row in rows}
        wanted = codes | {parent for parent in map(parent_of, codes) if parent}
        known = dict(Area.objects.filter(pk__in=wanted).values_list("pk", "valid_to"))
        good = {code for code, ended in known.items() if ended is None}
        problems: dict[int, list[str]] = {}
        for row in sorted(rows, key=lambda one: len(one["code"])):
            found = list(self._problems(row, good, over=known.get(row["code"]) is not None))
            if found:
                problems[row.number] = found
            else:
                good.add(row["code"])
        return problems

    def _problems(self, row: Row, good: set[str], *, over: bool) -> list[str]:
        code, parent = row["code"], parent_of(row["code"])
        found = []
        if over:
            found.append(_("The area %(code)s is retired: codes are never used again.") % {"code": code})
        if row["level"] and row["level"] is not level_of(code):
            found.append(_("%(code)s is a code of the level “%(level)s”.") % {"code": code, "level": level_of(code).label})
        # The statistical list names the prefecture above a district; the portal's net begins at the district.
        if row["parent"] and parent and row["parent"] != parent:
            words = _("The area above %(code)s is %(parent)s by its code, not %(given)s.")
            found.append(words % {"code": code, "parent": parent, "given": row["parent"]})
        if parent and parent not in good:
            found.append(_("There is no area %(parent)s in force to put %(code)s into.") % {"parent": parent, "code": code})
        return found

    def plan_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Counter[Outcome]:
        names = dict(Area.objects.filter(pk__in=[row["code"] for row in rows]).values_list("pk", "name"))
        return Counter(
            Outcome.CREATED if row["code"] not in names else Outcome.CHANGED if names[row["code"]] != row["name"] else Outcome.UNCHANGED
            for row in rows
        )

    def write_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Counter[Outcome]:
        outcome = self.plan_batch(actor, rows, context)
        list_areas(actor=actor, rows=[(row["code"], row["name"]) for row in rows])
        return outcome

    def list_url(self) -> str:
        return reverse("net:map")
