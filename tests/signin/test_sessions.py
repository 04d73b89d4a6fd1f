"""How sessions live and end."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from tests.conftest import DISTRICT, PASSWORD
from tests.signin.conftest import is_signed_in
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting, User
from tongshan_portal.accounts.signals import access_changed
from tongshan_portal.live import gate
from tongshan_portal.live.models import OutboxEvent
from tongshan_portal.signin import devices
from tongshan_portal.signin.public import session_ended

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile MicroMessenger/8.0"


@pytest.fixture
def ended():
    """The keys of sessions that were said to have ended, with the reason."""
    heard = []

    def listen(sender, session_key, user_id, reason, **_):
        heard.append((session_key, user_id, reason.value))

    session_ended.connect(listen)
    yield heard
    session_ended.disconnect(listen)


@pytest.fixture
def two_devices(person, device, sign_in):
    """One person on an office machine and a phone."""
    user = person("wang")
    office, phone = device(), device("10.1.1.2", PHONE)
    for client in (office, phone):
        assert sign_in(client, "wang").status_code == 302
    return user, office, phone


@pytest.mark.django_db
class TestTime:
    def travel(self, client, *steps: timedelta) -> list[bool]:
        results, moment = [], timezone.now()
        for step in steps:
            moment += step
            with time_machine.travel(moment, tick=False):
                results.append(is_signed_in(client))
        return results

    def test_half_an_hour_without_a_request_ends_it(self, two_devices):
        _user, office, _phone = two_devices
        assert self.travel(office, timedelta(minutes=29), timedelta(minutes=29), timedelta(minutes=31)) == [True, True, False]

    def test_twelve_hours_end_it_whatever_one_does(self, two_devices):
        _user, office, _phone = two_devices
        results = self.travel(office, *[timedelta(minutes=25)] * 29)
        assert results == [True] * 28 + [False]

    def test_what_a_page_asks_by_itself_does_not_keep_it_awake(self, two_devices, settings):
        settings.SESSION_PASSIVE_PATHS = (reverse("usersessions_list"),)
        _user, office, _phone = two_devices
        now = timezone.now()
        with time_machine.travel(now + timedelta(minutes=20), tick=False):
            assert office.get(reverse("usersessions_list")).status_code == 200
        with time_machine.travel(now + timedelta(minutes=31), tick=False):
            assert not is_signed_in(office)

    def test_one_comes_back_to_where_one_was(self, two_devices, entries):
        _user, office, _phone = two_devices
        with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
            answer = office.get(reverse("usersessions_list"))
        assert answer.headers["Location"] == f"{reverse('account_login')}?next=%2Faccount%2Fsessions%2F"
        assert [detail for _v, _i, detail in entries("session.closed")] == [{"why": "idle"}]

    def test_it_is_written_once_a_minute_at_most(self, two_devices, django_assert_num_queries):
        _user, office, _phone = two_devices
        office.get(reverse("signin_account"))
        before = UserSession.objects.get(ip="10.1.1.1").last_seen_at
        with time_machine.travel(timezone.now() + timedelta(seconds=30), tick=False):
            office.get(reverse("signin_account"))
            assert UserSession.objects.get(ip="10.1.1.1").last_seen_at == before
        with time_machine.travel(timezone.now() + timedelta(seconds=90), tick=False):
            office.get(reverse("signin_account"))
            assert UserSession.objects.get(ip="10.1.1.1").last_seen_at > before


@pytest.mark.django_db
class TestRevoke:
    def test_the_list_names_devices_addresses_and_this_one(self, two_devices):
        _user, office, _phone = two_devices
        rows = office.get(reverse("usersessions_list")).context["sessions"]
        assert [(row.browser, row.system, row.address, row.is_current) for row in rows] == [
            ("Edge", "Windows", "10.1.1.1", True),
            ("WeChat", "Android", "10.1.1.2", False),
        ]

    def test_a_revoked_session_is_out_at_once(self, two_devices, ended, entries, django_capture_on_commit_callbacks):
        user, office, phone = two_devices
        row, key = UserSession.objects.get(ip="10.1.1.2"), phone.session.session_key
        with django_capture_on_commit_callbacks(execute=True):
            office.post(reverse("signin_revoke", args=[row.pk]))
        assert (is_signed_in(phone), is_signed_in(office)) == (False, True)
        assert not Session.objects.filter(session_key=key).exists()
        assert ended == [(key, user.pk, "revoked")]
        assert entries("session.revoked") == [("session.revoked", str(user.pk), {"number": 1})]

    def test_all_others_at_once(self, two_devices, device, sign_in, ended, django_capture_on_commit_callbacks):
        _user, office, phone = two_devices
        third = device("10.1.1.3")
        sign_in(third, "wang")
        with django_capture_on_commit_callbacks(execute=True):
            office.post(reverse("signin_end_others"))
        assert [is_signed_in(client) for client in (office, phone, third)] == [True, False, False]
        assert len(ended) == 2

    def test_ones_own_is_signing_out(self, two_devices):
        _user, office, phone = two_devices
        row = UserSession.objects.get(session_key=office.session.session_key)
        assert office.post(reverse("signin_revoke", args=[row.pk])).headers["Location"] == reverse("account_login")
        assert (is_signed_in(office), is_signed_in(phone)) == (False, True)

    def test_nobody_ends_a_session_of_somebody_else(self, two_devices, person, client):
        client.force_login(person("li"))
        row = UserSession.objects.get(ip="10.1.1.2")
        assert client.post(reverse("signin_revoke", args=[row.pk])).status_code == 404
        assert is_signed_in(two_devices[2])

    def test_get_ends_nothing(self, two_devices):
        _user, office, phone = two_devices
        row = UserSession.objects.get(ip="10.1.1.2")
        assert office.get(reverse("signin_revoke", args=[row.pk])).status_code == 405
        assert is_signed_in(phone)


@pytest.mark.django_db
class TestEnd:
    def test_signing_out_ends_it_and_says_so(self, two_devices, ended, entries, django_capture_on_commit_callbacks):
        user, office, _phone = two_devices
        key = office.session.session_key
        with django_capture_on_commit_callbacks(execute=True):
            office.post(reverse("account_logout"))
        assert not Session.objects.filter(session_key=key).exists()
        assert ended == [(key, user.pk, "signed_out")]
        assert entries("session.closed") == [("session.closed", str(user.pk), {"why": "signed_out"})]

    def test_a_new_password_ends_the_others(self, two_devices, ended, django_capture_on_commit_callbacks):
        _user, office, phone = two_devices
        phone_key = phone.session.session_key
        form = {"oldpassword": PASSWORD, "password1": "willow-Fields-88", "password2": "willow-Fields-88"}
        with django_capture_on_commit_callbacks(execute=True):
            office.post(reverse("account_change_password"), form)
        assert (is_signed_in(office), is_signed_in(phone)) == (True, False)
        assert (phone_key, "password_changed") in [(key, why) for key, _user_id, why in ended]
        assert UserSession.objects.count() == 1

    def test_a_disabled_person_is_out_at_once(self, two_devices, ended, django_capture_on_commit_callbacks):
        user, office, phone = two_devices
        user.is_active = False
        user.save()
        with django_capture_on_commit_callbacks(execute=True):
            access_changed.send(sender=type(user), user_id=user.pk)
        assert (is_signed_in(office), is_signed_in(phone)) == (False, False)
        assert [why for _key, _user_id, why in ended] == ["disabled", "disabled"]

    def test_other_changes_of_rights_end_nothing(self, two_devices, ended):
        user, office, _phone = two_devices
        access_changed.send(sender=type(user), user_id=user.pk)
        assert (is_signed_in(office), ended) == (True, [])


@pytest.mark.django_db
class TestLiveStream:
    """A live stream is admitted on the same terms as a page, at its start and while it is open."""

    @pytest.fixture
    def key(self, two_devices):
        two_devices[1].get(reverse("signin_account"))
        return two_devices[1].session.session_key

    def test_a_good_session_listens(self, two_devices, key):
        assert gate.admit(key).user_id == two_devices[0].pk

    @pytest.mark.parametrize("minutes", [31, 13 * 60])
    def test_not_when_time_is_up(self, key, minutes):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
            assert gate.admit(key) is None

    def test_not_when_the_password_is_too_old(self, key, settings):
        settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 400 * 86400
        Session.objects.update(expire_date=timezone.now() + timedelta(days=400))
        with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
            assert gate.admit(key) is None

    def test_not_without_a_second_factor_that_the_role_needs(self, key, two_devices, settings):
        settings.MFA_REQUIRED_ROLES = frozenset({"director"})
        assert gate.admit(key) is not None
        Posting.objects.create(user=two_devices[0], role=Role.DIRECTOR, area_code=DISTRICT, starts_on=date(2020, 1, 1))
        assert gate.admit(key) is None

    @pytest.mark.parametrize("change", [{"is_active": False}, {"must_change_password": True}, {"password": "md5$other$hash"}])
    def test_not_when_the_person_changed(self, two_devices, key, change):
        User.objects.filter(pk=two_devices[0].pk).update(**change)
        assert gate.admit(key) is None

    def test_the_end_of_a_session_is_told_to_every_process(self, two_devices, django_capture_on_commit_callbacks):
        user, office, phone = two_devices
        key = phone.session.session_key
        with django_capture_on_commit_callbacks(execute=True):
            office.post(reverse("signin_revoke", args=[UserSession.objects.get(ip="10.1.1.2").pk]))
        told = OutboxEvent.objects.get(kind="session.ended")
        assert (told.user_ids, told.line) == ([user.pk], {"session": gate.digest_of(key)})


@pytest.mark.parametrize(
    ("agent", "browser", "system", "phone"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537.36 Edg/130", "Edge", "Windows", False),
        ("Mozilla/5.0 (Windows NT 6.1) Chrome/86 Safari/537.36 QQBrowser/11", "QQ Browser", "Windows", False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Safari/604.1", "Safari", "iOS", True),
        (PHONE, "WeChat", "Android", True),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) Chrome/114 HuaweiBrowser/5", "Huawei Browser", "HarmonyOS", True),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Firefox/131.0", "Firefox", "Linux", False),
    ],
)
def test_devices_are_named(agent, browser, system, phone):
    assert (devices.browser_of(agent), devices.system_of(agent), devices.is_phone(agent)) == (browser, system, phone)
