"""Giving and ending postings, accounts, grants: who may, what the ledger keeps, what the database refuses."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import DISTRICT, GRID, OTHER_TOWN, TOWN
from tongshan_portal.accounts import grants
from tongshan_portal.accounts.actions import departments, granting, postings, users
from tongshan_portal.accounts.departments import seed_departments
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Department, PersonGrant, Posting, User
from tongshan_portal.accounts.policy import can
from tongshan_portal.accounts.signals import access_changed
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, InvalidTransition, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


@pytest.fixture
def heard():
    """The ids of the people whose change of access was told."""
    ids = []

    def hear(user_id, **_rest):
        ids.append(user_id)

    access_changed.connect(hear, weak=False)
    yield ids
    access_changed.disconnect(hear)


def verbs():
    return list(LedgerEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_give_posting_gives_records_and_tells_on_commit(cast, actor, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = postings.give_posting(
            actor=actor(cast["security_admin"]), user=cast["stranger"], role=Role.TOWN_OFFICER, area_code=TOWN, starts_on=DAY
        )
        assert heard == []
    assert (made.user, made.role, made.area_code, made.ends_on) == (cast["stranger"], Role.TOWN_OFFICER, TOWN, None)
    assert (verbs(), heard) == (["posting.given"], [cast["stranger"].pk])
    assert can(actor(cast["stranger"]), "postings.view", made).allowed


@pytest.mark.parametrize("who", ["worker", "town_officer", "duty_officer", "system_admin", "auditor", "stranger"])
def test_only_security_administrators_give_and_end(cast, actor, who):
    posting = cast["worker"].postings.get()
    before = Posting.objects.count()
    with pytest.raises(NotAllowed):
        postings.give_posting(actor=actor(cast[who]), user=cast["mediator"], role=Role.TOWN_OFFICER, area_code=TOWN, starts_on=DAY)
    with pytest.raises(NotAllowed):
        postings.end_posting(actor=actor(cast[who]), posting_id=posting.pk, reason="leaves")
    posting.refresh_from_db()
    assert (Posting.objects.count(), posting.ends_on, verbs()) == (before, None, [])


def test_nobody_gives_rights_to_herself(cast, actor):
    me = actor(cast["security_admin"])
    with pytest.raises(NotAllowed):
        postings.give_posting(actor=me, user=cast["security_admin"], role=Role.TOWN_OFFICER, area_code=TOWN, starts_on=DAY)
    with pytest.raises(NotAllowed):
        granting.give(
            actor=me,
            user=cast["security_admin"],
            action="postings.view",
            row=cast["worker"],
            reason="curious",
            expires_at=clock.now() + timedelta(1),
            now=clock.now(),
        )
    assert (cast["security_admin"].postings.count(), PersonGrant.objects.count(), verbs()) == (1, 0, [])


REFUSED = {
    "a level that does not fit the role": ({"role": Role.GRID_WORKER, "area_code": TOWN}, "area"),
    "an area that does not exist": ({"role": Role.TOWN_OFFICER, "area_code": "320312999"}, "area"),
    "a handler without department": ({"role": Role.DEPARTMENT_HANDLER, "area_code": DISTRICT}, "department"),
    "dates out of order": ({"role": Role.TOWN_OFFICER, "area_code": TOWN, "ends_on": DAY - timedelta(1)}, "ends_on"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_posting_that_does_not_fit_is_refused_with_the_field(cast, actor, case):
    fields, field = REFUSED[case]
    with pytest.raises(DomainError) as refusal:
        postings.give_posting(actor=actor(cast["security_admin"]), user=cast["stranger"], starts_on=DAY, **fields)
    assert (refusal.value.field, cast["stranger"].postings.count(), verbs()) == (field, 0, [])


def test_one_person_never_holds_two_administrators(cast, actor):
    with pytest.raises(DomainError) as refusal:
        postings.give_posting(
            actor=actor(cast["security_admin"]), user=cast["auditor"], role=Role.SYSTEM_ADMIN, area_code=DISTRICT, starts_on=DAY
        )
    assert (refusal.value.field, cast["auditor"].postings.count()) == ("role", 1)


DATABASE_REFUSES = {
    "two administrators at a time": {"user": "auditor", "role": Role.SYSTEM_ADMIN, "area_code": DISTRICT},
    "the same posting twice": {"user": "town_officer", "role": Role.TOWN_OFFICER, "area_code": TOWN},
    "a level that does not fit": {"user": "stranger", "role": Role.TOWN_OFFICER, "area_code": GRID},
    "a handler without department": {"user": "stranger", "role": Role.DEPARTMENT_HANDLER, "area_code": DISTRICT},
    "dates out of order": {"user": "stranger", "role": Role.TOWN_OFFICER, "area_code": TOWN, "ends_on": DAY - timedelta(1)},
}


@pytest.mark.parametrize("case", DATABASE_REFUSES)
def test_the_database_refuses_by_itself(cast, case):
    fields = dict(DATABASE_REFUSES[case])
    user = cast[fields.pop("user")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(user=user, starts_on=DAY, **fields)


def test_the_database_allows_one_administrator_after_another_and_the_same_posting_again(cast):
    user = cast["stranger"]
    for role, start, end in [
        (Role.SYSTEM_ADMIN, DAY, DAY + timedelta(9)),
        (Role.AUDIT_ADMIN, DAY + timedelta(10), None),
        (Role.TOWN_OFFICER, DAY, DAY + timedelta(9)),
        (Role.TOWN_OFFICER, DAY + timedelta(10), None),
    ]:
        area = TOWN if role is Role.TOWN_OFFICER else DISTRICT
        Posting.objects.create(user=user, role=role, area_code=area, starts_on=start, ends_on=end)
    Posting.objects.create(user=user, role=Role.TOWN_OFFICER, area_code=OTHER_TOWN, starts_on=DAY)
    assert user.postings.count() == 5


def test_end_posting_ends_at_once_and_keeps_the_row(cast, actor, heard, django_capture_on_commit_callbacks):
    posting = cast["worker"].postings.get()
    with django_capture_on_commit_callbacks(execute=True):
        postings.end_posting(actor=actor(cast["security_admin"]), posting_id=posting.pk, reason="moved to another town")
    posting.refresh_from_db()
    assert posting.ends_on == clock.today() - timedelta(1)
    assert actor(cast["worker"]).scope.reaches == ()
    assert (verbs(), heard) == (["posting.ended"], [cast["worker"].pk])
    with pytest.raises(InvalidTransition):
        postings.end_posting(actor=actor(cast["security_admin"]), posting_id=posting.pk, reason="again")


def test_end_posting_needs_a_reason(cast, actor):
    posting = cast["worker"].postings.get()
    with pytest.raises(DomainError) as refusal:
        postings.end_posting(actor=actor(cast["security_admin"]), posting_id=posting.pk, reason=" ")
    posting.refresh_from_db()
    assert (refusal.value.field, posting.ends_on, verbs()) == ("reason", None, [])


def test_accounts_are_made_changed_shut_and_opened_by_the_system_administrator(cast, actor):
    admin = actor(cast["system_admin"])
    made = users.create_user(actor=admin, username="li", name="李四", phone="13812345678", password="first-pass-1")
    assert (made.must_change_password, str(made.phone), actor(made).scope.reaches) == (True, "138****5678", ())
    users.change_user(actor=admin, user_id=made.pk, name="李思")
    users.disable_user(actor=admin, user_id=made.pk, reason="left")
    with pytest.raises(InvalidTransition):
        users.disable_user(actor=admin, user_id=made.pk, reason="left")
    users.enable_user(actor=admin, user_id=made.pk, reason="back")
    users.set_initial_password(actor=admin, user_id=made.pk, password="second-pass-2")
    made.refresh_from_db()
    assert (made.name, made.is_active, made.check_password("second-pass-2")) == ("李思", True, True)
    assert verbs() == ["user.created", "user.changed", "user.disabled", "user.enabled", "initial_password.set"]
    assert "138" not in str(list(LedgerEntry.objects.values_list("detail", "object_label")))


def test_a_taken_sign_in_name_is_refused(cast, actor):
    with pytest.raises(DomainError) as refusal:
        users.create_user(actor=actor(cast["system_admin"]), username="worker", name="x")
    assert (refusal.value.field, User.objects.filter(username="worker").count(), verbs()) == ("username", 1, [])


MAY = {
    "users.create": {"system_admin"},
    "users.change": {"system_admin"},
    "users.disable": {"system_admin", "security_admin"},
    "users.enable": {"system_admin"},
    "users.set_initial_password": {"system_admin"},
    "postings.give": {"security_admin"},
    "postings.end": {"security_admin"},
    "grants.give": {"security_admin"},
    "grants.take": {"security_admin"},
    "departments.change": {"system_admin"},
    "users.view": {"system_admin", "security_admin", "auditor"},
    "access.explain": {"security_admin", "auditor"},
}


def test_the_three_administrators_do_three_things(cast, actor):
    found = {name: {who for who, user in cast.items() if can(actor(user), name)} for name in MAY}
    assert found == MAY


def test_nobody_disables_herself(cast, actor):
    with pytest.raises(NotAllowed):
        users.disable_user(actor=actor(cast["system_admin"]), user_id=cast["system_admin"].pk, reason="test")
    cast["system_admin"].refresh_from_db()
    assert (cast["system_admin"].is_active, verbs()) == (True, [])


def give(actor, to, on, days=7, **changes):
    now = clock.now()
    arguments = {
        "user": to,
        "action": "postings.view",
        "row": on,
        "reason": "complaint 12",
        "expires_at": now + timedelta(days),
        "now": now,
    } | changes
    return granting.give(actor=actor, **arguments)


def test_a_grant_opens_what_it_says_until_it_is_taken(cast, actor, heard, django_capture_on_commit_callbacks):
    security, worker, mediator = actor(cast["security_admin"]), cast["worker"], cast["mediator"]
    posting = mediator.postings.get()
    assert not can(actor(worker), "postings.view", posting)
    with django_capture_on_commit_callbacks(execute=True):
        made = give(security, worker, mediator)
    assert can(actor(worker), "postings.view", posting).allowed
    assert not can(actor(worker), "postings.end", posting)
    assert grants.has(worker, "postings.view", mediator, now=clock.now())
    assert grants.of(worker, clock.now()) == [made]
    with django_capture_on_commit_callbacks(execute=True):
        granting.take(actor=security, grant=made, reason="closed")
    assert not can(actor(worker), "postings.view", posting)
    assert (verbs(), heard, PersonGrant.objects.count()) == (["grant.given", "grant.taken"], [worker.pk, worker.pk], 0)


def test_an_expired_grant_does_nothing_and_is_swept(cast, actor):
    made = give(actor(cast["security_admin"]), cast["worker"], cast["mediator"])
    later = made.expires_at + timedelta(seconds=1)
    assert not grants.has(cast["worker"], "postings.view", cast["mediator"], now=later)
    assert granting.sweep(now=made.expires_at - timedelta(seconds=1)) == 0
    assert granting.sweep(now=later) == 1
    assert (PersonGrant.objects.count(), verbs()) == (0, ["grant.given", "grant.expired"])


def test_a_grant_given_again_is_one_grant_with_the_new_end(cast, actor):
    security = actor(cast["security_admin"])
    give(security, cast["worker"], cast["mediator"], days=3)
    second = give(security, cast["worker"], cast["mediator"], days=9)
    assert [grant.expires_at for grant in PersonGrant.objects.all()] == [second.expires_at]


BAD_GRANTS = {
    "reason": {"reason": " "},
    "expires_at": {"days": -1},
    "action": {"action": "postings.end"},
}


@pytest.mark.parametrize("field", BAD_GRANTS)
def test_a_grant_needs_a_reason_an_end_and_an_action_that_may_be_granted(cast, actor, field):
    with pytest.raises(DomainError) as refusal:
        give(actor(cast["security_admin"]), cast["worker"], cast["mediator"], **BAD_GRANTS[field])
    assert (refusal.value.field, PersonGrant.objects.count(), verbs()) == (field, 0, [])


def test_a_grant_is_not_longer_than_the_setting_allows(cast, actor, settings):
    settings.GRANT_MAX_DAYS = 5
    with pytest.raises(DomainError):
        give(actor(cast["security_admin"]), cast["worker"], cast["mediator"], days=6)
    assert PersonGrant.objects.count() == 0


def test_departments_are_labelled_defaults_until_somebody_names_them(cast, actor):
    seed_departments()
    made = Department.objects.get(code="police")
    assert made.is_default
    departments.change_department(actor=actor(cast["system_admin"]), department_id=made.pk, name="铜山公安分局")
    made.refresh_from_db()
    assert (made.name, made.is_default, verbs()) == ("铜山公安分局", False, ["department.changed"])
