"""The environment: declared once, documented, and a server that lacks something says all of it and does not start."""

import base64
import os
import re
import runpy
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tongshan_portal.launcher.checks import production
from tongshan_portal.operations import documentation
from tongshan_portal.settings import environment

PRODUCTION = "tongshan_portal.settings.production"
REQUIRED = sorted(variable.name for variable in environment.VARIABLES.values() if variable.required)
COMPLETE = production() | {"DATABASE_URL": "postgres://portal@127.0.0.1:1/portal", "REDIS_URL": "redis://127.0.0.1:1/0"}


@pytest.fixture
def server(monkeypatch):
    """Reads the production settings with the environment of a server, changed as a test wants; answers them."""

    def read(**changes):
        for name, value in (COMPLETE | changes).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(environment, "FAULTS", [])
        return runpy.run_module(PRODUCTION)

    return read


def faults(refused) -> list[str]:
    return [line.removeprefix("- ") for line in str(refused.value).splitlines()[1:]]


def test_page_names_every_variable_that_the_code_declares():
    page = (settings.BASE_DIR / "docs" / "operations.md").read_text("utf-8")
    assert documentation.with_environment(page) == page
    assert documentation.environment_in(page) == len(environment.VARIABLES)


def test_code_reads_no_variable_that_is_not_declared():
    sources = [path for folder in ("tongshan_portal", "grids", "antifraud") for path in (settings.BASE_DIR / folder).rglob("*.py")]
    pattern = re.compile(r"\bPORTAL_[A-Z_]+[A-Z]\b|\bDATABASE_URL\b|\bREDIS_URL\b")
    named = {name for path in sources for name in pattern.findall(path.read_text("utf-8"))}
    assert named - {"PORTAL_RUN"} == set(environment.VARIABLES) - {"DJANGO_SETTINGS_MODULE", "PROMETHEUS_MULTIPROC_DIR"}


def test_server_with_a_complete_environment_has_its_settings(server):
    read = server()
    assert (read["DEBUG"], read["DEMO_MODE"], read["PRODUCTION"], read["ALLOWED_HOSTS"]) == (False, False, True, ["portal.example"])


@pytest.mark.parametrize("name", REQUIRED)
def test_server_without_a_required_variable_does_not_start(server, name):
    with pytest.raises(ImproperlyConfigured) as refused:
        server(**{name: ""})
    assert [fault.split()[0] for fault in faults(refused)] == [name]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORTAL_SECRET_KEY", "short", "PORTAL_SECRET_KEY has less than 50 characters."),
        ("PORTAL_SEAL_KEYS", "k1:sm4gcm:eA==", "PORTAL_SEAL_KEYS: aes256gcm takes a key of 32 bytes, sm4gcm one of 16."),
        ("PORTAL_SEAL_KEYS", "secret", "PORTAL_SEAL_KEYS: write each key as id:algorithm:base64key."),
        (
            "PORTAL_SEAL_INDEX_KEYS",
            f"k1:md5:{base64.b64encode(bytes(32)).decode()}",
            "PORTAL_SEAL_INDEX_KEYS: hmacsm3 or hmacsha256, with a key of at least 32 bytes.",
        ),
        ("PORTAL_DEMO", "1", "PORTAL_DEMO is 1: demo people have known passwords, so anybody could sign in as anybody."),
        ("PORTAL_DEMO", "yes", "PORTAL_DEMO must be 1 or 0, not 'yes'."),
    ],
)
def test_server_with_a_value_that_cannot_be_read_says_which(server, name, value, expected):
    with pytest.raises(ImproperlyConfigured) as refused:
        server(**{name: value})
    assert faults(refused) == [expected]


def test_everything_that_is_wrong_is_said_at_once():
    process = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": PRODUCTION, "PORTAL_GRANT_MAX_DAYS": "many"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    said = [line.split()[1] for line in process.stderr.splitlines() if line.startswith("- ")]
    assert (process.returncode, sorted(said)) == (1, sorted([*REQUIRED, "PORTAL_GRANT_MAX_DAYS"]))


@pytest.mark.parametrize(("given", "expected"), [("", 180), ("30", 30), (" 30 ", 30)])
def test_number_is_read_or_the_default_counts(monkeypatch, given, expected):
    monkeypatch.setenv("PORTAL_GRANT_MAX_DAYS", given)
    assert environment.number("PORTAL_GRANT_MAX_DAYS") == expected


def test_variable_that_is_not_declared_cannot_be_asked_for():
    with pytest.raises(KeyError):
        environment.text("PORTAL_UNKNOWN")
