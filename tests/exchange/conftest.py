"""The sample importer, a private folder of the test's own, and a file made on the spot."""

import io
from uuid import uuid4

import pytest
from celery import Celery
from django.core.files.storage import storages

from tests.exchange import sample
from tongshan_portal.accounts import policy
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.models import Department
from tongshan_portal.celery import app
from tongshan_portal.exchange import exporters, importers
from tongshan_portal.exchange.actions import imports
from tongshan_portal.exchange.models import ImportRun
from tongshan_portal.exchange.worker import run_import
from tongshan_portal.kernel import queues

SEND_TASK = Celery.send_task


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    """The sample's actions, importer and exporter, for this test only."""
    for action in (sample.IMPORT, sample.EXPORT, sample.REVEAL):
        monkeypatch.setitem(policy._actions, action.name, action)
    monkeypatch.setitem(importers._importers, "test_departments", sample.Departments())
    monkeypatch.setitem(exporters._exporters, "test_departments", sample.DepartmentList())


@pytest.fixture(autouse=True)
def private_folder(tmp_path, monkeypatch):
    monkeypatch.setitem(storages["private"].__dict__, "location", str(tmp_path / "private"))
    return tmp_path / "private"


@pytest.fixture(autouse=True)
def sent(monkeypatch) -> list[tuple[str, dict]]:
    """What was sent to the queue; the tests run the worker themselves."""
    messages: list[tuple[str, dict]] = []
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda self, name, kwargs=None, **options: messages.append((name, kwargs)))
    return messages


@pytest.fixture
def really_send(sent, monkeypatch) -> str:
    """Messages really leave, on a queue of this test's own; answers its name."""
    queue = f"test-{uuid4().hex[:8]}"
    monkeypatch.setattr("celery.app.base.Celery.send_task", SEND_TASK)
    monkeypatch.setattr(queues, "BULK", queue)
    yield queue
    with app.connection_for_write() as connection:
        connection.default_channel.queue_purge(queue)


@pytest.fixture
def no_departments(db) -> None:
    """The sample's table is empty, whatever came with the portal."""
    Department.objects.all().delete()


@pytest.fixture
def admin(cast, actor, no_departments) -> Actor:
    return actor(cast["system_admin"])


def table(*lines: str) -> bytes:
    return "\n".join(("code,name", *lines)).encode()


def upload(actor: Actor, content: bytes, name: str = "file.csv") -> ImportRun:
    kind = importers.importer("test_departments")
    return imports.upload_import(actor=actor, kind=kind, file=io.BytesIO(content), name=name, size=len(content))


def checked(actor: Actor, content: bytes) -> ImportRun:
    """An import whose check is done."""
    run = upload(actor, content)
    imports.check_import(actor=actor, run_id=run.pk, mapping=run.mapping)
    run_import(run.pk)
    run.refresh_from_db()
    return run


def finished(actor: Actor, content: bytes) -> ImportRun:
    """An import that has run to its end."""
    run = checked(actor, content)
    imports.start_import(actor=actor, run_id=run.pk)
    run_import(run.pk)
    run.refresh_from_db()
    return run


def counts(run: ImportRun) -> tuple[int, int, int, int, int]:
    """(new, changed, unchanged, handed back, empty)."""
    return run.created_rows, run.changed_rows, run.unchanged_rows, run.bad_rows, run.empty_rows
