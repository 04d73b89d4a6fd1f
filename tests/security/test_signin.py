"""Sign-in and sessions against OWASP ASVS 5.0.0; each test names its item."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.conftest import PASSWORD, VILLAGE
from tests.signin.conftest import device, entries, is_signed_in, sign_in  # noqa: F401 – fixtures
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import User

pytestmark = pytest.mark.django_db

CHEAP = "tests.security.test_signin.CountingHasher"


class CountingHasher(MD5PasswordHasher):
    """Counts how often the costly part of a password check is done."""

    algorithm = "counting"
    calls = 0

    def encode(self, password, salt):
        type(self).calls += 1
        return super().encode(password, salt)


def test_6_2_1_shorter_than_the_minimum_is_refused(client, person):
    client.force_login(person("wang"))
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "abc-12345", "password2": "abc-12345"})
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("common", ["password123", "1q2w3e4r5t", "qwertyuiop1"])
def test_6_2_4_and_6_2_12_known_passwords_are_refused(client, person, common):
    client.force_login(person("wang"))
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": common, "password2": common})
    assert User.objects.get().check_password(PASSWORD)


def test_6_2_9_sixty_four_characters_and_more_are_taken_whole(client, person, device, sign_in):  # noqa: F811
    long = "river-Stone-42 " * 8
    client.force_login(person("wang"))
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": long, "password2": long})
    shorter, whole = device(), device()
    sign_in(shorter, "wang", long[:72])
    sign_in(whole, "wang", long)
    assert (is_signed_in(shorter), is_signed_in(whole)) == (False, True)


def test_6_3_1_guessing_is_stopped_and_told_how_long_and_whom_to_call(person, device, sign_in, settings):  # noqa: F811
    settings.HELP_CONTACT = "0516-83310000"
    person("wang")
    client = device()
    pages = [sign_in(client, "wang", f"guess-{number}") for number in range(6)]
    errors = [str(page.context["form"].errors) for page in pages]
    assert ["0516-83310000" in error for error in errors] == [False] * 4 + [True] * 2
    assert "15" in errors[5]
    sign_in(client, "wang", PASSWORD)
    assert not is_signed_in(client)


def test_6_3_1_a_name_that_does_not_exist_is_locked_the_same_way(person, device, sign_in):  # noqa: F811
    person("wang")
    known, unknown = device("10.2.0.1"), device("10.2.0.2")
    pages = [
        [sign_in(client, name, f"guess-{number}") for number in range(6)] for client, name in ((known, "wang"), (unknown, "no-such-name"))
    ]
    texts = [[str(page.context["form"].non_field_errors()) for page in row] for row in pages]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("name", ["wang", "no-such-name", "disabled", "without-password"])
def test_6_3_8_every_name_costs_one_password_check(person, device, sign_in, settings, name):  # noqa: F811
    settings.PASSWORD_HASHERS = [CHEAP]
    person("wang")
    person("disabled", is_active=False)
    person("without-password")
    User.objects.filter(username="without-password").update(password="!")
    CountingHasher.calls = 0
    sign_in(device(), name, "a-wrong-guess-1")
    assert CountingHasher.calls == 1


def test_6_3_8_the_page_says_the_same_for_every_name(person, device, sign_in):  # noqa: F811
    person("wang")
    person("disabled", is_active=False)
    texts = {str(sign_in(device(), name, "a-wrong-guess-1").context["form"].errors) for name in ("wang", "no-such-name", "disabled")}
    assert len(texts) == 1


def test_7_2_4_signing_in_gives_a_new_token_and_the_old_one_is_worth_nothing(person, device, sign_in):  # noqa: F811
    person("wang")
    client = device()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    sign_in(client, "wang")
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert (client.session.session_key == planted, is_signed_in(client), is_signed_in(thief)) == (False, True, False)


def test_7_4_1_after_signing_out_the_token_is_worth_nothing(person, device, sign_in):  # noqa: F811
    person("wang")
    client = device()
    sign_in(client, "wang")
    token = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    client.cookies["sessionid"] = token
    assert not is_signed_in(client)


def test_3_5_1_sign_in_wants_its_token_and_sign_out_wants_post(person, sign_in):  # noqa: F811
    user = person("wang")
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, "wang").status_code == 403
    strict.force_login(user)
    strict.get(reverse("account_logout"))
    assert is_signed_in(strict)


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "http:///evil.example", "javascript:alert(1)", "https:evil.example"],
)
def test_1_2_2_one_is_sent_nowhere_else_after_sign_in(person, device, sign_in, target):  # noqa: F811
    person("wang")
    assert sign_in(device(), "wang", next=target).headers["Location"] == reverse("home")


def test_one_is_sent_where_one_wanted(person, device, sign_in):  # noqa: F811
    person("wang")
    assert sign_in(device(), "wang", next="/account/sessions/").headers["Location"] == "/account/sessions/"


@pytest.mark.parametrize("name", ["home", "signin_account", "usersessions_list", "mfa_index", "account_change_password"])
def test_14_3_2_personal_pages_are_not_kept_by_browsers(client, person, name):
    client.force_login(person("wang"))
    assert "no-store" in client.get(reverse(name)).headers["Cache-Control"]


def test_3_3_4_and_3_3_2_the_cookie_of_the_session(person, device, sign_in):  # noqa: F811
    person("wang")
    client = device()
    sign_in(client, "wang")
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["expires"]) == (True, "Lax", "", "")


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_set_password",
        "account_request_login_code",
        "socialaccount_signup",
        "socialaccount_connections",
        "mfa_signup_webauthn",
    ],
)
def test_nobody_registers_and_nothing_is_reset_by_mail(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_only_these_addresses_are_open_without_sign_in(client):
    """Everything else under /account/ sends to sign-in or is not there."""
    resolver = next(item for item in get_resolver().url_patterns if str(item.pattern) == "account/")
    names = sorted(entry.name for entry in resolver.url_patterns)
    arguments = {"signin_revoke": [1], "mfa_remove_webauthn": [1], "mfa_edit_webauthn": [1]}
    arguments |= dict.fromkeys(("openid_connect_login", "openid_connect_callback"), ["staff"])
    answers = {name: client.get(reverse(name, args=arguments.get(name, []))).status_code for name in names}
    assert {name for name, status in answers.items() if status == 200} == {"account_login", "account_inactive"}


@pytest.mark.parametrize("username", ["wang", "secret-typed-into-the-wrong-field"])
def test_16_2_5_the_ledger_keeps_neither_passwords_nor_unknown_names(person, device, sign_in, entries, username):  # noqa: F811
    person("wang", Role.VILLAGE_OFFICER, VILLAGE)
    for _ in range(5):
        sign_in(device(), username, "tried-password-77")
    written = entries()
    assert [verb for verb, _id, _detail in written] == ["session.refused"] * 5 + ["sign_in.locked"]
    assert ("tried-password-77" in str(written), "secret-typed" in str(written)) == (False, False)


def test_16_3_1_what_is_in_the_ledger_of_a_sign_in(person, device, sign_in, entries):  # noqa: F811
    user = person("wang")
    client = device()
    sign_in(client, "wang", "a-wrong-guess-1")
    sign_in(client, "wang")
    client.post(reverse("account_logout"))
    own = str(user.pk)
    assert entries() == [
        ("session.refused", own, {"why": "wrong_password"}),
        ("session.opened", own, {"methods": ["password"]}),
        ("session.closed", own, {"why": "signed_out"}),
    ]


def test_a_disabled_person_with_the_right_password_stays_outside(person, device, sign_in, entries):  # noqa: F811
    user = person("wang", is_active=False)
    client = device()
    assert sign_in(client, "wang").headers["Location"] == reverse("account_inactive")
    assert not is_signed_in(client)
    assert entries() == [("session.refused", str(user.pk), {"why": "disabled"})]


def test_16_5_2_sign_in_needs_no_redis(person, device, sign_in, settings):  # noqa: F811
    """Lock-out, sessions and used codes are rows: with the cache gone people sign in, and guesses are still counted."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    person("wang")
    client, guesser = device(), device("10.9.9.9")
    sign_in(client, "wang")
    for number in range(5):
        sign_in(guesser, "wang", f"guess-{number}")
    sign_in(guesser, "wang")
    assert (is_signed_in(client), is_signed_in(guesser)) == (True, False)


def test_the_admin_has_no_door_of_its_own(client):
    assert client.get("/admin/login/").headers["Location"].startswith(reverse("account_login"))


def test_6_2_12_the_list_of_known_passwords_needs_no_network():
    """It is part of Django, so an intranet without any outside address has it."""
    assert len(CommonPasswordValidator().passwords) > 10_000
