"""Keyset paging: every row once, in order, both ways; nonsense is told."""

import pytest
from django.db.models import Q
from django.test import RequestFactory

from grids.areas.models import Area
from tongshan_portal.ui.lists import Count, WrongCursor, count_of, count_on, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(db):
    """Twenty-five areas; names repeat, so that only the code makes the order whole."""
    Area.objects.bulk_create(Area(code=f"3203121{number:02d}", name=f"镇{number % 4}") for number in range(25))
    return Area.objects.all()


def asked(query: str = ""):
    return RequestFactory().get("/" + query)


def walk(rows, order, *, link="older", start=""):
    pages, query = [], start
    while query is not None:
        page = page_of(asked(query), rows, order=order, size=7)
        pages.append([row.code for row in page.rows])
        query = getattr(page, link)
    return pages


@pytest.mark.parametrize("order", [("code",), ("-code",), ("name", "code"), ("-name", "-code")])
def test_walk_shows_every_row_once_in_order(rows, order):
    expected = list(rows.order_by(*order).values_list("code", flat=True))
    assert sum(walk(rows, order), []) == expected


def test_walk_back_shows_the_same_pages(rows):
    forth = walk(rows, ("name", "code"))
    last = page_of(asked(), rows, order=("name", "code"), size=7)
    while last.older:
        query, last = last.older, page_of(asked(last.older), rows, order=("name", "code"), size=7)
    assert query
    back = walk(rows, ("name", "code"), link="newer", start=query)
    assert sorted(sum(back[1:], [])) == sorted(sum(forth[:-1], []))


def test_other_filters_stay_in_the_links(rows):
    page = page_of(asked("?town=1&after="), rows, order=("code",), size=7)
    assert page.older.startswith("?town=1&after=")
    assert page.newer is None


def test_row_that_comes_in_between_is_not_skipped(rows):
    first = page_of(asked(), rows, order=("code",), size=7)
    Area.objects.create(code="320312000", name="新")
    second = page_of(asked(first.older), rows, order=("code",), size=7)
    assert second.rows[0].code == "320312107"


@pytest.mark.parametrize("cursor", ["x", "%%%", "W10", "WzEsMl0", "bnVsbA"])
def test_nonsense_in_the_address_is_told(rows, cursor):
    with pytest.raises(WrongCursor):
        page_of(asked(f"?after={cursor}"), rows, order=("code",))


def test_count_stops_at_its_cap(rows, monkeypatch):
    assert count_of(rows) == Count(25, False)
    monkeypatch.setattr("tongshan_portal.ui.lists.COUNT_CAP", 10)
    assert count_of(rows) == Count(10, True)


def test_parts_are_paged_and_counted_as_one_list(rows):
    one, other, third = Q(name="镇1"), Q(code__lt="320312110"), Q(name="镇2")
    parts = [rows.filter(one), rows.filter(other).exclude(one), rows.filter(third).exclude(one | other)]
    whole, order = rows.filter(one | other | third), ("-name", "-code")
    pages, query = [], ""
    while query is not None:
        page = page_of(asked(query), parts, order=order, size=4)
        pages.append([row.code for row in page.rows])
        back, query = page.newer, page.older
    assert sum(pages, []) == list(whole.order_by(*order).values_list("code", flat=True))
    assert [row.code for row in page_of(asked(back), parts, order=order, size=4).rows] == pages[-2]
    assert count_of(parts) == count_of(whole) == Count(sum(map(len, pages)), False)


def test_a_page_says_of_the_whole_what_it_can_see(rows):
    assert count_on(page_of(asked(), rows, order=("code",), size=25)) == Count(25, False)
    assert count_on(page_of(asked(), rows, order=("code",), size=7)) == Count(7, True)
