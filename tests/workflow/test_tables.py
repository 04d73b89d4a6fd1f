"""A transition table: what it refuses to be, what it offers, what it lets through."""

from types import SimpleNamespace

import pytest
from django.db.models import TextChoices
from django.utils import translation

from tongshan_portal.kernel.errors import DomainError, InvalidTransition, NotAllowed
from tongshan_portal.workflow.tables import Table, TableError, clock_steps
from tongshan_portal.workflow.transitions import ClockMove, Missing, Need, Transition, pause, resume, start, stop


class State(TextChoices):
    OPEN = "open", "open"
    HANDLING = "handling", "being handled"
    WAITING = "waiting", "waiting for the resident"
    HANDLED = "handled", "handled"
    CLOSED = "closed", "closed"


def photo(row):
    """an after-photo"""
    if not row.photo:
        yield Missing("A photo taken afterwards is missing.", fix="add_photo")


SIGN = Transition("sign_for", (State.OPEN,), State.HANDLING, "Sign for", "reports.sign_for", clocks=(start("handling"),), primary=True)
WAIT = Transition("wait", (State.HANDLING,), State.WAITING, "Wait", "reports.handle", needs=(Need.REASON,), clocks=(pause("handling"),))
GO_ON = Transition("go_on", (State.WAITING,), State.HANDLING, "Go on", by_system=True, clocks=(resume("handling"),))
HASTEN = Transition("hasten", (State.HANDLING, State.WAITING), None, "Hasten", "reports.hasten")
HANDLE = Transition(
    "feed_back", (State.HANDLING,), State.HANDLED, "Feed back", "reports.handle", needs=(Need.RESULT,), clocks=(stop("handling"),)
)
VERIFY = Transition(
    "verify", (State.HANDLED,), State.CLOSED, "Verify", "reports.verify", guards=(photo,), differs_from=("handled_by_id", "helpers")
)
VOID = Transition("void", (State.OPEN,), State.CLOSED, "Void", "reports.void", needs=(Need.REASON, Need.APPROVAL))
ALL = (SIGN, WAIT, GO_ON, HASTEN, HANDLE, VERIFY, VOID)


PEOPLE = {"handled_by_id": "whoever handled it", "helpers": "the helpers"}
BY_PORTAL = {"action": "", "by_system": True}
STUCK = "clock handling is paused but never resumed, or resumed but never paused; state waiting is a dead end but not final"


def make(transitions=ALL, **fields) -> Table:
    return Table(
        **{
            "name": "report", "title": "Report", "states": State, "tones": dict.fromkeys(State.values, "neutral"), "initial": State.OPEN,
            "final": frozenset([State.CLOSED]), "transitions": tuple(transitions), "people": PEOPLE,
            "clocks": {"handling": "time to handle"},
        } | fields
    )  # fmt: skip


def row(state, **fields):
    return SimpleNamespace(**{"state": state, "photo": "p.jpg", "handled_by_id": 7, "helpers": [8, 9]} | fields)


def everybody(name, row):
    return True


def plain(verb="go", from_=(State.OPEN,), to=State.CLOSED, label="Go", action="a.b", **fields):
    return Transition(verb, from_, to, label, action, **fields)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"initial": "nowhere"}, "unknown state nowhere"),
        ({"final": frozenset(["gone"])}, "unknown state gone"),
        ({"final": frozenset()}, "it has no final state"),
        ({"transitions": (*ALL, plain(to="moon"))}, "go: unknown state moon"),
        ({"transitions": (*ALL, plain(from_=("moon",)))}, "go: unknown state moon"),
        ({"transitions": ()}, "it has no transitions"),
        ({"transitions": (*ALL, plain(from_=()))}, "go: it starts nowhere"),
        ({"transitions": (*ALL, plain(from_="open"))}, "go: from_ must be a tuple"),
        ({"transitions": (*ALL, plain(label=""))}, "go: it has no label"),
        ({"transitions": (*ALL, plain(action=""))}, "go: nobody may do it, as it names no action"),
        ({"transitions": (*ALL, plain(by_system=True))}, "go: the system asks nobody, so it has no action and no button"),
        ({"transitions": (*ALL, plain(**BY_PORTAL, differs_from=("helpers",)))}, "go: the system is nobody else than anybody"),
        ({"transitions": (*ALL, plain(differs_from=("boss",)))}, "go: differs from boss, which is not among the people of the table"),
        ({"transitions": (*ALL, plain("void"))}, "void: 2 transitions start from open"),
        ({"transitions": (*ALL, plain(clocks=(start("handling"), stop("handling"))))}, "go: moves the clock handling 2 times"),
        ({"transitions": (*ALL, plain(clocks=(pause("handling"),)))}, "go: pauses the clock handling without a reason"),
        ({"transitions": (*ALL, plain(clocks=(start("x"),)))}, "clock x is not declared; clock x is never stopped"),
        ({"transitions": (*ALL, plain(clocks=(stop("x"),)))}, "clock x is not declared; clock x is never started"),
        ({"transitions": [t for t in ALL if t.verb != "go_on"]}, STUCK),
        ({"clocks": {"handling": "h", "idle": "i"}}, "clock idle is never started; clock idle is never stopped"),
        ({"tones": dict.fromkeys(State.values[1:], "x")}, "state open has no colour token"),
        ({"transitions": [t for t in ALL if t.verb not in {"wait", "go_on"}]}, "state waiting cannot be reached from open"),
        ({"transitions": [t for t in ALL if t.verb != "verify"]}, "state handled is a dead end but not final"),
        ({"transitions": [*ALL[:5], plain(from_=(State.HANDLED,), to=State.HANDLING)]}, "no way leads from handling to a final state"),
    ],
)  # fmt: skip
def test_a_table_that_contradicts_itself_is_refused(fields, complaint):
    with pytest.raises(TableError) as caught:
        make(**fields)
    assert str(caught.value).startswith("table report: ")
    assert complaint in str(caught.value).removeprefix("table report: ")


def test_a_sound_table_is_accepted():
    table = make()
    assert table.verbs == ("sign_for", "wait", "go_on", "hasten", "feed_back", "verify", "void")
    assert [item.verb for item in table.out_of(State.HANDLING)] == ["wait", "hasten", "feed_back"]
    assert clock_steps(table.find("handling", "wait"))["handling"].move is ClockMove.PAUSE


def test_buttons_are_the_verbs_of_the_state_with_the_sentence_why_not():
    with translation.override("en"):
        offered = make().available(row(State.HANDLED, photo=""), everybody, actor_id=7)
    assert [(choice.transition.verb, choice.possible, [str(text) for text in choice.sentences]) for choice in offered] == [
        ("verify", False, ["This must be done by somebody else than whoever handled it.", "A photo taken afterwards is missing."])
    ]
    assert [choice.possible for choice in make().available(row(State.HANDLED), everybody, actor_id=10)] == [True]


def test_a_refused_right_brings_its_own_sentence():
    decision = type("No", (), {"__bool__": lambda self: False, "reason": "Only the desk."})()
    assert [choice.sentences for choice in make().available(row(State.OPEN), lambda name, row: decision, 1)] == [("Only the desk.",)] * 2


def test_steps_of_the_portal_have_no_button():
    assert [choice.transition.verb for choice in make().available(row(State.WAITING), everybody, 1)] == ["hasten"]


def test_a_step_that_is_allowed_is_answered_and_changes_nothing():
    report = row(State.HANDLED)
    taken = make().step(report, "verify", may=everybody, actor_id=10)
    assert (taken, taken.target(report.state), report.state) == (VERIFY, State.CLOSED, State.HANDLED)
    assert make().step(row(State.WAITING), "hasten", may=everybody, actor_id=1).target(State.WAITING) == State.WAITING


@pytest.mark.parametrize(("state", "possible"), [(State.OPEN, "Possible now: Sign for, Void."), (State.CLOSED, "not possible any more")])
def test_a_wrong_state_says_what_is_possible(state, possible):
    with translation.override("en"), pytest.raises(InvalidTransition) as caught:
        make().step(row(state), "verify", may=everybody, actor_id=10)
    assert possible in caught.value.message
    assert f"“{State(state).label}”" in caught.value.message


def test_an_unknown_verb_is_a_mistake_of_the_program():
    with pytest.raises(KeyError):
        make().find(State.OPEN, "fly")


@pytest.mark.parametrize("actor_id", [7, "7", 8, 9, None])
def test_who_handled_does_not_verify(actor_id):
    with pytest.raises(NotAllowed):
        make().step(row(State.HANDLED), "verify", may=everybody, actor_id=actor_id)


def test_nobody_handled_so_anybody_verifies():
    assert make().step(row(State.HANDLED, handled_by_id=None, helpers=[]), "verify", may=everybody, actor_id=7) is VERIFY


def test_a_missing_right_is_refused():
    with pytest.raises(NotAllowed):
        make().step(row(State.OPEN), "sign_for", may=lambda name, row: name != "reports.sign_for", actor_id=1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "reason"),
        ({"reason": " "}, "reason"),
        ({"reason": "twice filed"}, "approval"),
        ({"reason": "twice filed", "approval": 1}, "approval"),
    ],
)
def test_void_needs_a_reason_and_a_second_person(given, field):
    with pytest.raises(DomainError) as caught:
        make().step(row(State.OPEN), "void", may=everybody, actor_id=1, given=given)
    assert caught.value.field == field
    assert make().step(row(State.OPEN), "void", may=everybody, actor_id=1, given={"reason": "twice filed", "approval": 2}) is VOID


def test_the_closing_guard_lists_what_is_missing_and_where_to_mend_it():
    assert make().missing(row(State.HANDLED, photo=""), "verify") == [Missing("A photo taken afterwards is missing.", "add_photo")]
    assert make().missing(row(State.HANDLED), "verify") == []
    with pytest.raises(DomainError, match="photo"):
        make().step(row(State.HANDLED, photo=""), "verify", may=everybody, actor_id=10)
