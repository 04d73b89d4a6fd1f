"""Successions and editions: history stays found, and processes learn of changes."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from grids.areas import edition
from grids.areas.models import Area, Succession
from grids.areas.succession import reaching
from tongshan_portal.kernel import clock

TOWN, OTHER_TOWN = "320312106", "320312119"
OLD, MERGED, MOVED = "320312106201001", "320312106201009", "320312119203001"


@pytest.mark.parametrize(
    ("code", "links", "expected"),
    [
        (MERGED, {}, [MERGED]),
        (MERGED, {MERGED: (OLD,)}, [OLD, MERGED]),
        (OLD, {MERGED: (OLD,)}, [OLD]),
        (TOWN, {MERGED: (OLD,)}, [TOWN]),
        (OTHER_TOWN, {MOVED: (MERGED,), MERGED: (OLD,)}, [OLD, MERGED, OTHER_TOWN]),
        ("320312", {MOVED: (MERGED,), MERGED: (OLD,)}, ["320312"]),
        ("320312119203001001", {MOVED: (OLD,)}, ["320312119203001001"]),
        (OLD, {OLD: (MERGED,), MERGED: (OLD,)}, [OLD, MERGED]),
    ],
)
def test_area_reaches_its_predecessors_and_those_of_all_below_it(code, links, expected):
    assert reaching(code, links) == expected


@pytest.mark.django_db
def test_every_change_of_the_net_is_a_new_edition(areas):
    before = edition.number()
    Area.objects.filter(code="320312106").update(name="柳新镇（改）")
    Succession.objects.create(predecessor_id="320312106", successor_id="320312119", on=date(2026, 1, 1))
    assert edition.number() == before + 2


@pytest.mark.django_db
def test_number_of_a_change_that_was_rolled_back_never_returns(areas):
    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        Area.objects.filter(code=TOWN).update(name="一")
        undone = edition.number()
        raise Undone
    Area.objects.filter(code=TOWN).update(name="二")
    assert edition.number() == undone + 1


@pytest.mark.django_db
def test_what_is_kept_ends_at_midnight_because_areas_do(areas, monkeypatch):
    monkeypatch.setattr(edition, "CHECK_EVERY", 0.0)
    kept = edition.Kept(lambda: clock.today())
    assert kept.get() == clock.today()
    tomorrow = clock.today() + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    assert kept.get() == clock.today()


@pytest.mark.django_db
def test_kept_value_is_computed_once_per_edition_and_again_after_a_change(areas, monkeypatch):
    computed = []
    kept = edition.Kept(lambda: computed.append(1) or Area.objects.count())
    assert (kept.get(), kept.get()) == (6, 6)
    Area.objects.create(code="320312107", name="刘集镇")
    assert kept.get() == 6
    monkeypatch.setattr(edition, "CHECK_EVERY", 0.0)
    assert (kept.get(), kept.get()) == (7, 7)
    kept.forget()
    assert (kept.get(), len(computed)) == (7, 3)
