"""Scope: postings and grants in force, and the rows they open."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grids.areas.codes import LENGTHS, covers
from grids.areas.models import Area, Succession
from tests.conftest import DISTRICT, GRID, NEXT_GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.accounts.enums import ROLES, Role
from tongshan_portal.accounts.grants import permission_for
from tongshan_portal.accounts.models import PersonGrant, Posting, User
from tongshan_portal.accounts.policy import can
from tongshan_portal.accounts.querysets import within
from tongshan_portal.accounts.scope import Granted, scope_of, scopes_of
from tongshan_portal.kernel import clock

pytestmark = pytest.mark.django_db


def grant(user, on, *, days=7):
    now = clock.now()
    given_at = min(now, now + timedelta(days=days)) - timedelta(days=1)
    return PersonGrant.objects.create(
        user=user,
        permission=permission_for("postings.view", User),
        content_object=on,
        given_at=given_at,
        expires_at=now + timedelta(days=days),
        reason="complaint",
    )


def test_scope_holds_the_postings_in_force(cast, actor):
    scope = actor(cast["worker"]).scope
    assert [(reach.role, reach.area_code) for reach in scope.reaches] == [(Role.GRID_WORKER, GRID)]
    assert [reach.area_code for reach in actor(cast["town_officer"]).scope.reaches] == [TOWN]


def test_scope_is_one_query_with_the_names_of_areas_and_the_grants(cast, django_assert_num_queries):
    made = grant(cast["worker"], cast["mediator"])
    scope_of(cast["worker"], clock.today())  # what is kept of the net is kept for seconds, not for a request
    with django_assert_num_queries(1):
        scope = scope_of(cast["worker"], clock.today())
    assert [reach.area_name for reach in scope.reaches] == ["第001网格"]
    assert scope.grants == (Granted("postings.view", "accounts.user", str(cast["mediator"].pk)),)
    assert scope.grants[0].until == made.expires_at.date() or scope.grants[0].until == date.fromordinal(
        made.expires_at.date().toordinal() + 1
    )


OLD_GRID, OLD_IN_OTHER_TOWN = VILLAGE + "009", OTHER_TOWN + "201009"


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("worker", [OLD_GRID, OLD_IN_OTHER_TOWN]),
        ("town_officer", [OLD_GRID, OLD_IN_OTHER_TOWN]),
        ("other_town_officer", [OLD_IN_OTHER_TOWN]),
    ],
)
def test_rows_of_a_retired_area_are_found_under_what_took_it_over(cast, person, who, seen):
    """One grid was merged within its village, another was moved from the other town; both became the worker's grid."""
    for code in (OLD_GRID, OLD_IN_OTHER_TOWN):
        Area.objects.create(code=code, name="旧网格", valid_to=date(2025, 12, 31))
        Succession.objects.create(predecessor_id=code, successor_id=GRID, on=date(2026, 1, 1))
    rows = {code: Posting.objects.get(user=person("p" + code, Role.GRID_WORKER, code)) for code in (OLD_GRID, OLD_IN_OTHER_TOWN)}
    actor = actor_for(cast[who])
    found = Posting.objects.visible_to(actor.scope).filter(pk__in=[row.pk for row in rows.values()])
    assert sorted(found.values_list("area_code", flat=True)) == sorted(seen)
    assert [code for code in rows if can(actor, "postings.view", rows[code])] == seen


def test_a_posting_counts_from_its_first_to_its_last_day(person):
    user, day = person("lin"), date(2026, 11, 23)
    spans = {
        "ended": (day - timedelta(9), day - timedelta(1)),
        "last day": (day - timedelta(9), day),
        "first day": (day, None),
        "future": (day + timedelta(1), None),
    }
    pks = {}
    for (name, (start, end)), area in zip(spans.items(), [TOWN, OTHER_TOWN, "320312102", "320312103"], strict=True):
        pks[name] = Posting.objects.create(user=user, role=Role.TOWN_OFFICER, area_code=area, starts_on=start, ends_on=end).pk
    assert {reach.posting_id for reach in scope_of(user, day).reaches} == {pks["last day"], pks["first day"]}


def test_a_disabled_person_has_an_empty_scope(person):
    user = person("lin", Role.TOWN_OFFICER, TOWN)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert scopes_of([user.pk], clock.today())[user.pk].reaches == ()
    user.refresh_from_db()
    assert scope_of(user, clock.today()).user_id is None


def test_switching_leaves_one_posting_in_force_and_a_vanished_choice_is_the_union(person):
    user = person("lin", Role.TOWN_OFFICER, TOWN)
    second = Posting.objects.create(user=user, role=Role.MEDIATOR, area_code=OTHER_TOWN, starts_on=date(2020, 1, 1))
    today = clock.today()
    union, one = scope_of(user, today), scope_of(user, today, posting_id=second.pk)
    assert (len(union.reaches), union.is_switched) == (2, False)
    assert ([reach.posting_id for reach in one.reaches], one.is_switched, len(one.available)) == ([second.pk], True, 2)
    assert scope_of(user, today, posting_id=0).reaches == union.reaches


CODES = [DISTRICT, "320311", TOWN, OTHER_TOWN, VILLAGE, "320312106202", GRID, NEXT_GRID, GRID + "001", GRID + "002"]


def test_within_is_what_the_codes_say_for_every_pair_of_levels(person):
    user = person("lin")
    for index, code in enumerate(CODES):
        role = next(role for role, facts in ROLES.items() if len(code) in facts.levels)
        Posting.objects.create(user=user, role=role, area_code=code, starts_on=date(2020, 1, 1) + timedelta(index))
    found = {(outer, inner) for outer in CODES for inner in Posting.objects.filter(within(outer)).values_list("area_code", flat=True)}
    assert found == {(outer, inner) for outer, inner in itertools.product(CODES, CODES) if covers(outer, inner)}
    assert {len(code) for code in CODES} == set(LENGTHS)


def test_a_page_under_one_area_is_one_equality(cast, actor):
    sql = str(Posting.objects.visible_to(actor(cast["town_officer"]).scope).values("pk").query)
    condition = sql.split("WHERE")[1]
    assert condition.strip() == f'"accounts_posting"."town_code" = {TOWN}'


roles_at = [(role, code) for role, facts in ROLES.items() for code in CODES if len(code) in facts.levels]
holdings = st.lists(st.sampled_from(roles_at), max_size=4, unique=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mine=holdings, others=holdings, granted=st.sampled_from([None, 7, -1]))
def test_a_row_is_visible_exactly_when_can_says_so(db, mine, others, granted):
    from django.db import transaction

    with transaction.atomic():
        me, other = (User.objects.create(username=name, name=name) for name in ("me", "other"))
        administrators = {role for role, _code in mine} & {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
        for user, held in ((me, mine), (other, others)):
            for number, (role, code) in enumerate(held):
                day = date(2020, 1, 1)
                if role in {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}:
                    # One after another, the last in force: the database allows no two at a time.
                    last = all(later not in {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN} for later, _c in held[number + 1 :])
                    day = date(2010 + number, 1, 1)
                    end = None if last else date(2010 + number, 12, 31)
                else:
                    end = None
                department_id = 1 if role is Role.DEPARTMENT_HANDLER else None
                department_id = department_id and _department()
                Posting.objects.create(user=user, role=role, area_code=code, starts_on=day, ends_on=end, department_id=department_id)
        if granted is not None:
            grant(me, other, days=granted)
        actor = actor_for(me)
        visible = set(Posting.objects.visible_to(actor.scope).values_list("pk", flat=True))
        allowed = {row.pk for row in Posting.objects.all() if can(actor, "postings.view", row)}
        transaction.set_rollback(True)
    assert visible == allowed
    assert administrators >= set()


def _department():
    from tongshan_portal.accounts.models import Department

    return Department.objects.get_or_create(code="police", defaults={"name": "公安局"})[0].pk


def test_area_names_fall_back_to_the_code(person):
    user = person("lin", Role.TOWN_OFFICER, TOWN)
    Area.objects.filter(pk=TOWN).delete()
    assert [reach.area_name for reach in scope_of(user, clock.today()).reaches] == [TOWN]
