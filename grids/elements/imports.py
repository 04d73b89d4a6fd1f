"""Elements from files: households with their addresses, places, facilities, organisations."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.areas.codes import Level
from grids.areas.locating import locate_many
from grids.areas.models import Area
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.exchange.public import Column, Importer, Outcome, Row, parsers
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.identity import credit_code

from . import dictionary
from .actions import recording
from .enums import Dictionary
from .models import KINDS, Household

_SPLIT = re.compile(r"[,，;；、/|\s]+")


def _term(name: Dictionary) -> Any:
    """A term by its code or its word in either language; words are read anew as the dictionary changes."""

    def parse(value: str) -> str:
        for code, term in dictionary.choices(name):
            if value.casefold() in (code, term.label_zh.casefold(), term.label_en.casefold()):
                return code
        raise DomainError(_("“%(value)s” is not in the dictionary.") % {"value": value[:60]})

    return parse


def _needs(value: str) -> tuple[str, ...]:
    parse = _term(Dictionary.NEED)
    return tuple(dict.fromkeys(parse(word) for word in _SPLIT.split(value) if word))


def _credit_code(value: str) -> str:
    return credit_code(value)


DEGREES = gettext_lazy("Degrees, CGCS2000 or WGS 84.")
NUMBER = Column("number", gettext_lazy("number"), parsers.code(40), required=True, aliases=("编号", "户号", "户编号"), example="H-000001")
WHERE = (
    Column(
        "area_code",
        gettext_lazy("area code"),
        parsers.area_code(),
        aliases=("网格代码", "网格编码", "微网格代码"),
        example="320312106201001",
        help=gettext_lazy("Grid or micro-grid. May be empty where longitude and latitude are given: then the grid is found."),
    ),
    Column(
        "address", gettext_lazy("address"), parsers.text(200), aliases=("地址", "详细地址", "标准地址"), example="柳新镇示例01村3组12号"
    ),
    Column("lon", gettext_lazy("longitude"), parsers.degrees(180), aliases=("经度", "lng", "x"), help=DEGREES),
    Column("lat", gettext_lazy("latitude"), parsers.degrees(90), aliases=("纬度", "y"), help=DEGREES),
)


def _ground(actor: Actor, action: str, rows: Sequence[Row], context: Any) -> dict[int, list[str]]:
    """Find the grid of rows that give a point alone; say which rows lie nowhere, in no area in force, or outside the reader's areas."""
    problems: dict[int, list[str]] = {}
    bare = [row for row in rows if not row["area_code"]]
    placed = [row for row in bare if row["lon"] is not None and row["lat"] is not None]
    found = locate_many(np.array([row["lon"] for row in placed]), np.array([row["lat"] for row in placed])) if placed else []
    for row, located in zip(placed, found, strict=True):
        row.values["area_code"] = located.code
    for row in bare:
        if not row["area_code"]:
            words = _("The point lies in no grid.") if row["lon"] is not None else _("Neither an area code nor a point is given.")
            problems[row.number] = [words]
    known = context.cache.setdefault("areas", {})
    asked = {row["area_code"] for row in rows if row["area_code"]} - known.keys()
    there = set(Area.objects.filter(pk__in=asked, valid_to=None, level__gte=Level.GRID).values_list("pk", flat=True)) if asked else set()
    held = actor.scope.areas_for(action)
    for code in asked:
        if code not in there:
            known[code] = _("There is no grid or micro-grid %(code)s in force.") % {"code": code}
        else:
            known[code] = None if code.startswith(tuple(held)) else _("The area lies outside your scope.")
    for row in rows:
        if row["area_code"] and known[row["area_code"]]:
            problems[row.number] = [known[row["area_code"]]]
    return problems


class HouseholdImporter(Importer):
    """Households with their addresses; sealed as they are written, left alone where nothing differs."""

    name = "households"
    label = gettext_lazy("Households")
    description = gettext_lazy("The least that a service needs: where, whom to call, how many, and needs that the household agreed to.")
    action = "households.import"
    columns = (
        NUMBER,
        *WHERE,
        Column("contact", gettext_lazy("contact"), parsers.text(60), aliases=("联系人", "户主", "姓名"), example="王秀英"),
        Column("phone", gettext_lazy("phone"), parsers.phone(), aliases=("电话", "手机", "联系电话"), example="13800001234"),
        Column("size", gettext_lazy("people"), parsers.whole_number(1, 99), aliases=("人数", "家庭人口", "户人口"), example="3"),
        Column("needs", gettext_lazy("service needs"), _needs, aliases=("服务需求", "需求"), example="助老、就医协助"),
        Column("needs_agreed_on", gettext_lazy("agreed to on"), parsers.day(), aliases=("同意日期",), example="2026-01-31"),
    )
    external_id = ("number",)
    chunk_rows = 10_000

    def validate_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Mapping[int, Sequence[str]]:
        problems = _ground(actor, self.action, rows, context)
        for row in rows:
            if row["needs"] and row["needs_agreed_on"] is None:
                problems.setdefault(row.number, []).append(_("Needs are kept only when the household agreed: the day is missing."))
        return problems

    def plan_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Counter[Outcome]:
        held = Household.objects.unscoped("numbers are unique wherever their household lies")
        known = held.filter(number__in=[row["number"] for row in rows]).count()
        return Counter({Outcome.CHANGED: known, Outcome.CREATED: len(rows) - known})

    def write_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Counter[Outcome]:
        households = [
            recording.HouseholdRow(
                row["number"],
                row["area_code"],
                row["address"] or "",
                row["lon"],
                row["lat"],
                row["contact"] or "",
                row["phone"] or "",
                row["size"],
                row["needs"] or (),
                row["needs_agreed_on"],
            )
            for row in rows
        ]
        return recording.record_households(actor=actor, rows=households, now=context.now)

    def list_url(self) -> str:
        return reverse("elements:list", args=["household"])


class ElementImporter(Importer):
    """Places, facilities or organisations."""

    action = "elements.import"
    external_id = ("number",)
    chunk_rows = 5_000
    kind: str

    def validate_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Mapping[int, Sequence[str]]:
        return _ground(actor, self.action, rows, context)

    def plan_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Counter[Outcome]:
        held = KINDS[self.kind].objects.unscoped("numbers are unique wherever their element lies")
        known = held.filter(number__in=[row["number"] for row in rows]).count()
        return Counter({Outcome.CHANGED: known, Outcome.CREATED: len(rows) - known})

    def write_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Counter[Outcome]:
        return recording.record_elements(actor=actor, element=self.kind, rows=[row.values for row in rows], now=context.now)

    def list_url(self) -> str:
        return reverse("elements:list", args=[self.kind])


def _named(terms: Dictionary, example: str) -> tuple[Column, ...]:
    return (
        NUMBER,
        Column("name", gettext_lazy("name"), parsers.text(100), required=True, aliases=("名称",), example=example),
        Column("kind", gettext_lazy("kind"), _term(terms), required=True, aliases=("类别", "类型", "种类")),
        *WHERE,
    )


class PlaceImporter(ElementImporter):
    name, kind, label = "places", "place", gettext_lazy("Places")
    columns = _named(Dictionary.PLACE_KIND, "北望超市")


class FacilityImporter(ElementImporter):
    name, kind, label = "facilities", "facility", gettext_lazy("Facilities")
    columns = (
        *_named(Dictionary.FACILITY_KIND, "3号消火栓"),
        Column("sensor_id", gettext_lazy("sensor"), parsers.code(60), aliases=("传感器编号", "设备编号")),
    )


class OrganisationImporter(ElementImporter):
    name, kind, label = "organisations", "organisation", gettext_lazy("Organisations")
    columns = (
        *_named(Dictionary.ORGANISATION_KIND, "示例商贸有限公司"),
        Column("credit_code", gettext_lazy("credit code"), _credit_code, aliases=("统一社会信用代码", "信用代码")),
    )


IMPORTERS = (HouseholdImporter, PlaceImporter, FacilityImporter, OrganisationImporter)
