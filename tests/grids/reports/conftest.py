"""Reports in every state, brought there by the real actions, and the people of the loop."""

from uuid import uuid4

import pytest

from grids.reports.actions import filing, handling, oversight
from grids.reports.actions.opening import note_opening
from grids.reports.enums import ReportState as S
from grids.reports.models import Category, Report
from grids.reports.routing import Recipient
from tests.conftest import DISTRICT, GRID, VILLAGE, posted
from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Department, User


@pytest.fixture
def people(cast, people_with) -> dict[str, User]:
    """The cast, and a department's handler, another department's, a dispatcher, a supervisor, a director, a village officer.

    `assistant` serves beside the handler, `co_handler` in a department that is asked to take part.
    """
    urban, water, transport = (
        Department.objects.get_or_create(code=code, defaults={"name": code})[0] for code in ("urban", "water", "transport")
    )
    return cast | people_with(
        dispatcher=posted(Role.DISPATCHER, DISTRICT),
        supervisor=posted(Role.SUPERVISOR, DISTRICT),
        director=posted(Role.DIRECTOR, DISTRICT),
        village_officer=posted(Role.VILLAGE_OFFICER, VILLAGE),
        handler=posted(Role.DEPARTMENT_HANDLER, DISTRICT, urban),
        other_handler=posted(Role.DEPARTMENT_HANDLER, DISTRICT, water),
        assistant=posted(Role.DEPARTMENT_HANDLER, DISTRICT, urban),
        co_handler=posted(Role.DEPARTMENT_HANDLER, DISTRICT, transport),
    )


@pytest.fixture
def act(people, actor):
    """The actor of somebody of the loop: `act("handler")`."""
    return lambda name: actor(people[name])


@pytest.fixture
def reads(act):
    """Somebody opens the page of a report, as it is now: `reads("dispatcher", row)`."""

    def read(who: str, row: Report) -> None:
        row.refresh_from_db()
        note_opening(actor=act(who), row=row)

    return read


@pytest.fixture
def file(act):
    """Files a report: `file("worker", title="…")`."""

    def make(who: str = "worker", **given) -> Report:
        given = {"title": "路口井盖缺失", "area_code": GRID, "category": Category.objects.get(code="manhole"), **given}
        return filing.file_report(actor=act(who), key=given.pop("key", uuid4()), **given)

    return make


@pytest.fixture
def desk():
    """A department as a recipient: `desk("urban")`."""
    return lambda code: Recipient(Department.objects.get(code=code))


@pytest.fixture
def on_desk(file, act):
    """A report on the desk of a town, village or grid, in a state up to being handled: `on_desk(TOWN, "town_officer")`."""

    def make(code: str, who: str, state: str = S.DISPATCHED) -> Report:
        row = file()
        handling.open_report(actor=act("duty_officer"), report_id=row.pk)
        handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=Recipient(desk_code=code))
        if state == S.HANDLING:
            handling.sign_for(actor=act(who), report_id=row.pk)
        row.refresh_from_db()
        return row

    return make


@pytest.fixture
def report_in(file, act, people, desk):
    """A report in a state, on the desk of the department `urban`, handled by its handler; `given` goes to the filing."""
    department = desk("urban")

    def make(state: str, **given) -> Report:
        row = file(**given)
        way = [
            (S.OPENED, lambda: handling.open_report(actor=act("duty_officer"), report_id=row.pk)),
            (S.DISPATCHED, lambda: handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=department)),
            (S.HANDLING, lambda: handling.sign_for(actor=act("handler"), report_id=row.pk)),
            (S.HANDLED, lambda: handling.feed_back(actor=act("handler"), report_id=row.pk, result="已更换井盖")),
            (S.VERIFIED, lambda: handling.verify(actor=act("supervisor"), report_id=row.pk)),
            (S.CLOSED, lambda: handling.close(actor=act("supervisor"), report_id=row.pk, answer="井盖已换")),
            (S.ARCHIVED, lambda: handling.archive(actor=system_actor("reports"), report_id=row.pk)),
        ]
        if state == S.WITHDRAWN:
            handling.withdraw(actor=act("worker"), report_id=row.pk, reason="看错了")
        elif state == S.VOID:
            oversight.propose_void(actor=act("duty_officer"), report_id=row.pk, reason="测试")
            oversight.confirm_void(actor=act("director"), report_id=row.pk)
        elif state == S.MERGED:
            handling.merge(actor=act("dispatcher"), report_id=row.pk, into_code=file().code, reason="同一件事")
        elif state != S.FILED:
            for reached, take in way:
                take()
                if reached == state:
                    break
        row.refresh_from_db()
        return row

    return make
