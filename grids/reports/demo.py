"""The demo's case reports: invented, called so, in every state of the loop, brought there by the real actions with times in the past."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from tongshan_portal.accounts.actor import Actor, system_actor
from tongshan_portal.accounts.demo import GRID, LIUXIN, MAOCUN, NEXT_GRID, VILLAGE
from tongshan_portal.accounts.models import Department
from tongshan_portal.workflow.calendar import local

from .actions import filing, handling, oversight
from .actions.opening import came_back, note_opening
from .enums import Source, Urgency
from .models import Category, Report
from .routing import Recipient

STORIES = (
    (
        "manhole",
        "人行道井盖缺失，夜间有绊倒风险",
        "井盖不见了，旁边没有围挡，晚上路灯暗，已有老人差点摔倒。",
        "已更换井盖并复位，现场清理完毕。",
    ),
    (
        "garbage",
        "小区东门外垃圾堆放两天无人清运",
        "垃圾堆到了路边，天热有异味，附近居民意见较大。",
        "已清运，增设分类桶两组，约定每日早晚各清一次。",
    ),
    (
        "facilities",
        "村口路灯不亮",
        "连着三盏不亮，晚上接孩子放学看不清路。",
        "更换灯头三个、修复线路一处，当晚恢复照明。",
    ),
    (
        "street",
        "学校门口占道摆摊影响通行",
        "放学时段摊点占了半幅路，家长和车辆混行。",
        "已劝离并划定临时经营点，放学时段安排值守。",
    ),
    (
        "roads",
        "道路坑洼积水，骑车容易摔倒",
        "坑有半米宽，下雨后看不出深浅。",
        "已铣刨补油，周边裂缝一并灌缝处理。",
    ),
    (
        "water",
        "下水道堵塞，雨后倒灌进院子",
        "雨水口被杂物堵住，水排不出去。",
        "清掏雨水口四处、疏通管道三十米，排水正常。",
    ),
    (
        "safety",
        "楼道内私拉电线给电动车充电",
        "电线从二楼窗户拉下来，插排放在楼道里。",
        "已拆除私拉线路，告知集中充电点位置，楼长每周巡查。",
    ),
    (
        "pollution",
        "夜间露天焚烧杂物，烟味大",
        "晚上九点以后在地头焚烧，连续两天。",
        "现场扑灭并教育当事人，安排网格巡查一周。",
    ),
    (
        "building",
        "疑似在公共通道搭建棚房",
        "通道只剩一米多宽，消防车进不来。",
        "经核查属未经批准搭建，当事人已自行拆除。",
    ),
    (
        "welfare",
        "独居老人咨询助餐服务",
        "老人行动不便，子女在外地，想了解送餐怎么申请。",
        "已上门登记，次日起由助餐点送餐。",
    ),
    (
        "dispute_lead",
        "两户因滴水问题多次争执",
        "楼上空调滴水，楼下晾衣受影响，双方情绪激动。",
        "加装接水管，双方当面说开，签字确认。",
    ),
    (
        "other",
        "健身器材松动",
        "广场单杠底座松动，孩子常在上面玩。",
        "已加固底座并更换螺栓。",
    ),
)
"""Category, title, details, result."""

ROADS = ("示例大道", "示例一路", "示例河滨路", "徐州高新技术产业开发区示例科创大道与示例二环西路交叉口西北角")
RETURNS = ("现场不在我单位管养范围，附图说明。", "信息不全，请补充具体位置。")
KEY = uuid5(NAMESPACE_URL, "https://portal.invalid/demo/reports")

FINISHED = ("closed",) * 7 + ("late_closed", "late_closed", "reworked_closed", "archived", "archived", "reopened_closed")
LIVING = (
    "filed", "filed", "opened", "opened", "bounced", "returned", "dispatched", "dispatched", "unsigned", "handling", "handling", "handling",
    "late", "late", "paused", "extension", "ordered", "hastened", "sent_back", "handled", "handled", "verified", "verified", "void_asked",
    "reopened",
)  # fmt: skip
OVER = ("withdrawn", "void", "merged")


def plots(number: int) -> Iterator[str]:
    """The course of each report, by its place: about half of them living, a few of every kind."""
    for place in range(number):
        kinds = OVER if place % 17 == 16 else FINISHED if place % 2 else LIVING
        yield kinds[(place // 2 if kinds is not OVER else place // 17) % len(kinds)]


def key_of(place: int) -> UUID:
    """The same report has the same key in every demo: written once."""
    return uuid5(KEY, str(place))


@dataclass
class Stage:
    """Who plays: actors by sign-in name, where things can happen, categories, and the moment of the demo."""

    actors: Mapping[str, Actor]
    spots: Sequence[tuple[str, float, float]]
    now: datetime
    categories: Mapping[str, Category] = field(default_factory=lambda: {row.code: row for row in Category.objects.all()})
    urban: Department | None = field(default_factory=lambda: Department.objects.filter(code="urban-management").first())
    others: Sequence[Department] = field(
        default_factory=lambda: list(Department.objects.filter(code__in=["police", "water", "housing", "ecology"]).order_by("code"))
    )


DESKS = (
    ("urban", ""),
    ("town-liuxin", LIUXIN),
    ("urban", ""),
    ("grid-worker", GRID),
    ("town-maocun", MAOCUN),
    ("grid-worker-2", NEXT_GRID),
    ("village", VILLAGE),
)
"""Who handles: `urban` is a department's desk, the others those of an area."""


def play(stage: Stage, place: int, plot: str) -> Report:
    """File one report and lead it through its plot. Every draw hangs on its place alone, so that a demo is like the other."""
    chance = random.Random(place)  # noqa: S311 - a demo
    desk, desk_code = DESKS[place % len(DESKS)]
    fitting = [spot for spot in stage.spots if spot[0].startswith(desk_code)] or stage.spots
    code, lon, lat = fitting[chance.randrange(len(fitting))]
    row = _file(stage, place, chance, code, (lon, lat), plot)
    _Course(stage, row, chance, desk, Recipient(desk_code=desk_code) if desk_code else Recipient(stage.urban)).run(plot)
    return row


FRESH = {"filed": (0.1, 1.4), "opened": (0.4, 2.0), "dispatched": (0.8, 3.5), "void_asked": (0.5, 1.8)}
"""Hours since filing of what has only just come in."""


def _age(plot: str, chance: random.Random) -> timedelta:
    """How long ago it was filed: what is over weeks ago, what is late a week ago, the rest within its limits."""
    if plot in FINISHED or plot in OVER:
        return timedelta(days=chance.uniform(6, 45))
    if plot in {"late", "unsigned"}:
        return timedelta(days=chance.uniform(7, 9))
    return timedelta(hours=chance.uniform(*FRESH[plot])) if plot in FRESH else timedelta(hours=chance.uniform(4, 30))


def _filed(now: datetime, plot: str, chance: random.Random) -> datetime:
    """When it was filed; what is days old by day, as most things are."""
    at, hours = local(now - _age(plot, chance)), chance.uniform(8.5, 15)
    return at.replace(hour=int(hours), minute=int(hours % 1 * 60)) if local(now) - at > timedelta(days=2) else at


def _file(stage: Stage, place: int, chance: random.Random, code: str, point: tuple[float, float], plot: str) -> Report:
    category, title, text, _result = STORIES[place // 2 % len(STORIES)]
    source = (Source.FIELD, Source.FIELD, Source.CALL, Source.HOTLINE, Source.FIELD, Source.RESIDENT)[place % 6]
    waits = source in {Source.CALL, Source.HOTLINE, Source.RESIDENT}
    filer = "grid-worker" if code == GRID else "duty"
    return filing.file_report(
        actor=stage.actors[filer],
        key=key_of(place),
        title=f"{ROADS[place % len(ROADS)]}{chance.randrange(1, 200)}号旁{title}" if place % 3 else title,
        text=text,
        area_code=code,
        category=stage.categories.get(category),
        urgency=Urgency.EMERGENCY if place % 29 == 3 else "",
        source=source,
        lon=round(point[0] + chance.uniform(-8e-4, 8e-4), 6),
        lat=round(point[1] + chance.uniform(-8e-4, 8e-4), 6),
        address=f"{ROADS[place % len(ROADS)]}{chance.randrange(1, 200)}号",
        contact=f"示例居民{place:03d}" if waits else None,
        phone=f"0516-0000{place:04d}" if waits else None,
        is_synthetic=True,
        now=_filed(stage.now, plot, chance),
    )


class _Course:
    """The course of one report: each deed a while after the one before it, never in the future."""

    def __init__(self, stage: Stage, row: Report, chance: random.Random, desk: str, to: Recipient):
        self.stage, self.row, self.chance, self.to = stage, row, chance, to
        self.desk = "department" if desk == "urban" else desk
        self.at = row.filed_at

    def do(self, who: str, action: Callable[..., Any], hours: float = 1.0, **given: Any) -> None:
        """One deed, so many hours later, as far as there is time until the demo's moment."""
        left = (self.stage.now - self.at) / 3
        self.at += min(timedelta(hours=hours * self.chance.uniform(0.5, 1.2)), left)
        actor = system_actor("reports") if who == "portal" else self.stage.actors[who]
        if action in (handling.dispatch, handling.feed_back):  # what came back is opened first
            row = Report.objects.unscoped("the demo's own report").get(pk=self.row.pk)
            if came_back(row):
                note_opening(actor=actor, row=row, now=self.at)
        action(actor=actor, report_id=self.row.pk, now=self.at, **given)

    def lately(self) -> None:
        """What comes next happened within the last two hours, if it can."""
        self.at = max(self.at, self.stage.now - timedelta(hours=self.chance.uniform(0.2, 2)))

    def open(self) -> None:
        self.do("duty", handling.open_report, 0.3)

    def dispatch(self, to: Recipient | None = None) -> None:
        self.open()
        self.do("dispatcher", handling.dispatch, 0.5, recipient=to or self.to)

    def handle(self) -> None:
        self.dispatch()
        self.do(self.desk, handling.sign_for, 1.0)

    def result(self) -> str:
        return next(story[3] for story in STORIES if story[0] == (self.row.category.code if self.row.category else "other"))

    def feed_back(self, hours: float = 6.0) -> None:
        self.handle()
        self.do(self.desk, handling.feed_back, hours, result=self.result())

    def close(self, hours: float = 6.0) -> None:
        self.feed_back(hours)
        self.do("supervisor", handling.verify, 3.0)
        self.do("supervisor", handling.close, 1.0, answer=self.result())

    def run(self, plot: str) -> None:
        """Lead the report through a plot."""
        getattr(self, f"plot_{plot}")()

    plot_closed, plot_opened, plot_handling, plot_handled = close, open, handle, feed_back

    def plot_filed(self) -> None:
        """It waits to be opened."""

    def plot_dispatched(self) -> None:
        self.dispatch()

    def plot_unsigned(self) -> None:
        others = self.stage.others
        self.dispatch(Recipient(others[self.chance.randrange(len(others))]) if others else None)

    plot_late = handle

    def plot_late_closed(self) -> None:
        self.close(24 * 12)

    def plot_reworked_closed(self) -> None:
        self.feed_back()
        self.do("supervisor", handling.send_back, 3.0, reason="现场复查仍有残留，请补做。")
        self.do(self.desk, handling.feed_back, 5.0, result=f"{self.result()}已补做到位。")
        self.do("supervisor", handling.verify, 2.0)
        self.do("supervisor", handling.close, 1.0, answer=self.result())

    def plot_archived(self) -> None:
        self.close()
        self.do("portal", handling.archive, 48)

    def plot_reopened_closed(self) -> None:
        self.close(3.0)
        self.do("director", handling.reopen, 24, reason="居民反映又出现同样问题。")
        self.do("dispatcher", handling.dispatch, 0.5, recipient=self.to)
        self.do(self.desk, handling.sign_for, 1.0)
        self.do(self.desk, handling.feed_back, 5.0, result=f"{self.result()}已建立巡查。")
        self.do("supervisor", handling.verify, 2.0)
        self.do("supervisor", handling.close, 1.0, answer=self.result())

    def plot_bounced(self) -> None:
        self.dispatch()
        self.lately()
        self.do(self.desk, handling.object_to, 2.0, reason=RETURNS[0])

    def plot_returned(self) -> None:
        self.handle()
        self.lately()
        self.do(self.desk, handling.return_report, 2.0, reason=RETURNS[1])

    def plot_paused(self) -> None:
        self.handle()
        self.do(self.desk, oversight.pause, 3.0, reason="等待电力部门停电配合。")

    def plot_extension(self) -> None:
        self.handle()
        self.do(self.desk, oversight.ask_extension, 2.0, amount=2, reason="配件需从外地调运。")

    def plot_ordered(self) -> None:
        self.handle()
        self.do("supervisor", oversight.supervise, 4.0, reason="群众反映较多，请书面说明处置安排。")

    def plot_hastened(self) -> None:
        self.handle()
        self.do("dispatcher", oversight.hasten, 4.0, reason="居民来电询问进展。")
        self.do(self.desk, oversight.add_note, 1.0, reason="已联系养护班组，今天到场。")

    def plot_sent_back(self) -> None:
        self.feed_back()
        self.lately()
        self.do("supervisor", handling.send_back, 3.0, reason="照片看不出是否修复，请补充并复查。")

    def plot_verified(self) -> None:
        self.feed_back()
        self.do("supervisor", handling.verify, 2.0)

    def plot_void_asked(self) -> None:
        self.open()
        self.do("duty", oversight.propose_void, 0.5, reason="经核实为误报。")

    def plot_reopened(self) -> None:
        self.close(3.0)
        self.lately()
        self.do("director", handling.reopen, 6, reason="回访时居民表示没有解决。")

    def plot_withdrawn(self) -> None:
        filer = next(name for name, actor in self.stage.actors.items() if actor.user_id == self.row.filed_by_id)
        self.do(filer, handling.withdraw, 0.3, reason="看错了位置，重新上报。")

    def plot_void(self) -> None:
        self.open()
        self.do("duty", oversight.propose_void, 0.5, reason="重复误报。")
        self.do("director", oversight.confirm_void, 2.0)

    def plot_merged(self) -> None:
        seen = Report.objects.unscoped("the demo").filter(is_synthetic=True).exclude(pk=self.row.pk)
        target = seen.exclude(state__in=["merged", "void", "withdrawn"]).order_by("pk").first()
        if target is not None:
            self.do("dispatcher", handling.merge, 0.5, into_code=target.code, reason="与前一件为同一事项。")
