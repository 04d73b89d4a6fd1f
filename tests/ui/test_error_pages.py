"""What a reader sees when something went wrong: what happened, what to do, where to ask why."""

import pytest
from django.db import DatabaseError, connection, connections
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisConnectionError

from tongshan_portal.ui import outage


@pytest.fixture
def guest():
    """A reader to whom faults come as pages, not as exceptions of the test."""
    client = Client()
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
def test_a_page_that_is_not_there_leads_to_the_reasons(client, cast):
    client.force_login(cast["worker"])
    answer = client.get("/nothing-here/")
    assert (answer.status_code, f'href="{reverse("people:why")}"' in answer.content.decode()) == (404, True)


@pytest.mark.django_db
def test_a_refusal_leads_to_the_reasons(client, cast):
    client.force_login(cast["worker"])
    answer = client.get(reverse("people:create"))
    assert (answer.status_code, f'href="{reverse("people:why")}"' in answer.content.decode()) == (403, True)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["people:directory", "banners"])
def test_an_address_that_names_no_place_in_a_list_is_a_bad_request(client, cast, page):
    client.force_login(cast["system_admin"])
    assert [client.get(reverse(page), query).status_code for query in ({}, {"after": "x"})] == [200, 400]


@pytest.mark.django_db(transaction=True)
def test_an_unreachable_database_is_an_outage_that_says_when_to_come_back(client, guest, cast, monkeypatch):
    client.force_login(cast["worker"])
    guest.cookies = client.cookies
    connections.close_all()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    answer = guest.get(reverse("signin_account"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "暂时无法使用" in answer.content.decode()


@pytest.mark.django_db
def test_a_fault_of_ours_is_a_500_with_its_number(guest, monkeypatch):
    monkeypatch.setattr("tongshan_portal.operations.health.look", lambda: 1 / 0)
    answer = guest.get("/readyz")
    assert (answer.status_code, answer.headers["X-Request-ID"] in answer.content.decode()) == (500, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement, expected",
    [
        ("select pg_terminate_backend(pg_backend_pid())", True),
        ("set statement_timeout = 1; select pg_sleep(1)", True),
        ("set lock_timeout = 1; set max_parallel_workers = -1", False),
    ],
)
def test_what_the_server_cuts_off_is_an_outage(statement, expected):
    other = connection.copy("default")
    try:
        with pytest.raises(DatabaseError) as caught, other.cursor() as cursor:
            cursor.execute(statement)
    finally:
        other.close()
    assert outage.is_outage(caught.value) is expected


@pytest.mark.parametrize("error, expected", [(RedisConnectionError("gone"), True), (ValueError("ours"), False), (None, False)])
def test_only_services_that_are_away_are_an_outage(error, expected):
    assert outage.is_outage(error) is expected
