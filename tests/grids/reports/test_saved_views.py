"""Saved views: one's own alone, told in the morning of a working day and at a threshold, with the owner's rights of that moment."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from grids.reports.actions.saved_views import MOST, change_view, delete_view, save_view
from grids.reports.actions.telling_views import is_first_hour, sweep_views
from grids.reports.models import SavedView
from tongshan_portal.accounts.models import Posting
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.live.models import Delivery

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 25, 9, 5, tzinfo=CHINA)
"""A Wednesday."""


@pytest.fixture
def view(act):
    """A view of the dispatcher's: everything that is not closed."""
    return lambda who="dispatcher", **given: save_view(actor=act(who), **{"name": "未办结", "query": "view=living", **given})


def told(user):
    rows = Delivery.objects.filter(user=user, notice__kind__startswith="report.view").order_by("pk")
    return [(row.notice.kind, row.notice.params) for row in rows]


def test_the_present_filters_are_kept_under_a_name_and_stand_among_the_tabs(client, people, report_in):
    report_in("opened")
    client.force_login(people["dispatcher"])
    answer = client.post(f"{reverse('reports:save_view')}?view=all&state=opened&q=&after=x", {"name": "  待派遣 ", "digest": "daily"})
    row = SavedView.objects.get()
    assert (row.user, row.name, row.query, row.digest, row.threshold) == (
        people["dispatcher"],
        "待派遣",
        "view=all&state=opened",
        "daily",
        None,
    )
    assert answer["Location"] == f"{reverse('reports:index')}?saved={row.pk}"
    onward = client.get(answer["Location"])
    assert onward["Location"] == f"{reverse('reports:index')}?view=all&state=opened&saved={row.pk}"
    page = client.get(onward["Location"])
    assert ([one.pk for one in page.context["saved"]], len(page.context["lines"])) == ([row.pk], 1)


def test_a_view_is_renamed_and_deleted_by_its_owner_alone(client, people, view):
    row = view()
    client.force_login(people["supervisor"])
    addresses = [reverse("reports:view", args=[row.pk]), reverse("reports:delete_view", args=[row.pk])]
    assert [client.get(one).status_code for one in addresses] == [404, 404]
    assert [client.post(one, {"name": "x"}).status_code for one in addresses] == [404, 404]
    assert client.get(f"{reverse('reports:index')}?saved={row.pk}").status_code == 404
    row.refresh_from_db()
    assert row.name == "未办结"
    client.force_login(people["dispatcher"])
    client.post(addresses[0], {"name": "全区未办结", "digest": "none", "threshold": "5"})
    row.refresh_from_db()
    assert (row.name, row.threshold) == ("全区未办结", 5)
    client.post(addresses[1])
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize("name", ["", "  ", "电话13800001234"])
def test_a_name_that_cannot_stand_in_a_notice_is_refused(view, name):
    with pytest.raises(DomainError):
        view(name=name)
    assert SavedView.objects.count() == 0


def test_names_are_ones_own_and_views_are_not_endless(view, act):
    view()
    with pytest.raises(DomainError):
        view()
    view("supervisor")
    for number in range(MOST - 1):
        view(name=f"第{number}个")
    with pytest.raises(DomainError):
        view(name="多一个")
    assert SavedView.objects.count() == MOST + 1


def test_an_actor_changes_only_her_own(view, act):
    row = view()
    for attempt in (
        lambda: change_view(actor=act("supervisor"), view_id=row.pk, name="x"),
        lambda: delete_view(actor=act("supervisor"), view_id=row.pk),
    ):
        with pytest.raises(SavedView.DoesNotExist):
            attempt()
    assert SavedView.objects.get().name == "未办结"


@pytest.mark.parametrize(
    ("moment", "is_first"),
    [
        (datetime(2026, 11, 25, 8, 59), False),
        (datetime(2026, 11, 25, 9, 0), True),
        (datetime(2026, 11, 25, 9, 59), True),
        (datetime(2026, 11, 25, 10, 0), False),
        (datetime(2026, 11, 28, 9, 5), False),
        (datetime(2026, 10, 1, 9, 5), False),
        (datetime(2026, 10, 10, 9, 5), True),
    ],
)
def test_the_morning_is_the_first_hour_of_service_of_a_working_day(moment, is_first):
    """28 November is a Saturday, 1 October a holiday, 10 October a Saturday worked in exchange."""
    assert is_first_hour(moment.replace(tzinfo=CHINA)) is is_first


def test_the_numbers_of_the_morning_are_told_once(view, report_in, people):
    for state in ("opened", "handling", "closed"):
        report_in(state)
    row = view(digest="daily")
    assert [sweep_views(now=MORNING - timedelta(hours=2)), sweep_views(now=MORNING), sweep_views(now=MORNING + timedelta(minutes=20))] == [
        0,
        1,
        0,
    ]
    assert told(people["dispatcher"]) == [("report.view_daily", {"name": "未办结", "number": 2, "late": 0})]
    assert Delivery.objects.get(notice__kind="report.view_daily").notice.link == f"{reverse('reports:index')}?saved={row.pk}"
    assert sweep_views(now=MORNING + timedelta(days=1)) == 1


def test_a_threshold_is_told_once_each_time_it_is_crossed(view, report_in, people, act):
    view(threshold=2)
    first = report_in("opened")
    assert sweep_views(now=MORNING) == 0
    report_in("opened")
    assert [sweep_views(now=MORNING), sweep_views(now=MORNING)] == [1, 0]
    report_in("opened")
    assert sweep_views(now=MORNING) == 0
    SavedView.objects.update(query="view=living&state=void")
    assert sweep_views(now=MORNING) == 0
    SavedView.objects.update(query="view=living")
    assert sweep_views(now=MORNING) == 1
    assert told(people["dispatcher"]) == [("report.view_filled", {"name": "未办结", "threshold": 2})] * 2
    assert first.pk


def test_a_new_threshold_is_crossed_anew(view, report_in, act):
    row = view(threshold=1)
    report_in("opened")
    assert sweep_views(now=MORNING) == 1
    change_view(actor=act("dispatcher"), view_id=row.pk, name="未办结", threshold=1)
    assert sweep_views(now=MORNING) == 0
    report_in("opened")
    change_view(actor=act("dispatcher"), view_id=row.pk, name="未办结", threshold=2)
    assert sweep_views(now=MORNING) == 1


def test_the_owner_is_told_of_what_she_sees_at_that_moment_and_no_more(view, report_in, people):
    report_in("opened")
    for who in ("town_officer", "other_town_officer"):
        view(who, digest="daily", threshold=1)
    assert sweep_views(now=MORNING) == 3
    assert told(people["town_officer"]) == [
        ("report.view_daily", {"name": "未办结", "number": 1, "late": 0}), ("report.view_filled", {"name": "未办结", "threshold": 1}),
    ]  # fmt: skip
    assert told(people["other_town_officer"]) == [("report.view_daily", {"name": "未办结", "number": 0, "late": 0})]


@pytest.mark.parametrize("ending", ["posting", "account"])
def test_whose_posting_ended_is_told_nothing(view, report_in, people, ending):
    report_in("opened")
    view(digest="daily", threshold=1)
    if ending == "posting":
        Posting.objects.filter(user=people["dispatcher"]).update(ends_on=date(2026, 1, 1))
    else:
        type(people["dispatcher"]).objects.filter(pk=people["dispatcher"].pk).update(is_active=False)
    assert sweep_views(now=MORNING) == 0
    assert told(people["dispatcher"]) == []


def test_a_view_whose_filters_are_no_more_tells_nothing(view, people):
    view(digest="daily", threshold=1, query="view=gone")
    assert sweep_views(now=MORNING) == 0


def test_filters_that_name_no_list_are_not_kept(client, people):
    client.force_login(people["dispatcher"])
    assert client.post(f"{reverse('reports:save_view')}?view=nothing", {"name": "x"}).status_code == 404
    assert SavedView.objects.count() == 0
