"""Opening a sealed field: the right, the reason, the entry."""

import pytest
from django.template import Context, Template
from django.urls import reverse

from tests.audit.conftest import LETTERS
from tests.conftest import TOWN
from tests.kernel.sealed_model import Letter
from tongshan_portal.audit.public import Revealable, register_revealable, reveal
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
PLAIN = "13812341234"


def entries():
    return list(LedgerEntry.objects.order_by("pk").values_list("verb", "actor_label", "object_id", "area_code", "reason"))


def test_right_and_reason_open_the_field_and_leave_an_entry(cast, actor, letter):
    text = reveal(actor=actor(cast["town_officer"]), row=letter, field="phone", reason="  核实 身份 ")
    assert text == PLAIN
    assert entries() == [("sealed.revealed", "town_officer", str(letter.pk), TOWN, "核实 身份")]
    entry = LedgerEntry.objects.get()
    assert entry.detail == {"field": "phone", "label": "phone"}
    assert PLAIN not in repr(vars(entry))


@pytest.mark.parametrize("reason", ["", "   ", "...", "。。。。。", "abc"])
def test_without_a_reason_nothing_is_shown_and_nothing_written(cast, actor, letter, reason):
    with pytest.raises(DomainError) as refusal:
        reveal(actor=actor(cast["town_officer"]), row=letter, field="phone", reason=reason)
    assert (refusal.value.field, entries()) == ("reason", [])


def test_without_the_right_nothing_is_shown(cast, actor, letter):
    for name in ("worker", "mediator", "auditor", "system_admin", "stranger"):
        with pytest.raises(NotAllowed):
            reveal(actor=actor(cast[name]), row=letter, field="phone", reason="核实身份")
    assert entries() == []


def test_without_the_entry_there_is_no_text(cast, actor, letter, monkeypatch):
    def fails(**values):
        raise RuntimeError("the ledger is away")

    monkeypatch.setattr("tongshan_portal.audit.actions.record", fails)
    with pytest.raises(RuntimeError):
        reveal(actor=actor(cast["town_officer"]), row=letter, field="phone", reason="核实身份")


def test_field_that_no_app_registered_is_not_opened(cast, actor, letter):
    with pytest.raises(LookupError):
        reveal(actor=actor(cast["town_officer"]), row=letter, field="body", reason="核实身份")


def test_empty_field_says_so(cast, actor, letter):
    letter.phone = None
    with pytest.raises(DomainError):
        reveal(actor=actor(cast["town_officer"]), row=letter, field="phone", reason="核实身份")
    assert entries() == []


def test_only_sealed_fields_are_registered_and_only_once():
    with pytest.raises(TypeError):
        register_revealable(Revealable(Letter, "note", "letters.open", LETTERS.rows))
    with pytest.raises(ValueError, match="twice"):
        register_revealable(Revealable(Letter, "phone", "ledger.view", LETTERS.rows))


@pytest.fixture
def url(letter):
    return reverse("audit:reveal", args=["suite.letter", letter.pk, "phone"])


def test_page_asks_for_the_reason_and_shows_the_text_once(client, cast, url):
    client.force_login(cast["town_officer"])
    page = client.get(url)
    assert (page.status_code, PLAIN in page.content.decode(), "138****1234" in page.content.decode()) == (200, False, True)
    refused = client.post(url, {"reason": ""})
    assert (refused.status_code, PLAIN in refused.content.decode(), entries()) == (422, False, [])
    shown = client.post(url, {"reason": "核实身份"})
    assert (shown.status_code, PLAIN in shown.content.decode()) == (200, True)
    assert "no-store" in shown["Cache-Control"]
    assert len(entries()) == 1
    assert PLAIN not in client.get(url).content.decode()


def test_page_is_closed_to_others(client, cast, url):
    assert client.post(url, {"reason": "核实身份"}).status_code == 302
    client.force_login(cast["stranger"])
    assert client.post(url, {"reason": "核实身份"}).status_code == 404  # not within the scope
    client.force_login(cast["mediator"])
    response = client.post(url, {"reason": "核实身份"})
    assert (response.status_code, PLAIN in response.content.decode()) == (403, False)
    assert [entry[0] for entry in entries()] == ["access.missed", "access.denied"]


@pytest.mark.parametrize("path", ["no.model/1/phone", "suite.letter/0/phone", "suite.letter/x/phone", "accounts.user/1/password"])
def test_what_cannot_be_opened_is_not_found(client, cast, url, path):
    client.force_login(cast["town_officer"])
    assert client.post(f"/audit/reveal/{path}/", {"reason": "核实身份"}).status_code == 404


def test_tag_shows_the_mask_and_the_way_in_only_to_those_who_may(cast, actor, letter, rf):
    def shown(name):
        request = rf.get("/")
        request.actor = actor(cast[name])
        return Template("{% load audit %}{% sealed letter 'phone' %}").render(Context({"letter": letter, "request": request}))

    link = reverse("audit:reveal", args=["suite.letter", letter.pk, "phone"])
    assert ("138****1234" in shown("town_officer"), link in shown("town_officer")) == (True, True)
    assert ("138****1234" in shown("worker"), link in shown("worker")) == (True, False)
    assert PLAIN not in shown("town_officer")
