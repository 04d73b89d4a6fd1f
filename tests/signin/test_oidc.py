"""Sign-in through the unified provider: whom it lets in, and whom not."""

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.urls import reverse

from tests.signin.conftest import is_signed_in
from tests.signin.provider import CLIENT_ID, CLIENT_SECRET, Provider
from tongshan_portal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def running():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running, settings):
    key = running.key
    running.sign_with, running.alter, running.claims = key, lambda claims: claims, {"sub": "subject-1", "preferred_username": "wang"}
    settings.OIDC_ISSUER = running.issuer
    app = {
        "provider_id": settings.OIDC_PROVIDER_ID,
        "name": "Unified sign-in",
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "settings": {"server_url": running.issuer, "oauth_pkce_enabled": True, "fetch_userinfo": False},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    return running


@pytest.fixture
def go(provider, device):
    """Walks through the provider with a new browser; answers the browser and the last response."""

    def walk(client=None, **fields):
        client = client or device()
        start = client.post(reverse("openid_connect_login", args=["staff"]), fields)
        return client, client.get(provider.authorize(start.headers["Location"]))

    return walk


def test_a_known_name_is_linked_and_let_in(go, person, entries):
    user = person("wang")
    client, answer = go()
    assert (answer.headers["Location"], is_signed_in(client)) == (reverse("home"), True)
    assert list(SocialAccount.objects.values_list("uid", "user_id")) == [("subject-1", user.pk)]
    assert entries() == [("session.opened", str(user.pk), {"methods": ["socialaccount"]})]


def test_afterwards_the_subject_counts_not_the_name(go, person, provider):
    person("wang")
    go()
    provider.claims = {"sub": "subject-1", "preferred_username": "renamed"}
    client, _answer = go()
    assert client.get(reverse("signin_account")).context["account"].username == "wang"


def test_the_button_is_on_the_sign_in_page(provider, client):
    assert "Unified sign-in" in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"sub": "subject-2", "preferred_username": "nobody-here"}, "provider_unknown"),
        ({"sub": "subject-2"}, "provider_unknown"),
        ({"sub": "subject-2", "preferred_username": ""}, "provider_unknown"),
        ({"sub": "subject-2", "preferred_username": "disabled"}, "disabled"),
    ],
)
def test_nobody_else_is_let_in_and_no_account_is_made(go, person, provider, entries, claims, why):
    person("wang")
    person("disabled", is_active=False)
    provider.claims = claims
    client, answer = go()
    assert (answer.headers["Location"], is_signed_in(client)) == (reverse("account_login"), False)
    assert (User.objects.count(), SocialAccount.objects.count()) == (2, 0)
    assert [detail["why"] for _verb, _id, detail in entries("session.refused")] == [why]


def test_a_second_subject_of_the_same_name_is_refused(go, person, provider):
    person("wang")
    go()
    provider.claims = {"sub": "subject-2", "preferred_username": "wang"}
    client, _answer = go()
    assert (is_signed_in(client), SocialAccount.objects.count()) == (False, 1)


def test_a_linked_person_who_was_disabled_is_refused(go, person):
    user = person("wang")
    go()
    user.is_active = False
    user.save()
    client, _answer = go()
    assert not is_signed_in(client)


def test_linking_by_name_can_be_turned_off(go, person, settings):
    settings.OIDC_LINK_BY_USERNAME = False
    person("wang")
    client, _answer = go()
    assert (is_signed_in(client), SocialAccount.objects.count()) == (False, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"sign_with": rsa.generate_private_key(public_exponent=65537, key_size=2048)},
        {"sign_with": "a-shared-word-that-is-thirty-two-bytes"},
        {"alter": lambda claims: claims | {"iss": "http://127.0.0.1:1"}},
        {"alter": lambda claims: claims | {"aud": "another-portal"}},
        {"alter": lambda claims: claims | {"exp": 1_000_000_000}},
    ],
    ids=["foreign key", "shared secret", "other issuer", "other audience", "expired"],
)
def test_a_token_that_the_provider_did_not_sign_for_us_is_refused(go, person, provider, entries, change):
    person("wang")
    for name, value in change.items():
        setattr(provider, name, value)
    client, answer = go()
    assert (answer.headers["Location"], is_signed_in(client)) == (reverse("account_login"), False)
    assert [detail["why"] for _verb, _id, detail in entries("session.refused")] == ["provider_failed"]


def test_an_answer_to_somebody_elses_question_is_refused(provider, person, device):
    """The state of one browser means nothing in another (sign-in by CSRF)."""
    person("wang")
    start = device().post(reverse("openid_connect_login", args=["staff"]))
    victim = device("10.1.1.66")
    victim.get(provider.authorize(start.headers["Location"]))
    assert not is_signed_in(victim)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example"])
def test_it_leads_nowhere_else(go, person, target):
    person("wang")
    _client, answer = go(next=target)
    assert answer.headers["Location"] == reverse("home")


def test_without_a_provider_there_is_no_door(device):
    assert device().post(reverse("openid_connect_login", args=["staff"])).status_code == 404


def test_a_link_does_not_start_it(provider, device):
    assert device().get(reverse("openid_connect_login", args=["staff"])).status_code == 405
