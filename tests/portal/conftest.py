"""Folders for servers and starts of their own: short, under /tmp, with a space and Chinese characters in their names."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tongshan_portal import embedded
from tongshan_portal.embedded.folders import socket_folder, state_folder


@pytest.fixture
def no_services_given(monkeypatch):
    """The environment of a machine without PostgreSQL and Redis."""
    for name in ("DATABASE_URL", "REDIS_URL", "PORTAL_RUN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def folder():
    """A folder that every account may enter; nothing is left of it, and of what ran in it, afterwards."""
    made = Path(tempfile.mkdtemp(prefix="tongshan test 铜山 ", dir="/tmp"))
    made.chmod(0o755)
    yield made
    for var in (made, made / "var"):
        embedded.stop(var)
        shutil.rmtree(socket_folder(var), ignore_errors=True)
        shutil.rmtree(state_folder(var.resolve()), ignore_errors=True)
    shutil.rmtree(made, ignore_errors=True)
