"""Banners: posted, corrected, taken down by system administrators, seen by everybody, in the ledger."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ui import actions, banner
from tongshan_portal.ui.models import Banner

pytestmark = pytest.mark.django_db
WORDS = {"text_zh": "今晚维护", "text_en": "Maintenance tonight", "severity": "soon"}


@pytest.fixture(autouse=True)
def _nothing_kept():
    banner.forget()
    yield
    banner.forget()


def times(begin: int = -1, end: int = 1) -> dict:
    now = clock.now()
    return {"starts_at": now + timedelta(hours=begin), "ends_at": now + timedelta(hours=end)}


def typed(**changes) -> dict:
    return {**WORDS, "starts_at": "2026-01-01T08:00", "ends_at": "2099-01-01T08:00", **changes}


def test_what_an_administrator_posts_stands_on_every_page_in_the_readers_language(client, cast, django_capture_on_commit_callbacks):
    client.force_login(cast["system_admin"])
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("banner_post"), typed())
    assert (answer.status_code, answer.url) == (302, reverse("banners"))
    assert "今晚维护" in client.get("/").content.decode()
    client.cookies["django_language"] = "en"
    assert "Maintenance tonight" in client.get(reverse("account_login")).content.decode() + client.get("/").content.decode()
    assert list(LedgerEntry.objects.filter(verb__startswith="banner.").values_list("verb", "object_label")) == [
        ("banner.posted", "今晚维护")
    ]


@pytest.mark.parametrize("changes, field", [({"ends_at": "2025-12-31T08:00"}, "ends_at"), ({"text_en": ""}, "text_en")])
def test_a_wrong_form_says_where_and_keeps_what_was_typed(client, cast, changes, field):
    client.force_login(cast["system_admin"])
    answer = client.post(reverse("banner_post"), typed(**changes))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "今晚维护" in answer.content.decode()
    assert Banner.objects.count() == 0


def test_a_banner_that_would_never_be_seen_is_refused(cast, actor):
    with pytest.raises(DomainError, match="nobody would see it|没有人"):
        actions.post_banner(actor=actor(cast["system_admin"]), **WORDS, **times(-3, -1))
    assert Banner.objects.count() == 0


def test_a_correction_names_what_changed_and_nothing_changed_is_nothing_written(cast, actor):
    who, when = actor(cast["system_admin"]), times()
    row = actions.post_banner(actor=who, **WORDS, **when)
    actions.change_banner(actor=who, banner_id=row.pk, **WORDS, **when)
    actions.change_banner(actor=who, banner_id=row.pk, **{**WORDS, "text_zh": "明晚维护"}, **when)
    changes = [entry.detail["changed"] for entry in LedgerEntry.objects.filter(verb="banner.changed")]
    assert changes == [{"text_zh": ["今晚维护", "明晚维护"]}]


@pytest.mark.parametrize("begin", [-1, 1])
def test_a_banner_taken_down_is_gone_at_once_and_stays_so(client, cast, actor, begin):
    who = actor(cast["system_admin"])
    row = actions.post_banner(actor=who, **WORDS, **times(begin, 2))
    client.force_login(cast["system_admin"])
    assert [client.post(reverse("banner_end", args=[row.pk])).status_code for _ in range(2)] == [302, 302]
    banner.forget()
    assert banner.present() == []
    assert LedgerEntry.objects.filter(verb="banner.ended").count() == 1
    with pytest.raises(Conflict):
        actions.change_banner(actor=who, banner_id=row.pk, **WORDS, **times())


@pytest.mark.parametrize("who", ["duty_officer", "security_admin", "auditor", "worker", "stranger"])
def test_nobody_else_may(client, cast, actor, who):
    row = actions.post_banner(actor=actor(cast["system_admin"]), **WORDS, **times())
    before = Banner.objects.values().get()
    client.force_login(cast[who])
    answers = [
        client.get(reverse("banners")),
        client.post(reverse("banner_post"), typed()),
        client.post(reverse("banner_change", args=[row.pk]), typed(text_zh="别的")),
        client.post(reverse("banner_end", args=[row.pk])),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    with pytest.raises(NotAllowed):
        actions.end_banner(actor=actor(cast[who]), banner_id=row.pk)
    assert Banner.objects.values().get() == before
