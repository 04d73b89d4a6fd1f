"""A report as another system or a file has it: its columns, how they are read, and where it lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.areas.locating import place_many
from grids.areas.models import Area
from grids.areas.shapes.locator import How
from tongshan_portal.exchange.public import Column, parsers

from .dictionaries import Dictionaries
from .enums import Located, ReportState, Source, Urgency
from .evaluation.working_time import Hours, own_hours
from .models import Category

SOURCE_STATES = (
    ReportState.FILED,
    ReportState.OPENED,
    ReportState.DISPATCHED,
    ReportState.CLOSED,
    ReportState.ARCHIVED,
    ReportState.WITHDRAWN,
    ReportState.VOID,
)
"""States that a source may report of its own matters; the others need people of the portal."""


@dataclass(slots=True)
class IncomingReport:
    """One report of another system. `origin` and `external_id` make it the same one when it comes again.

    Without a `state` it is living: clocks, dispatch and ledger as if somebody had filed it here. With one the source keeps it: state, due
    and closing times are its own, and the portal starts no clock and raises no alarm. `problem` is why it cannot be taken, once known.
    """

    origin: str
    external_id: str
    title: str
    filed_at: datetime | None
    area_code: str = ""
    located: str = Located.CHOSEN
    text: str = ""
    category: Category | None = None
    urgency: str = ""
    source: str = Source.SYSTEM
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    contact: str = ""
    phone: str = ""
    department_id: int | None = None
    state: str = ""
    due_at: datetime | None = None
    closed_at: datetime | None = None
    resolution: str = ""
    hours: Hours | None = field(default_factory=own_hours)
    """The other system's calendar and hours of service; None: not known, so nothing is said about working time."""

    problem: tuple[str, str] | None = None
    """(field, sentence)."""


_WGS84 = gettext_lazy("Degrees, CGCS2000 or WGS 84.")
_HISTORY = gettext_lazy("For matters that the other system handles or has closed; empty: it is handled here.")
EXTERNAL_ID = Column(
    "external_id",
    gettext_lazy("number there"),
    parsers.code(80),
    required=True,
    aliases=("编号", "工单编号", "案卷编号", "事件编号", "流水号"),
    example="HL-2026-000123",
    help=gettext_lazy("The number in the system it comes from: sent again, it is the same report."),
)
ORIGIN = Column(
    "origin",
    gettext_lazy("system it came from"),
    parsers.code(40),
    required=True,
    aliases=("来源系统", "系统"),
    example="hotline12345",
    help=gettext_lazy("A short name, always the same for one system."),
)
FACTS = (
    Column(
        "title",
        gettext_lazy("what happened"),
        parsers.text(120),
        required=True,
        aliases=("标题", "事件标题", "问题描述"),
        example="路口井盖缺失",
    ),
    Column("text", gettext_lazy("details"), parsers.text(20_000), aliases=("内容", "详情", "诉求内容")),
    Column(
        "category",
        gettext_lazy("category"),
        parsers.text(80),
        aliases=("类别", "事件类别", "问题类别"),
        example="井盖缺损",
        help=gettext_lazy("Its code, or its word in either language. Empty: suggested by the words of the report."),
    ),
    Column("urgency", gettext_lazy("urgency"), parsers.choice(lambda: list(Urgency.choices)), aliases=("紧急程度",)),
    Column(
        "area_code",
        gettext_lazy("area code"),
        parsers.area_code(),
        aliases=("网格代码", "区划代码", "区域代码"),
        example="320312106201001",
        help=gettext_lazy("May be empty where longitude and latitude are given, or at least an address: then the desk decides."),
    ),
    Column("lon", gettext_lazy("longitude"), parsers.degrees(180), aliases=("经度", "lng", "x"), help=_WGS84),
    Column("lat", gettext_lazy("latitude"), parsers.degrees(90), aliases=("纬度", "y"), help=_WGS84),
    Column("address", gettext_lazy("address"), parsers.text(200), aliases=("地址", "地点", "发生地点")),
    Column(
        "filed_at",
        gettext_lazy("filed"),
        parsers.moment(),
        aliases=("上报时间", "受理时间", "登记时间"),
        example="2026-01-31 08:30",
        help=gettext_lazy("In China Standard Time, unless it states its own zone (2026-01-31T08:30:00+00:00). Empty: now."),
    ),
    Column(
        "source",
        gettext_lazy("source"),
        parsers.choice(lambda: [(one.value, one.label) for one in Source if one is not Source.PART]),
        aliases=("来源", "上报渠道"),
    ),
    Column("contact", gettext_lazy("who raised it"), parsers.text(60), aliases=("联系人", "诉求人", "姓名")),
    Column("phone", gettext_lazy("phone"), parsers.phone(), aliases=("电话", "联系电话", "手机")),
    Column(
        "department",
        gettext_lazy("department"),
        parsers.text(80),
        aliases=("承办单位", "处置部门", "部门"),
        help=gettext_lazy("Its code or name. A living report goes straight to it."),
    ),
    Column(
        "state",
        gettext_lazy("state"),
        parsers.choice(lambda: [(state.value, state.label) for state in SOURCE_STATES]),
        aliases=("状态", "办理状态"),
        help=_HISTORY,
    ),
    Column("due_at", gettext_lazy("deadline"), parsers.moment(), aliases=("截止时间", "办理时限"), help=_HISTORY),
    Column("closed_at", gettext_lazy("closed"), parsers.moment(), aliases=("办结时间", "结案时间"), help=_HISTORY),
    Column("resolution", gettext_lazy("result"), parsers.text(20_000), aliases=("办理结果", "处置结果")),
)
NUMBERS = {"lon": {"type": "number"}, "lat": {"type": "number"}}
"""Of JSON, what is no text."""


def report_of(values: Mapping[str, Any], origin: str, known: Dictionaries) -> IncomingReport:
    """The report of a row's parsed values; what the dictionaries do not know is its `problem`."""
    row = IncomingReport(
        origin=origin,
        external_id=values["external_id"],
        title=values["title"],
        filed_at=values["filed_at"],
        area_code=values["area_code"] or "",
        text=values["text"] or "",
        urgency=values["urgency"] or "",
        source=values["source"] or Source.SYSTEM,
        lon=values["lon"],
        lat=values["lat"],
        address=values["address"] or "",
        contact=values["contact"] or "",
        phone=values["phone"] or "",
        state=values["state"] or "",
        due_at=values["due_at"],
        closed_at=values["closed_at"],
        resolution=values["resolution"] or "",
    )
    if values["category"]:
        row.category = known.category_words.get(values["category"].casefold())
        if row.category is None:
            row.problem = ("category", _("There is no category “%(word)s”, or several are called so.") % {"word": values["category"]})
    else:
        row.category = known.suggest(row.title + row.text)
    if values["department"]:
        department = known.department_words.get(values["department"].casefold())
        row.department_id = department.pk if department is not None else None
        if department is None:
            row.problem = ("department", _("There is no department “%(word)s”.") % {"word": values["department"]})
    return row


def check(row: IncomingReport, now: datetime) -> None:
    """Set the `problem` of a report whose facts contradict each other."""
    if row.problem is not None:
        return
    closed = row.state in (ReportState.CLOSED, ReportState.ARCHIVED)
    if row.state and row.filed_at is None:
        row.problem = ("filed_at", _("A matter of the other system has the time when it was filed."))
    elif row.filed_at is not None and row.filed_at > now:
        row.problem = ("filed_at", _("It was filed in the future: state the time zone."))
    elif (row.lon is None) != (row.lat is None):
        row.problem = ("lon", _("Longitude and latitude belong together."))
    elif closed and row.closed_at is None:
        row.problem = ("closed_at", _("A closed matter has the time when it was closed."))
    elif not closed and row.closed_at is not None:
        row.problem = ("state", _("It has a closing time, but its state says that it is not closed."))
    elif row.closed_at is not None and row.filed_at is not None and row.closed_at < row.filed_at:
        row.problem = ("closed_at", _("It was closed before it was filed."))
    elif row.state == ReportState.DISPATCHED and row.department_id is None:
        row.problem = ("department", _("A dispatched matter names its department."))
    elif not row.state and (row.due_at is not None or row.resolution):
        row.problem = ("state", _("Deadline and result belong to matters of the other system: give its state too."))


def locate(rows: Sequence[IncomingReport], held: Sequence[str], fallback: str) -> None:
    """Find where reports lie that give a point or an address alone, and set the `problem` of those that lie nowhere or outside `held`.

    `held` are area codes; ("",) is everywhere. `fallback` is the area for which the desk decides, where only an address is known.
    """
    bare = [row for row in rows if row.problem is None and not row.area_code]
    placed = [row for row in bare if row.lon is not None]
    if placed:
        found = place_many(np.array([row.lon for row in placed], dtype=float), np.array([row.lat for row in placed], dtype=float))
        for row, one in zip(placed, found, strict=True):
            row.area_code, row.located = one.code or "", Located.POINT if one.how is How.INSIDE else Located.NEAREST
    for row in bare:
        if row.area_code:
            continue
        if row.lon is not None:
            row.problem = ("lon", _("The point lies in no area of the net. Check longitude, latitude and their coordinate system."))
        elif row.address:
            row.area_code, row.located = fallback, Located.DESK
        else:
            row.problem = ("area_code", _("Say where: an area code, longitude and latitude, or an address."))
    codes = {row.area_code for row in rows if row.problem is None}
    in_force = set(Area.objects.filter(pk__in=codes, valid_to=None).values_list("pk", flat=True))
    for row in rows:
        if row.problem is None and row.area_code not in in_force:
            row.problem = ("area_code", _("There is no area %(code)s in force.") % {"code": row.area_code})
        elif row.problem is None and not row.area_code.startswith(tuple(held)):
            row.problem = ("area_code", _("The area lies outside your scope."))
