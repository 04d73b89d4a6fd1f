"""Fraud alerts in the browser: a queue that refreshes itself by the stream, its sound for who asked for it, and a visit on a phone."""

import pytest
from playwright.sync_api import expect

from antifraud.alerts.actions.receiving import receive_warnings
from antifraud.alerts.models import AlertPolicy, Attempt, FraudAlert
from tests.browser.test_board import PATIENCE, desk, rig  # noqa: F401 - fixtures
from tests.conftest import GRID
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.accounts.enums import Role
from tongshan_portal.kernel import clock

COUNTS_NOTES = """
    window.notes = 0;
    const make = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () { window.notes += 1; return make.call(this); };
"""


@pytest.fixture
def officers(cast, person):
    """The desk: two officers of the district."""
    AlertPolicy.objects.update(desk_always_open=True, quiet_from="00:00", quiet_until="00:00")
    return [person(name, Role.ANTIFRAUD_OFFICER) for name in ("officer", "second_officer")]


def warn(officer, number: int, **given) -> str:
    """A warning comes in; answers its alert's code."""
    row = {
        "external_id": f"W-{number}", "phone": f"1370000{number:04d}", "happened_at": clock.now().isoformat(), "type": "authority",
        "grade": "medium", "name": "王秀英", "amount": "50000", **given,
    }  # fmt: skip
    received = receive_warnings(actor=actor_for(officer), source="police", rows=[row])
    return [*received.opened, *received.joined][0]


def test_the_queue_refreshes_itself_waits_under_the_readers_hand_and_sounds_for_who_asked(desk, officers):  # noqa: F811
    first, second = officers
    reader, other = desk(first), desk(second)
    page = reader.page
    page.add_init_script(COUNTS_NOTES)
    for portal in (reader, other):
        portal.open("/antifraud/alerts/")
        expect(portal.page.locator("#live-state")).to_have_attribute("data-state", "live", timeout=PATIENCE)
    rows = page.locator("[data-queue] tbody tr")
    expect(rows).to_have_count(0)
    code = warn(first, 1)
    expect(rows).to_have_count(1, timeout=PATIENCE)
    expect(rows.first).to_have_attribute("data-key", code)
    assert page.evaluate("window.notes") == 0  # nobody asked for a sound
    page.locator("[data-alert-sound]").click()
    heard = page.evaluate("window.notes")
    assert heard == 2  # so that she knows it
    page.locator("[data-queue] input[name=row]").first.check()
    expect(page.locator("[data-bulk]")).to_be_visible()
    warn(first, 2, grade="high")
    expect(page.locator("[data-queue-new] a")).to_have_text("1 new", timeout=PATIENCE)
    expect(rows).to_have_count(1)
    assert page.evaluate("window.notes") == heard + 2
    page.locator("[data-queue-new] a").click()
    expect(rows).to_have_count(2)
    expect(other.page.locator("[data-queue] tbody tr")).to_have_count(2, timeout=PATIENCE)
    # A graver warning that joins sounds as a new alert does; a further one of the same grade only counts.
    for number, notes in ((3, heard + 4), (4, heard + 4)):
        warn(first, number, phone="13700000001", grade="high")
        expect(other.page.locator("[data-queue]").get_by_text(f"{number - 1} warnings")).to_have_count(1, timeout=PATIENCE)
        page.wait_for_function("notes => window.notes === notes", arg=notes, timeout=PATIENCE)  # each page hears of it by itself
    # What is ticked goes on to one form for all.
    other.page.locator("[data-queue] input[name=row]").first.check()
    other.page.get_by_role("button", name="Assign, change who goes").click()
    assert (other.page.locator("input[name=row]").count(), other.overflow(), other.axe()) == (1, 0, [])
    other.open("/antifraud/alerts/")
    # The next one is kept for her; the other sees who has it, until she leaves its pages.
    page.locator("form[action$='/next/'] button").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    held = other.page.locator("[data-queue]").get_by_text("officer is reading it")
    expect(held).to_have_count(1, timeout=PATIENCE)
    page.get_by_role("link", name="Record an attempt").click()
    expect(page.locator("[data-kept]")).to_be_visible()  # still hers: she goes on
    page.goto(f"{reader.url}/")
    expect(held).to_have_count(0, timeout=PATIENCE)
    assert (FraudAlert.objects.filter(claimed_by__isnull=False).count(), reader.complaints, other.complaints) == (0, [], [])


def test_a_visitor_accepts_tries_and_records_the_outcome_on_a_phone(portal, cast, officers):
    code = warn(officers[0], 1, area_code=GRID)
    portal.sign_in(cast["worker"])
    portal.look(lang="en", width=375)
    portal.open(f"/antifraud/alerts/{code}/")
    page = portal.page
    assert page.locator("ol.steps li").first.text_content() == "Check who it is, show your own card"
    page.get_by_role("link", name="Accept", exact=True).click()
    page.get_by_role("button", name="Accept", exact=True).click()
    page.get_by_role("link", name="Record an attempt").click()
    assert (page.locator("ol.steps li").count(), portal.overflow(), portal.axe()) == (5, 0, [])
    page.get_by_role("button", name="not reached").click()
    page.get_by_role("link", name="Record an attempt").click()
    page.get_by_label("Identity checked").check()
    page.get_by_role("button", name="reached", exact=True).click()
    page.get_by_role("link", name="Record the outcome").click()
    portal.expect_console("422")  # what was left open is refused once
    page.get_by_label("already defrauded").check()
    page.get_by_label("Amount transferred, yuan").fill("50000")
    page.get_by_label("Amount stopped, yuan").fill("20000")
    page.get_by_role("button", name="Record the outcome").click()
    expect(page.get_by_text("Say whether the money went before or after the warning came in")).to_have_count(1)
    assert (portal.overflow(), portal.axe()) == (0, [])
    page.get_by_label("before the warning came in").check()
    page.get_by_role("button", name="Record the outcome").click()
    expect(page.locator(".badge").get_by_text("outcome recorded, to be checked")).to_have_count(1)
    row = FraudAlert.objects.get(code=code)
    tried = list(Attempt.objects.order_by("pk").values_list("channel", "reached", "identity_checked"))
    assert (row.state, row.amount_stopped, row.money_went, row.loss_avoided) == ("recorded", 20000, "before", None)
    assert tried == [("visit", "no", False), ("visit", "yes", True)]
    assert (portal.overflow(), portal.axe()) == (0, [])
