"""Refused access is in the ledger, once per request."""

from types import SimpleNamespace

import pytest
from django.test import override_settings
from django.urls import path
from redis.exceptions import ConnectionError as RedisGone

from tests.conftest import GRID
from tongshan_portal.audit import middleware
from tongshan_portal.kernel.errors import NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.urls import urlpatterns as portal

pytestmark = pytest.mark.django_db


def refusing(request):
    raise NotAllowed("Not in your area.")


def missing(request):
    from django.http import Http404

    raise Http404("hidden")


urlpatterns = [*portal, path("suite/refusing/", refusing, name="refusing"), path("suite/missing/", missing)]


@pytest.fixture(autouse=True)
def own_addresses():
    with override_settings(ROOT_URLCONF=__name__):
        yield


def entries():
    return list(LedgerEntry.objects.order_by("pk").values_list("verb", "actor_label", "detail__path", "reason"))


def test_not_allowed_is_403_with_its_sentence_and_one_entry(client, cast):
    client.force_login(cast["worker"])
    response = client.get("/suite/refusing/?q=13812341234")
    assert response.status_code == 403
    assert entries() == [("access.denied", "worker", "/suite/refusing/", "Not in your area.")]
    assert LedgerEntry.objects.get().detail == {"method": "GET", "path": "/suite/refusing/", "view": "refusing"}


def test_what_is_outside_the_scope_is_kept_for_people_signed_in(client, cast):
    client.get("/suite/missing/")
    assert entries() == []
    client.force_login(cast["worker"])
    assert client.get("/suite/missing/").status_code == 404
    assert client.get("/suite/no-such-address/").status_code == 404
    assert entries() == [("access.missed", "worker", "/suite/missing/", "")]


def test_flood_is_one_entry_more(client, cast, monkeypatch):
    monkeypatch.setattr(middleware, "PER_MINUTE", 3)
    monkeypatch.setattr(middleware.time, "time", lambda: 1_800_000_000.0)
    for name in ("worker", "colleague"):
        client.force_login(cast[name])
        for _attempt in range(6):
            assert client.get("/suite/refusing/").status_code == 403
    assert [(verb, who) for verb, who, _path, _reason in entries()] == [
        *[("access.denied", "worker")] * 3,
        ("access.flooded", "worker"),
        *[("access.denied", "colleague")] * 3,
        ("access.flooded", "colleague"),
    ]


def test_without_the_cache_every_refusal_is_kept(client, cast, monkeypatch):
    def gone(*args, **kwargs):
        raise RedisGone

    monkeypatch.setattr(middleware, "cache", SimpleNamespace(add=gone))
    client.force_login(cast["worker"])
    assert [client.get("/suite/refusing/").status_code for _attempt in range(2)] == [403, 403]
    assert len(entries()) == 2


def test_reading_the_ledger_without_the_right_is_itself_an_entry(client, cast):
    client.force_login(cast["worker"])
    assert client.get("/audit/").status_code == 403
    assert [entry[:3] for entry in entries()] == [("access.denied", "worker", "/audit/")]
    assert GRID not in str(entries())
