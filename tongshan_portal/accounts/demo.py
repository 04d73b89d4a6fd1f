"""The demo people: at least one per role, all invented, and marked so in their names （演示）."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise

from .enums import ROLES, Role

DISTRICT = "320312"
LIUXIN, MAOCUN, TONGSHAN_STREET = "320312106", "320312119", "320312009"
VILLAGE, OTHER_VILLAGE = "320312106201", "320312119201"
GRID, NEXT_GRID, OTHER_GRID = "320312106201001", "320312106201002", "320312119201001"
MICRO_GRID = "320312106201001001"

AREAS_BELOW_THE_TOWNS = {
    VILLAGE: "示例01村",
    OTHER_VILLAGE: "示例01村",
    GRID: "示例第001网格",
    NEXT_GRID: "示例第002网格",
    OTHER_GRID: "示例第001网格",
    MICRO_GRID: "示例第001微网格",
}
"""Synthetic, and called so; the same codes and names as in the synthetic district."""


@dataclass(frozen=True, slots=True)
class DemoPosting:
    """`starts` and `ends` are days from today; None: no end."""

    role: Role
    area_code: str
    department: str = ""
    starts: int = -400
    ends: int | None = None

    @property
    def span(self) -> tuple[timedelta, timedelta | None]:
        return timedelta(self.starts), timedelta(self.ends) if self.ends is not None else None


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to try the portal as."""

    username: str
    name: str
    postings: tuple[DemoPosting, ...]

    @property
    def role(self) -> Role:
        """The role of the first posting: what the person shows."""
        return self.postings[0].role

    @property
    def area(self) -> str:
        return self.postings[0].area_code

    @property
    def sentence(self) -> str | Promise:
        return ROLES[self.role].sentence


def _person(username: str, name: str, *postings: DemoPosting) -> DemoPerson:
    return DemoPerson(username, f"{name}（演示）", postings)


_P = DemoPosting
DEMO_PEOPLE = [
    _person("duty", "周海宁", _P(Role.DUTY_OFFICER, DISTRICT)),
    _person("dispatcher", "孙立群", _P(Role.DISPATCHER, DISTRICT)),
    _person("supervisor", "郑文博", _P(Role.SUPERVISOR, DISTRICT)),
    _person("director", "马国强", _P(Role.DIRECTOR, DISTRICT)),
    _person("town-liuxin", "陈淑芳", _P(Role.TOWN_OFFICER, LIUXIN)),
    _person("town-maocun", "刘建军", _P(Role.TOWN_OFFICER, MAOCUN)),
    _person("village", "张桂兰", _P(Role.VILLAGE_OFFICER, VILLAGE)),
    _person("grid-worker", "王小燕", _P(Role.GRID_WORKER, GRID)),
    _person("grid-worker-2", "李大勇", _P(Role.GRID_WORKER, NEXT_GRID)),
    _person("core-household", "赵玉梅", _P(Role.CORE_HOUSEHOLD, MICRO_GRID)),
    _person("department", "吴志远", _P(Role.DEPARTMENT_HANDLER, DISTRICT, "urban-management")),
    _person("mediator", "徐明德", _P(Role.MEDIATOR, LIUXIN)),
    _person("legal-aid", "高雅琴", _P(Role.LEGAL_AID_OFFICER, DISTRICT, "justice")),
    _person("legal-adviser", "林子涵", _P(Role.LEGAL_ADVISER, VILLAGE)),
    _person("judge", "何正清", _P(Role.DOCKING_JUDGE, DISTRICT, "court")),
    _person("room-host", "郭春生", _P(Role.ROOM_HOST, VILLAGE)),
    _person("deputy", "罗静怡", _P(Role.DEPUTY, LIUXIN)),
    _person("party-affairs", "宋红梅", _P(Role.PARTY_AFFAIRS_OFFICER, DISTRICT)),
    _person("secretary", "韩振华", _P(Role.BRANCH_SECRETARY, VILLAGE)),
    _person("volunteers", "唐晓雯", _P(Role.VOLUNTEER_ORGANISER, LIUXIN)),
    _person("antifraud", "许卫东", _P(Role.ANTIFRAUD_OFFICER, DISTRICT, "police")),
    _person("police", "曹志刚", _P(Role.COMMUNITY_POLICE, VILLAGE, "police")),
    _person("leader", "沈怀远", _P(Role.LEADER, DISTRICT)),
    _person("system-admin", "邓思源", _P(Role.SYSTEM_ADMIN, DISTRICT)),
    _person("security-admin", "冯雪松", _P(Role.SECURITY_ADMIN, DISTRICT)),
    _person("audit-admin", "程静秋", _P(Role.AUDIT_ADMIN, DISTRICT)),
    _person("two-postings", "彭安娜", _P(Role.TOWN_OFFICER, LIUXIN), _P(Role.MEDIATOR, MAOCUN)),
    _person("moved", "蒋玉柱", _P(Role.TOWN_OFFICER, TONGSHAN_STREET), _P(Role.GRID_WORKER, OTHER_GRID, starts=-900, ends=-401)),
    _person("ended", "潘长河", _P(Role.VILLAGE_OFFICER, OTHER_VILLAGE, ends=-30)),
    _person("future", "余新雨", _P(Role.VILLAGE_OFFICER, OTHER_VILLAGE, starts=30)),
]
