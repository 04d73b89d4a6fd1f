"""The guard: in a request, scoped rows are read through a door or not at all."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tests.conftest import TOWN
from tongshan_portal.accounts import guard
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.guard import UnscopedAccess, guarded
from tongshan_portal.accounts.middleware import ActorMiddleware
from tongshan_portal.accounts.models import Posting

pytestmark = pytest.mark.django_db

EVALUATIONS = {
    "list": list,
    "iterator": lambda rows: list(rows.iterator()),
    "get": lambda rows: rows.get(),
    "first": lambda rows: rows.first(),
    "slice": lambda rows: list(rows[:1]),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "aggregate": lambda rows: rows.aggregate(n=__import__("django").db.models.Count("pk")),
    "values": lambda rows: list(rows.values_list("pk", flat=True)),
    "update": lambda rows: rows.update(ends_on=None),
    "bool": bool,
    "in_bulk": lambda rows: rows.in_bulk(),
}


@pytest.mark.parametrize("way", EVALUATIONS)
def test_every_way_to_read_without_a_door_raises_in_a_request(person, way):
    person("lin", Role.TOWN_OFFICER, TOWN)
    with guarded(), pytest.raises(UnscopedAccess):
        EVALUATIONS[way](Posting.objects.filter(role=Role.TOWN_OFFICER))


@pytest.mark.parametrize("way", EVALUATIONS)
def test_every_way_to_read_through_a_door_works_in_a_request(person, actor, way):
    scope = actor(person("lin", Role.TOWN_OFFICER, TOWN)).scope
    with guarded():
        EVALUATIONS[way](Posting.objects.visible_to(scope).filter(role=Role.TOWN_OFFICER))
        EVALUATIONS[way](Posting.objects.unscoped("a test").filter(role=Role.TOWN_OFFICER))


def test_related_rows_need_a_door_too(person):
    user = person("lin", Role.TOWN_OFFICER, TOWN)
    with guarded(), pytest.raises(UnscopedAccess):
        list(user.postings.all())


def test_the_guard_is_off_outside_requests_and_on_within(person, rf: RequestFactory):
    person("lin", Role.TOWN_OFFICER, TOWN)
    assert not guard.is_on()
    assert Posting.objects.count() == 1

    def view(request):
        with pytest.raises(UnscopedAccess):
            Posting.objects.count()
        return HttpResponse("seen")

    assert ActorMiddleware(view)(rf.get("/")).content == b"seen"
    assert not guard.is_on()


def test_unscoped_needs_a_reason():
    with pytest.raises(ValueError, match="says why"):
        Posting.objects.unscoped(" ")
