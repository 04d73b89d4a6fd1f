"""A resident without account, at the report page and with a code and a key."""

import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from grids.reports.actions import handling
from grids.reports.actions.resident_filing import file_for_resident
from grids.reports.models import Report
from grids.reports.public_pages import challenge
from grids.reports.routing import Recipient
from tests.conftest import GRID
from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock

NAME, PHONE = "欧阳慕容", "13800001234"
SECRET = "内部话语甲乙丙"
"""A reason or result that officers write for officers."""


@pytest.fixture(autouse=True)
def _no_counters(settings):
    """Counters belong to one test; nobody has to sit still for three seconds; what one test read in English is no other's language."""
    cache.clear()
    settings.RESIDENT_SECONDS = 0
    with translation.override("zh-hans"):
        yield


def answer_to(token: str) -> str:
    """The right answer, as a person finds it: by reading the question."""
    words = re.findall(r"[一二三四五六七八九]", challenge.question(token))
    return str(sum(challenge.NUMERALS[word] for word in words))


@pytest.fixture
def filled():
    """A filled-in form with a fresh question, answered."""

    def make(**given) -> dict[str, str]:
        token = given.pop("challenge", None) or challenge.new(clock.now())
        words = {
            "title": "小区门口路灯不亮", "text": "已经三天了", "town": GRID[:9], "village": GRID[:12], "grid": GRID, "address": "东门外",
            "lon": "", "lat": "", "contact": "", "phone": "", "website": "", "key": str(uuid4()), "challenge": token,
        }  # fmt: skip
        return {**words, "sum": answer_to(token), **given}

    return make


@pytest.fixture
def raised(areas):
    """A report of a resident who left name and phone."""

    def make(**given) -> Report:
        words = {"title": "小区门口路灯不亮", "area_code": GRID, "contact": NAME, "phone": PHONE, **given}
        return file_for_resident(actor=system_actor("residents"), key=words.pop("key", uuid4()), **words)

    return make


@pytest.fixture
def lead_to(raised, act, people):
    """A resident's report on the desk of a department, with a lead whose name nobody outside may read."""

    def make(*verbs) -> Report:
        row, urban = raised(), Recipient(Department.objects.get(code="urban"))
        way = {
            "open": lambda: handling.open_report(actor=act("duty_officer"), report_id=row.pk),
            "dispatch": lambda: handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=urban, reason=SECRET),
            "sign": lambda: handling.sign_for(actor=act("handler"), report_id=row.pk),
            "feed": lambda: handling.feed_back(actor=act("handler"), report_id=row.pk, result=SECRET),
            "verify": lambda: handling.verify(actor=act("supervisor"), report_id=row.pk),
            "close": lambda: handling.close(actor=act("supervisor"), report_id=row.pk, answer="路灯已修好"),
        }
        for verb, step in way.items():
            if verb in verbs or "all" in verbs:
                step()
        row.refresh_from_db()
        return row

    return make


def at(row: Report, name: str = "follow", key: str = "") -> str:
    """The address of one of a report's public pages."""
    return reverse(f"reports_public:{name}", args=[row.code, key or row.follow_key])


def all_reports():
    return Report.objects.unscoped("a test")
