"""The second factor: set up, asked for, compulsory, and what happens when it fails."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from tests.conftest import DISTRICT, GRID
from tests.signin.conftest import is_signed_in, totp
from tongshan_portal.accounts.enums import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def protected(person, device, sign_in, set_up_app):
    """A person with an authenticator app, and its secret."""
    user = person("wang")
    with time_machine.travel(timezone.now() - timedelta(minutes=5), tick=False):
        client = device()
        sign_in(client, "wang")
        secret = set_up_app(client)
        client.post(reverse("account_logout"))
    return user, secret


def code_of(secret: str) -> str:
    return totp(secret, timezone.now().timestamp())


class TestAtSignIn:
    def test_the_password_alone_opens_nothing(self, protected, device, sign_in):
        client = device()
        assert sign_in(client, "wang").headers["Location"] == reverse("mfa_authenticate")
        assert client.get(reverse("notices")).status_code == 302
        assert not is_signed_in(client)

    def test_the_code_of_the_app_opens(self, protected, device, sign_in, entries):
        user, secret = protected
        client = device()
        sign_in(client, "wang", next=reverse("usersessions_list"))
        answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert answer.headers["Location"] == reverse("usersessions_list")
        assert is_signed_in(client)
        assert entries("session.opened")[-1] == ("session.opened", str(user.pk), {"methods": ["password", "totp"]})

    def test_a_code_works_once(self, protected, device, sign_in):
        _user, secret = protected
        code, first, second = code_of(secret), device(), device("10.1.1.9")
        for client in (first, second):
            sign_in(client, "wang")
            client.post(reverse("mfa_authenticate"), {"code": code})
        assert (is_signed_in(first), is_signed_in(second)) == (True, False)

    @pytest.mark.parametrize(("seconds", "opens"), [(-31, True), (0, True), (29, True), (-95, False), (95, False)])
    def test_a_clock_may_be_half_a_minute_off(self, protected, device, sign_in, seconds, opens):
        _user, secret = protected
        moment = timezone.now().replace(second=15, microsecond=0)
        client = device()
        with time_machine.travel(moment, tick=False):
            sign_in(client, "wang")
            client.post(reverse("mfa_authenticate"), {"code": totp(secret, moment.timestamp() + seconds)})
            assert is_signed_in(client) == opens

    def test_five_wrong_codes_and_one_waits(self, protected, device, sign_in, entries):
        user, secret = protected
        client = device()
        sign_in(client, "wang")
        for _ in range(5):
            page = client.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert "Wait 15 minutes" in str(page.context["form"].errors) or "15" in str(page.context["form"].errors)
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert not is_signed_in(client)
        assert [d["why"] for _v, _i, d in entries("session.refused")] == ["wrong_code"] * 5 + ["waiting"]
        assert [i for _v, i, _d in entries("sign_in.locked")] == [str(user.pk)]

    def test_a_recovery_code_works_once(self, protected, device, sign_in):
        user, _secret = protected
        codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
        results = []
        for address in ("10.1.1.7", "10.1.1.8"):
            client = device(address)
            sign_in(client, "wang")
            client.post(reverse("mfa_authenticate"), {"code": codes[0]})
            results.append(is_signed_in(client))
        assert (results, len(codes)) == ([True, False], 10)


def test_the_secret_is_sealed_in_the_database(protected):
    user, secret = protected
    kept = str(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))
    assert (secret in kept, kept.count("s1.")) == (False, 2)


class TestCompulsory:
    @pytest.fixture(autouse=True)
    def roles(self, settings):
        settings.MFA_REQUIRED_ROLES = frozenset({"director", "system_admin"})

    @pytest.mark.parametrize("name", ["home", "signin_account", "usersessions_list", "mfa_generate_recovery_codes"])
    def test_a_named_role_is_led_to_the_set_up(self, client, person, name):
        client.force_login(person("chen", Role.DIRECTOR, DISTRICT))
        assert client.get(reverse(name)).headers["Location"] == reverse("mfa_activate_totp")

    def test_other_roles_are_not(self, client, person):
        client.force_login(person("wang", Role.GRID_WORKER, GRID))
        assert is_signed_in(client)

    def test_after_the_set_up_the_portal_opens(self, device, person, sign_in, set_up_app):
        person("chen", Role.DIRECTOR, DISTRICT)
        client = device()
        sign_in(client, "chen")
        assert not is_signed_in(client)
        set_up_app(client)
        assert is_signed_in(client)
        assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200

    def test_the_last_one_cannot_be_removed(self, device, person, sign_in, set_up_app):
        user = person("chen", Role.DIRECTOR, DISTRICT)
        client = device()
        sign_in(client, "chen")
        set_up_app(client)
        assert client.post(reverse("mfa_deactivate_totp")).status_code == 200
        assert Authenticator.objects.filter(user=user, type="totp").count() == 1

    def test_a_first_password_comes_before_it(self, client, person):
        client.force_login(person("chen", Role.DIRECTOR, DISTRICT, must_change_password=True))
        assert client.get(reverse("home")).headers["Location"] == reverse("account_change_password")


class TestChanges:
    def test_setting_up_and_removing_are_in_the_ledger(
        self, device, person, sign_in, set_up_app, entries, django_capture_on_commit_callbacks
    ):
        user = person("wang")
        client = device()
        sign_in(client, "wang")
        with django_capture_on_commit_callbacks(execute=True):
            set_up_app(client)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("mfa_deactivate_totp"))
        own = str(user.pk)
        assert entries("second_factor.added", "second_factor.removed") == [
            ("second_factor.added", own, {"kind": "totp"}),
            ("second_factor.added", own, {"kind": "recovery_codes"}),
            ("second_factor.removed", own, {"kind": "totp"}),
            ("second_factor.removed", own, {"kind": "recovery_codes"}),
        ]

    def test_long_after_sign_in_the_password_is_asked_again(self, device, person, sign_in):
        person("wang")
        client = device()
        sign_in(client, "wang")
        with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
            assert client.get(reverse("mfa_activate_totp")).headers["Location"].startswith(reverse("account_reauthenticate"))

    def test_a_wrong_first_code_sets_nothing_up(self, device, person, sign_in):
        user = person("wang")
        client = device()
        sign_in(client, "wang")
        client.get(reverse("mfa_activate_totp"))
        assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
        assert not Authenticator.objects.filter(user=user).exists()

    def test_the_qr_code_is_drawn_into_the_page(self, device, person, sign_in):
        person("wang")
        client = device()
        sign_in(client, "wang")
        html = client.get(reverse("mfa_activate_totp")).content.decode()
        assert ("<svg" in html, "data:image" in html, "style=" in html) == (True, False, False)
