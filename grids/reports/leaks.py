"""The leak matrix: which report which reader meets in which channel. The test walks it in full, docs/leaks.md is written from it.

A cell is "seen" where the reader sees the report (`SEES`), the channel carries it, and the channel is open to her. Everything else
must answer as if the report did not exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "grid": _("A report in her grid, just filed"),
    "next_grid": _("A report in the next grid, just filed"),
    "other_town": _("A report in another town"),
    "moved": _("A report that a grid worker filed and that now lies in another town"),
    "department": _("A report in the next grid on the desk of a department, another one is asked to co-handle"),
    "sealed": _("A report in her grid with a resident's name and phone"),
    "closed": _("A closed report in the next grid, handled by the department"),
    "void": _("A void report in her grid"),
    "merged": _("A report in her grid that was merged into the first one"),
    "draft": _("A draft that the grid worker has begun to write"),
}
LIVING = frozenset({"grid", "next_grid", "other_town", "moved", "department", "sealed"})
REPORTS = frozenset(OBJECTS) - {"draft"}
GRID, NEXT = frozenset({"grid", "sealed", "void", "merged"}), frozenset({"next_grid", "department", "closed"})
AWAY = frozenset({"other_town", "moved"})
NOTHING: frozenset[str] = frozenset()

READERS: dict[str, str | Promise] = {
    "worker": _("Grid worker of the grid"),
    "colleague": _("Grid worker of the next grid"),
    "village_officer": _("Village officer"),
    "town_officer": _("Town officer"),
    "police": _("Community police of the town"),
    "other_town_officer": _("Town officer of another town"),
    "duty_officer": _("Duty officer of the district"),
    "dispatcher": _("Dispatcher of the district"),
    "supervisor": _("Supervisor of the district"),
    "director": _("Director of the district"),
    "leader": _("Leader of the district"),
    "handler": _("Handler of the department that has it"),
    "handler_elsewhere": _("Handler of the same department in another town"),
    "other_handler": _("Handler of another department"),
    "co_handler": _("Handler of the department that is asked to co-handle"),
    "granted": _("Mediator to whom the report in another town was granted by name"),
    "mediator": _("Mediator"),
    "system_admin": _("System administrator"),
    "security_admin": _("Security administrator"),
    "auditor": _("Audit administrator"),
    "left": _("Town officer whose posting ended yesterday"),
    "stranger": _("A person without any posting"),
    "resident": _("Resident with code and key of her report, not signed in"),
    "nobody": _("Anybody, not signed in"),
}

SEES: dict[str, frozenset[str]] = {
    "worker": GRID | {"moved", "draft"},
    "colleague": NEXT,
    "village_officer": GRID | NEXT,
    "town_officer": GRID | NEXT,
    "police": GRID | NEXT,
    "other_town_officer": AWAY,
    "duty_officer": REPORTS,
    "dispatcher": REPORTS,
    "supervisor": REPORTS,
    "director": REPORTS,
    "leader": REPORTS,
    "handler": frozenset({"department", "closed"}),
    "handler_elsewhere": NOTHING,
    "other_handler": NOTHING,
    "co_handler": frozenset({"department"}),
    "granted": frozenset({"other_town"}),
    "mediator": NOTHING,
    "system_admin": NOTHING,
    "security_admin": NOTHING,
    "auditor": NOTHING,
    "left": NOTHING,
    "stranger": NOTHING,
    "resident": frozenset({"sealed"}),
    "nobody": NOTHING,
}

CENTRE = frozenset({"duty_officer", "dispatcher", "supervisor", "director"})
DESKS = frozenset({"worker", "colleague", "village_officer", "town_officer", "other_town_officer"})
HANDLERS = frozenset({"handler", "handler_elsewhere", "other_handler", "co_handler"})
SIGNED_IN = frozenset(READERS) - {"resident", "nobody"}
VIEWERS = CENTRE | DESKS | HANDLERS | {"police", "leader"}


@dataclass(frozen=True, slots=True)
class Channel:
    """A way on which a report can come to somebody: which objects it carries at all, to which readers it is open, and where it says more.

    `but`: readers of whom this channel holds less than they see, with what it holds.
    """

    label: str | Promise
    carries: frozenset[str]
    open_to: frozenset[str] = SIGNED_IN
    but: tuple[tuple[str, frozenset[str]], ...] = ()

    def shows(self, reader: str) -> frozenset[str]:
        """What the reader meets here."""
        if reader not in self.open_to:
            return NOTHING
        return dict(self.but).get(reader, SEES[reader]) & self.carries


CHANNELS: dict[str, Channel] = {
    "page": Channel(_("Page of the report"), REPORTS),
    "photo": Channel(_("Photo"), REPORTS),
    "list": Channel(_("List"), REPORTS),
    "search": Channel(_("Search in the list"), REPORTS),
    "export": Channel(_("Export"), REPORTS, CENTRE | HANDLERS | {"town_officer", "other_town_officer"}),
    "list_map": Channel(_("The list on the map"), REPORTS),
    "map": Channel(_("Points on the map of the net"), LIVING, VIEWERS),
    "hints": Channel(_("What stands near, while somebody files"), LIVING, CENTRE - {"supervisor", "director"} | DESKS | {"police"}),
    "similar": Channel(_("Similar ones and how they ended"), frozenset({"closed"})),
    "merge": Channel(
        _("Look-up by code: merge into another"),
        REPORTS - {"void", "merged"},
        frozenset({"duty_officer", "dispatcher", "town_officer"}),
    ),
    "bulk": Channel(_("Several at once"), REPORTS, CENTRE | DESKS | HANDLERS),
    "home": Channel(_("Home of the desk: numbers, and what waits"), LIVING, VIEWERS),
    "ticker": Channel(_("Ticker"), REPORTS),
    "live": Channel(_("Live events"), REPORTS),
    "drill": Channel(
        _("Evaluation: the rows behind a figure"),
        REPORTS - {"void", "merged"},
        CENTRE | HANDLERS | {"village_officer", "town_officer", "other_town_officer", "leader"},
        (("co_handler", NOTHING),),
    ),
    "contact": Channel(
        _("Opening the contact, with a reason"), frozenset({"sealed"}), CENTRE | {"worker", "village_officer", "town_officer"}
    ),
    "draft": Channel(_("Drafts"), frozenset({"draft"})),
    "follow": Channel(_("Address with code and key"), frozenset({"sealed"}), frozenset({"resident"})),
    "follow_photo": Channel(_("Photo by code and key"), frozenset({"sealed"}), frozenset({"resident"})),
}


HEAD = """# Who meets which report where

Made by `./portal manage leak_table` from `grids/reports/leaks.py`; a test walks every reader through every channel over one set of
reports and compares with this table, another fails when this page is stale. In a channel a reader meets what she sees (first table) as far
as the channel carries it and is open to her (second table). Everywhere else a report answers as one that does not exist. In no page, list,
file or event but the opened contact stands a name or a phone in the clear.

由 `./portal manage leak_table` 根据 `grids/reports/leaks.py` 生成。测试让每种读者走遍每个渠道，逐格核对；本页过期时另有测试报错。
读者在某渠道看到的，是第一张表中其可见的事件里、该渠道承载且对其开放的部分（第二张表）；其余一律如同不存在。
除说明理由后查看的联系方式外，任何页面、列表、文件、推送中都没有姓名或电话的明文。
"""


def _both(text: object) -> str:
    with translation.override("zh-hans"):
        chinese = str(text)
    with translation.override("en"):
        return f"{chinese}<br>{text}"


def _lines() -> Iterator[str]:
    yield "## Readers and reports 读者与事件\n"
    yield f"| reader 读者 | {' | '.join(f'`{name}`' for name in OBJECTS)} |"
    yield "|---|" + "---|" * len(OBJECTS)
    for reader, label in READERS.items():
        yield f"| {_both(label)} | {' | '.join('●' if name in SEES[reader] else '' for name in OBJECTS)} |"
    yield ""
    for name, label in OBJECTS.items():
        yield f"- `{name}`: {_both(label).replace('<br>', ' · ')}"
    yield "\n## Channels 渠道\n"
    yield "| channel 渠道 | carries 承载 | open to 开放对象 | less than she sees 少于可见 |"
    yield "|---|---|---|---|"
    for channel in CHANNELS.values():
        carries = (
            "all reports 全部事件" if channel.carries == REPORTS else ", ".join(f"`{one}`" for one in OBJECTS if one in channel.carries)
        )
        readers = ", ".join(f"`{one}`" for one in READERS if one in channel.open_to)
        opened = "everybody signed in 所有登录者" if channel.open_to == SIGNED_IN else readers
        less = ", ".join(f"`{reader}`: {', '.join(sorted(held)) or '–'}" for reader, held in channel.but)
        yield f"| {_both(channel.label)} | {carries} | {opened} | {less or '–'} |"
    yield "\nReaders in the second table 第二张表中的读者: " + ", ".join(
        f"`{name}` {_both(label).replace('<br>', ' · ')}" for name, label in READERS.items()
    )


def render() -> str:
    """The page as Markdown."""
    return "\n".join([HEAD, *_lines()]) + "\n"
