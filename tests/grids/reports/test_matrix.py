"""Every state × verb × person of the closed loop, through the real actions."""

from datetime import timedelta
from uuid import uuid4

import pytest

from grids.reports.actions import answering, co_handling, deferring, handling, moving, oversight, splitting, sub_tasks
from grids.reports.enums import ON_A_DESK, CoHandlingState, ReportState
from grids.reports.models import Category, CoHandling, Report, SubTask
from grids.reports.routing import Recipient
from grids.reports.workflow import STEPS, WITH_PARTS
from tests.conftest import GRID, NEXT_GRID, TOWN, VILLAGE
from tests.workflow.matrix import Cell, cells, check, walk
from tongshan_portal.kernel import clock

pytestmark = pytest.mark.django_db

PEOPLE = [
    "worker", "colleague", "village_officer", "town_officer", "other_town_officer", "duty_officer", "dispatcher", "supervisor", "director",
    "handler", "assistant", "other_handler", "co_handler", "mediator", "system_admin", "auditor", "stranger",
]  # fmt: skip
CENTRE = {"duty_officer", "dispatcher", "supervisor", "director"}
DESK = {"handler", "assistant"}
SENDERS = {"duty_officer", "dispatcher", "town_officer"}
MAY = {
    "open_report": SENDERS | {"village_officer"},
    "place": SENDERS | {"village_officer"},
    "classify": SENDERS | {"village_officer"},
    "dispatch": SENDERS,
    "sign_for": DESK,
    "object_to": DESK,
    "return_report": DESK,
    "send_up": set(),
    "send_up_to_centre": set(),
    "send_down": set(),
    "transfer": DESK,
    "ask_co_handling": DESK | SENDERS,
    "accept_co_handling": {"co_handler"},
    "refuse_co_handling": {"co_handler"},
    "finish_co_handling": {"co_handler"},
    "drop_co_handling": DESK | SENDERS,
    "give_sub_task": DESK,
    "finish_sub_task": DESK,
    "split_off": SENDERS,
    "feed_back": DESK,
    "verify": {"supervisor", "duty_officer", "town_officer"},
    "send_back": {"supervisor", "duty_officer", "town_officer"},
    "make_return_call": {"supervisor", "duty_officer", "dispatcher", "town_officer"},
    "close": {"supervisor", "duty_officer", "town_officer"},
    "reopen": CENTRE | {"town_officer"},
    "pause": DESK,
    "resume": DESK,
    "ask_extension": DESK,
    "approve_extension": {"director", "supervisor", "town_officer"},
    "refuse_extension": {"director", "supervisor", "town_officer"},
    "ask_deferral": DESK,
    "approve_deferral": {"director", "supervisor", "town_officer"},
    "refuse_deferral": {"director", "supervisor", "town_officer"},
    "hasten": CENTRE | {"town_officer"},
    "supervise": {"supervisor", "director"},
    "answer_order": DESK,
    "add_note": CENTRE | DESK | {"worker", "village_officer", "town_officer", "other_handler", "co_handler"},
    "withdraw": {"worker"},
    "propose_void": CENTRE | {"town_officer"},
    "confirm_void": CENTRE | {"town_officer"},
    "reject_void": CENTRE | {"town_officer"},
    "merge": SENDERS,
    "unmerge": SENDERS,
}
"""Who may, of a report of the first grid that stands on the desk of the department `urban`."""

WITHOUT_DESK = {"drop_co_handling": SENDERS, "finish_sub_task": {"assistant"}}
"""The same where it stands on no desk meanwhile, but its parts are open."""

ON_DESK = {
    GRID: ("worker", {"send_up": {"worker"}, "transfer": {"worker"}}),
    VILLAGE: ("village_officer", {"send_up": {"village_officer"}, "send_down": {"village_officer"}, "transfer": {"village_officer"}}),
    TOWN: ("town_officer", {"send_up_to_centre": {"town_officer"}, "send_down": {"town_officer"}, "transfer": {"town_officer"}}),
}
"""The desk of an area: who serves there, and who moves a report that stands on it."""

MOVES = ("send_up", "send_up_to_centre", "send_down", "transfer")
REASON = {"reason": "理由"}


@pytest.fixture
def before(act, people, desk):
    """What each verb needs beforehand, where the state allows it at all."""

    def co_handling_in(row: Report, state: str) -> None:
        CoHandling.objects.create(
            report=row, area_code=row.area_code, department=desk("transport").department, text="封闭车道", state=state,
            asked_by=people["handler"], asked_at=clock.now(),
        )  # fmt: skip
        Report.objects.filter(pk=row.pk).update(co_handlers={desk("transport").key: state}, open_parts=1)

    def sub_task(row: Report) -> None:
        SubTask.objects.create(
            report=row,
            area_code=row.area_code,
            text="取配件",
            assignee=people["assistant"],
            made_by=people["handler"],
            made_at=clock.now(),
        )
        Report.objects.filter(pk=row.pk).update(assignees=[people["assistant"].pk], open_parts=1)

    def pk_by(who: str, call, **given):
        return lambda row: call(actor=act(who), report_id=row.pk, **given)

    asked, living = (lambda row: co_handling_in(row, CoHandlingState.ASKED)), ("filed", "opened", "dispatched", "handling")
    day = clock.today() + timedelta(days=3)
    proposed = lambda row: Report.objects.filter(pk=row.pk).update(void_asked_by=people["auditor"])  # noqa: E731
    deeds = {
        **dict.fromkeys(("confirm_void", "reject_void"), (living, proposed)),
        **dict.fromkeys(
            ("approve_extension", "refuse_extension"),
            (("handling",), pk_by("handler", oversight.ask_extension, amount=1, reason="缺材料")),
        ),
        **dict.fromkeys(
            ("approve_deferral", "refuse_deferral"), (("handling",), pk_by("handler", deferring.ask_deferral, until=day, reason="汛期"))
        ),
        "answer_order": (ON_A_DESK, pk_by("director", oversight.supervise, reason="请说明")),
        "resume": (("handling",), pk_by("handler", oversight.pause, reason="等待配件")),
        **dict.fromkeys(("accept_co_handling", "refuse_co_handling", "drop_co_handling"), (WITH_PARTS, asked)),
        "finish_co_handling": (WITH_PARTS, lambda row: co_handling_in(row, CoHandlingState.ACCEPTED)),
        "finish_sub_task": (WITH_PARTS, sub_task),
    }

    def prepare(verb: str, row: Report) -> None:
        states, deed = deeds.get(verb, ((), None))
        if row.state in states:
            deed(row)

    return prepare


@pytest.fixture
def do(act, people, desk, file):
    """How each verb is done."""
    other = file()
    given = {
        "dispatch": lambda: {"recipient": Recipient(desk_code=TOWN)},
        "place": lambda: {"area_code": NEXT_GRID},
        "classify": lambda: {"category": Category.objects.get(code="water")},
        "merge": lambda: {"into_code": other.code, **REASON},
        "ask_extension": lambda: {"amount": 1, **REASON},
        "ask_deferral": lambda: {"until": clock.today() + timedelta(days=3), **REASON},
        "send_down": lambda: {"recipient": Recipient(desk_code=GRID)},
        "transfer": lambda: {"recipient": desk("water"), **REASON},
        "ask_co_handling": lambda: {"recipient": desk("transport"), **REASON},
        "give_sub_task": lambda: {"assignee_id": people["assistant"].pk, "text": "取配件"},
        "split_off": lambda: {"key": uuid4(), "title": "路面破损", "recipient": desk("transport")},
        "make_return_call": lambda: {"reached": True},
        **dict.fromkeys(("feed_back", "answer_order", "finish_co_handling", "finish_sub_task"), lambda: {"result": "已办"}),
    }
    modules = (handling, oversight, moving, co_handling, sub_tasks, deferring, answering, splitting)
    reasoned = {item.verb for item in STEPS.transitions if "reason" in {need.value for need in item.needs}}

    def take(verb: str, who: str, row: Report) -> object:
        call = next(getattr(module, verb) for module in modules if getattr(module, verb, None))
        fields = given[verb]() if verb in given else REASON if verb in reasoned else {}
        return call(actor=act(who), report_id=row.pk, **fields)

    return take


def test_the_table_names_every_verb_of_the_expectation():
    assert set(MAY) == {item.verb for item in STEPS.transitions if not item.by_system}


@pytest.mark.parametrize("state", ReportState.values)
def test_state_verb_role(report_in, before, do, state):
    may = MAY | (WITHOUT_DESK if state == "opened" else {})
    walk(
        cells(STEPS, PEOPLE, states=[state]),
        row=report_in(state),
        before=before,
        act=lambda cell, row: do(cell.verb, cell.person, row),
        allowed=lambda cell: cell.person in may[cell.verb],
    )


@pytest.mark.parametrize("code", ON_DESK)
@pytest.mark.parametrize("state", ["dispatched", "handling"])
def test_state_move_role_on_the_desk_of_an_area(on_desk, do, code, state):
    holder, may = ON_DESK[code]
    walk(
        [cell for cell in cells(STEPS, PEOPLE, states=[state]) if cell.verb in MOVES],
        row=on_desk(code, holder, state),
        act=lambda cell, row: do(cell.verb, cell.person, row),
        allowed=lambda cell: cell.person in may.get(cell.verb, ()),
    )


def test_who_has_a_sub_task_finishes_it_also_when_the_report_stands_elsewhere(report_in, before, do, act, desk):
    row = report_in("handling")
    before("finish_sub_task", row)
    moving.transfer(actor=act("handler"), report_id=row.pk, recipient=desk("water"), reason="管线")
    row.refresh_from_db()
    check(cell(row, "colleague"), row=row, act=lambda held: do("finish_sub_task", "colleague", held), allowed=False)
    check(cell(row, "handler"), row=row, act=lambda held: do("finish_sub_task", "handler", held), allowed=False)
    check(cell(row, "assistant"), row=row, act=lambda held: do("finish_sub_task", "assistant", held), allowed=True)
    row.refresh_from_db()
    assert (row.open_parts, row.assignees) == (0, [])


def cell(row: Report, who: str) -> Cell:
    return Cell(STEPS, row.state, "finish_sub_task", who, row.state)
