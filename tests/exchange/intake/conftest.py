"""A kind of row that comes in (departments), a system that may send it, and a caller that signs."""

from datetime import UTC, datetime

import orjson
import pytest

from tongshan_portal.accounts.models import Department
from tongshan_portal.exchange.importers import Column, Outcome
from tongshan_portal.exchange.intake import actions, registry, signing
from tongshan_portal.exchange.intake.public import Intake, RowProblem, Taken, fields, register_intake
from tongshan_portal.exchange.parsers import code, text, whole_number
from tongshan_portal.kernel.errors import DomainError

NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
PATH = "/api/departments"
COLUMNS = (
    Column("code", "code", code(40), required=True, example="roads"),
    Column("name", "name", text(10), required=True),
    Column("size", "people", whole_number(0, 99)),
)


def write(sender, rows, now):
    """Departments by their code; `refused` is refused alone, `broken` spoils the whole call."""
    answers = []
    for row in rows:
        if row["code"] == "broken":
            raise DomainError("This one spoils the batch.", field="code")
        if row["code"] == "refused":
            answers.append(RowProblem("code", f"Not from {sender.origin}."))
            continue
        held = Department.objects.filter(code=row["code"]).first()
        outcome = Outcome.CREATED if held is None else Outcome.UNCHANGED if held.name == row["name"] else Outcome.CHANGED
        Department.objects.update_or_create(code=row["code"], defaults={"name": row["name"]})
        answers.append(Taken(outcome, f"D-{row['code']}"))
    return answers


@pytest.fixture
def departments():
    """The kind `departments`, known for the length of a test."""
    parse, schema = fields.by_columns(COLUMNS, {"size": {"type": "integer"}})
    register_intake(Intake("departments", "departments", "Departments", parse, write, schema))
    yield
    del registry._intakes["departments"]


@pytest.fixture
def system(db, cast, actor, departments):
    """Sets up a system: `system("hotline", kinds=["departments"])`; answers it with its key."""

    def make(code_="hotline", **given):
        given = {"name": "12345", "kinds": ["departments"], **given}
        return actions.create_system(actor=actor(cast["system_admin"]), code=code_, now=NOW, **given)

    return make


@pytest.fixture
def send(client, time_machine_at):
    """Sends a batch: `send(system, key, rows)`; every part of the call can be spoilt."""

    def make(system, key, rows=None, *, path=PATH, body=None, seconds=None, headers=None, sent=None, **extra):
        body = orjson.dumps({"rows": rows}) if body is None else body
        signed = signing.signed_headers(
            system=system.code if hasattr(system, "code") else system,
            key=key,
            algorithm=getattr(system, "algorithm", "hmac-sha256"),
            method="POST",
            path=path,
            body=body,
            seconds=int(NOW.timestamp()) if seconds is None else seconds,
        )
        signed |= headers or {}
        return client.post(path, sent if sent is not None else body, content_type="application/json", headers=signed, **extra)

    return make


@pytest.fixture
def time_machine_at():
    import time_machine

    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
