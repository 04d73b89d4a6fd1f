"""Demo mode: one click signs in as any of the demo people; outside of it there is nothing to click, nor to post to."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import NoReverseMatch, reverse, set_urlconf

from tests.signin import demo_urls
from tests.signin.conftest import is_signed_in
from tongshan_portal.accounts.enums import Role
from tongshan_portal.signin import checks, demo

TRY_AS = "/account/try-as/"


@pytest.fixture
def routed(settings):
    """The addresses of demo mode, until the test ends: a request leaves them in its thread."""
    settings.ROOT_URLCONF = demo_urls.__name__  # imported above, while the ordinary addresses are those of no demo
    yield
    set_urlconf(None)


@pytest.fixture
def demo_mode(routed, settings, monkeypatch):
    settings.DEMO_MODE = True
    monkeypatch.setattr(demo, "usernames", lambda: ["worker", "mediator"])


@pytest.mark.django_db
class TestInDemoMode:
    def test_the_cards_are_grouped_by_power(self, demo_mode, cast, client):
        powers = client.get(reverse("account_login")).context["demo_powers"]
        cards = [(str(power), [(card.username, str(card.role), card.area) for card in people]) for power, people in powers]
        assert cards == [
            (str(list(demo.POWERS)[1]), [("worker", Role.GRID_WORKER.label, "第001网格")]),
            (str(list(demo.POWERS)[2]), [("mediator", Role.MEDIATOR.label, "柳新镇")]),
        ]

    def test_a_click_signs_in(self, demo_mode, cast, device, entries):
        client = device()
        assert client.post(TRY_AS, {"username": "worker"}).headers["Location"] == reverse("home")
        assert is_signed_in(client)
        assert entries("session.opened") == [("session.opened", str(cast["worker"].pk), {"methods": ["demo"]})]

    def test_a_second_click_changes_the_person(self, demo_mode, cast, device):
        client = device()
        for name in ("worker", "mediator"):
            client.post(TRY_AS, {"username": name})
        assert client.get(reverse("signin_account")).context["account"].username == "mediator"

    @pytest.mark.parametrize("username", ["duty_officer", "nobody-here", "", "root"])
    def test_only_demo_people_can_be_tried(self, demo_mode, cast, device, username):
        client = device()
        assert client.post(TRY_AS, {"username": username}).status_code == 404
        assert not is_signed_in(client)

    def test_not_by_a_link(self, demo_mode, cast, device):
        client = device()
        assert client.get(TRY_AS, {"username": "worker"}).status_code == 405
        assert not is_signed_in(client)

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
    def test_it_leads_nowhere_else(self, demo_mode, cast, device, target):
        assert device().post(TRY_AS, {"username": "worker", "next": target}).headers["Location"] == reverse("home")

    def test_every_role_has_a_power(self):
        assert sorted(role for roles in demo.POWERS.values() for role in roles) == sorted(Role)


@pytest.mark.django_db
class TestOutsideDemoMode:
    def test_there_is_no_address(self, cast, client):
        with pytest.raises(NoReverseMatch):
            reverse("signin_try_as")
        assert client.post(TRY_AS, {"username": "worker"}).status_code == 404

    def test_the_view_refuses_even_when_routed(self, routed, cast, device, monkeypatch):
        monkeypatch.setattr(demo, "usernames", lambda: ["worker"])
        client = device()
        assert client.post(TRY_AS, {"username": "worker"}).status_code == 404
        assert not is_signed_in(client)

    def test_the_sign_in_page_offers_nobody(self, cast, client):
        page = client.get(reverse("account_login"))
        assert (page.context["demo_powers"], b"try-as" in page.content) == ([], False)


class TestProduction:
    def test_the_check_is_an_error(self, settings):
        settings.DEMO_MODE = settings.PRODUCTION = True
        assert [error.id for error in checks.demo_outside_production(None)] == ["signin.E001"]
        with pytest.raises(ImproperlyConfigured):
            checks.refuse_demo_in_production()

    @pytest.mark.parametrize(("production", "demo_mode"), [(True, False), (False, True), (False, False)])
    def test_anything_else_is_fine(self, settings, production, demo_mode):
        settings.PRODUCTION, settings.DEMO_MODE = production, demo_mode
        assert checks.demo_outside_production(None) == []

    def test_a_server_with_both_does_not_start(self, tmp_path):
        """A process of its own, so that the settings are the ones of a server."""
        (tmp_path / "both.py").write_text("from tongshan_portal.settings.test import *\nPRODUCTION = DEMO_MODE = True\n")
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "both", "PYTHONPATH": f"{tmp_path}:{django_settings.BASE_DIR}"}
        run = subprocess.run(
            [sys.executable, "-c", "import django; django.setup()"], env=environment, capture_output=True, text=True, check=False
        )
        assert (run.returncode, "anybody could sign in as anybody" in run.stderr) == (1, True)

    def test_unknown_roles_of_the_second_factor_are_an_error(self, settings):
        settings.MFA_REQUIRED_ROLES = frozenset({"director", "directer"})
        assert [error.id for error in checks.roles_of_second_factor(None)] == ["signin.E002"]
