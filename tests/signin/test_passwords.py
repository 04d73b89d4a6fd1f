"""Rules of passwords."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from tests.conftest import PASSWORD
from tests.signin.conftest import is_signed_in
from tongshan_portal.accounts.models import User
from tongshan_portal.settings import base

NEW = "willow-Fields-88"


def codes_of(password: str, user=None) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [item.code for item in error.error_list]
    return []


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("short-1", ["password_too_short"]),
        ("onlyletters", ["password_too_plain"]),
        ("password123", ["password_too_common"]),
        ("wangxiaoming-1", ["password_too_similar"]),
        ("铜山的柳树在风里慢慢摇", ["password_too_plain"]),
        ("铜山的柳树 在风里 88", []),
        (NEW, []),
        ("a long sentence that nobody but me would ever think of, 42 times over and over again", []),
    ],
)
@pytest.mark.django_db
def test_rules(password, codes):
    assert codes_of(password, User(username="wangxiaoming", name="王小明")) == codes


@pytest.mark.django_db
def test_the_last_three_are_refused_and_the_fourth_is_taken_again(person):
    user = person("wang")
    for number in range(3):
        user.set_password(f"{NEW}-{number}")
        user.save()
    assert [codes_of(f"{NEW}-{number}", user) for number in range(3)] == [["password_used_before"]] * 3
    assert codes_of(PASSWORD, user) == []
    assert user.former_passwords.count() == 3


def test_argon2_is_what_installations_store():
    with override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS):
        encoded = make_password(NEW)
        assert identify_hasher(encoded).algorithm == "argon2"
    assert encoded.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")


@pytest.mark.django_db
class TestFirstUse:
    @pytest.fixture
    def new_person(self, person):
        return person("wang", must_change_password=True)

    @pytest.mark.parametrize("name", ["home", "signin_account", "usersessions_list", "mfa_index"])
    def test_every_page_leads_to_the_change(self, client, new_person, name):
        client.force_login(new_person)
        assert client.get(reverse(name)).headers["Location"] == reverse("account_change_password")

    @pytest.mark.parametrize(("name", "status"), [("account_change_password", 200), ("account_logout", 200)])
    def test_the_change_and_the_way_out_stay_open(self, client, new_person, name, status):
        client.force_login(new_person)
        assert client.get(reverse(name)).status_code == status

    @pytest.mark.parametrize(
        ("name", "given", "cookie"),
        [
            ("set_language", {"language": "en", "next": "/"}, "django_language"),
            ("set_preference", {"name": "theme", "value": "dark", "next": "/"}, "theme"),
        ],
    )
    def test_language_and_appearance_can_be_chosen_meanwhile(self, client, new_person, name, given, cookie):
        client.force_login(new_person)
        answer = client.post(reverse(name), given)
        assert (answer.headers["Location"], answer.cookies[cookie].value) == ("/", given.get("language") or given["value"])

    def test_an_htmx_request_is_led_too(self, client, new_person):
        client.force_login(new_person)
        answer = client.get(reverse("home"), headers={"HX-Request": "true"})
        assert answer.headers["HX-Redirect"] == reverse("account_change_password")

    def test_after_the_change_the_portal_opens(self, client, new_person):
        client.force_login(new_person)
        form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        assert client.post(reverse("account_change_password"), form).headers["Location"] == reverse("signin_account")
        new_person.refresh_from_db()
        assert (new_person.must_change_password, new_person.check_password(NEW), is_signed_in(client)) == (False, True, True)

    def test_the_given_password_is_not_a_new_one(self, client, new_person):
        client.force_login(new_person)
        form = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
        assert client.post(reverse("account_change_password"), form).status_code == 200
        new_person.refresh_from_db()
        assert new_person.must_change_password


@pytest.mark.django_db
class TestAge:
    def test_a_password_of_ninety_days_must_be_changed(self, client, person):
        client.force_login(person("wang"))
        assert is_signed_in(client)
        for days, location in ((89, None), (91, reverse("account_change_password"))):
            with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
                client.force_login(User.objects.get(username="wang"))
                assert client.get(reverse("signin_account")).headers.get("Location") == location

    def test_zero_turns_it_off(self, client, person, settings):
        settings.PASSWORD_MAX_AGE_DAYS = 0
        person("wang")
        with time_machine.travel(timezone.now() + timedelta(days=4000), tick=False):
            client.force_login(User.objects.get(username="wang"))
            assert is_signed_in(client)

    def test_who_has_no_password_here_changes_none(self, client, person):
        user = person("wang")
        user.set_unusable_password()
        user.save()
        with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
            client.force_login(user)
            assert is_signed_in(client)
            assert client.get(reverse("account_change_password")).headers["Location"] == reverse("signin_account")


@pytest.mark.django_db
def test_a_wrong_present_password_changes_nothing_and_is_counted(client, person, entries):
    user = person("wang")
    client.force_login(user)
    form = {"oldpassword": "not-mine-at-all", "password1": NEW, "password2": NEW}
    for _ in range(6):
        client.post(reverse("account_change_password"), form)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    whys = [detail["why"] for _verb, _id, detail in entries("session.refused")]
    assert whys == ["wrong_password"] * 5 + ["waiting"]
