"""The ledger's pages: who sees them, what they hold, and what a page costs in a large ledger."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from tests.conftest import DISTRICT, GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.accounts.enums import Role
from tongshan_portal.audit import queries
from tongshan_portal.audit.forms import LedgerFilter
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ledger.public import Line, record, record_many
from tongshan_portal.ledger.record import PortalPart

pytestmark = pytest.mark.django_db
SUITE = PortalPart("the suite")
PAGES = ["audit:ledger", "audit:chain"]


def moved(**values):
    return record(actor=SUITE, verb="suite.moved", **values)


@pytest.mark.parametrize("address", PAGES)
def test_audit_administrator_alone_reads_the_ledger(client, cast, address):
    statuses = {}
    for name, user in cast.items():
        client.force_login(user)
        statuses[name] = client.get(reverse(address)).status_code
    assert statuses == {name: 200 if name == "auditor" else 403 for name in cast}


def test_without_signing_in_every_page_leads_to_the_sign_in(client, areas):
    entry = moved()
    for url in [reverse("audit:ledger"), reverse("audit:chain"), reverse("audit:reveals"), reverse("audit:entry", args=[entry.pk])]:
        assert client.get(url).status_code == 302


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"a", "b", "c", "d"}),
        ({"who": "portal/the suite"}, {"a", "b", "c"}),
        ({"who": "the"}, set()),
        ({"verb": "suite.moved"}, {"a", "b", "c", "d"}),
        ({"verb": "sealed.revealed"}, set()),
        ({"area": DISTRICT}, {"a", "b", "c"}),
        ({"area": TOWN}, {"a", "b"}),
        ({"area": VILLAGE}, {"a"}),
        ({"area": GRID}, {"a"}),
        ({"area": GRID[:-1] + "9"}, set()),
        ({"area": "12345"}, set()),
        ({"reasoned": "on"}, {"b"}),
        ({"since": 1}, set()),
        ({"until": 0}, {"a", "b", "c", "d"}),
        ({"until": -1}, set()),
        ({"area": TOWN, "reasoned": "on", "who": "portal/the suite"}, {"b"}),
    ],
)
def test_filters(cast, actor, query, expected):
    """A number is a day, counted from the one on which the test runs."""
    day = lambda number: (clock.today() + timedelta(days=number)).isoformat()  # noqa: E731
    query = {name: day(given) if isinstance(given, int) else given for name, given in query.items()}
    moved(detail={"n": "a"}, area_code=GRID)
    moved(detail={"n": "b"}, area_code=TOWN, reason="because")
    moved(detail={"n": "c"}, area_code=OTHER_TOWN)
    record(actor=PortalPart("another"), verb="suite.moved", detail={"n": "d"})
    found = LedgerFilter(query).apply(queries.entries_for(actor(cast["auditor"])))
    assert {entry.detail["n"] for entry in found} == expected


def test_pages_of_fifty_hold_every_entry_once_even_of_one_moment(cast, actor):
    record_many(actor=SUITE, verb="suite.moved", lines=(Line(detail={"n": n}) for n in range(120)))
    before, seen = "", []
    for expected in (50, 50, 20):
        page = queries.page_of(queries.entries_for(actor(cast["auditor"])), before)
        assert len(page.entries) == expected
        seen += [entry.detail["n"] for entry in page.entries]
        before = page.older
    assert (seen, before) == (list(range(119, -1, -1)), "")


@pytest.mark.parametrize("key", ["x", "1", "-", "9" * 40 + "-1", "1-" + "9" * 40, "²-1", "99999999999999999-1"])
def test_key_that_is_none_begins_at_the_newest(cast, actor, key):
    moved()
    assert len(queries.page_of(queries.entries_for(actor(cast["auditor"])), key).entries) in (0, 1)


def test_list_shows_sentences_and_keeps_the_filter_when_paging(client, cast):
    record_many(actor=SUITE, verb="suite.moved", lines=(Line(row=cast["worker"], area_code=GRID) for _n in range(60)))
    client.force_login(cast["auditor"])
    page = client.get(reverse("audit:ledger"), {"who": "portal/the suite"}).content.decode()
    assert page.count("the suite moved worker.") == 50
    assert "?who=portal%2Fthe+suite&amp;before=" in page


def test_list_costs_the_same_queries_for_one_and_for_fifty_entries(client, cast, django_assert_num_queries):
    client.force_login(cast["auditor"])
    moved()
    client.get(reverse("audit:ledger"))  # fills what the process keeps: names of areas, banners
    with django_assert_num_queries(5) as one:
        client.get(reverse("audit:ledger"))
    record_many(actor=SUITE, verb="suite.moved", lines=(Line() for _n in range(60)))
    with django_assert_num_queries(len(one)):
        client.get(reverse("audit:ledger"))


def test_entry_shows_before_and_after_and_that_it_fits(client, cast):
    entry = moved(detail={"changed": {"name": ["旧", "新"]}}, row=cast["worker"])
    client.force_login(cast["auditor"])
    response = client.get(reverse("audit:entry", args=[entry.pk]))
    assert [(change.before, change.after) for change in response.context["changes"]] == [("旧", "新")]
    assert response.context["faults"] == []


def test_entry_that_was_tampered_with_says_so(client, cast):
    entries = [moved() for _n in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_ledgerentry SET reason = 'x' WHERE id = %s", [entries[1].pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    client.force_login(cast["auditor"])
    kinds = [[fault.kind for fault in client.get(reverse("audit:entry", args=[entry.pk])).context["faults"]] for entry in entries]
    assert kinds == [["changed"]] * 3  # its neighbours show it as well


def test_auditor_of_a_town_reads_that_town(client, person, areas):
    inside, outside, nowhere = moved(area_code=GRID), moved(area_code=OTHER_TOWN), moved()
    client.force_login(person("town_auditor", Role.AUDIT_ADMIN, TOWN))
    assert [entry.pk for entry in client.get(reverse("audit:ledger")).context["page"].entries] == [inside.pk]
    statuses = [client.get(reverse("audit:entry", args=[entry.pk])).status_code for entry in (inside, outside, nowhere)]
    assert statuses == [200, 404, 404]


def test_supervisors_and_directors_read_the_reveals_of_their_area(client, person, cast):
    for area in (GRID, OTHER_TOWN, ""):
        record(actor=SUITE, verb="sealed.revealed", area_code=area, reason="核实身份", detail={"label": "phone"})
    moved(area_code=GRID)
    found = {}
    for name, role, area in [("s", Role.SUPERVISOR, TOWN), ("d", Role.DIRECTOR, DISTRICT), ("o", Role.SUPERVISOR, OTHER_TOWN)]:
        client.force_login(person(f"overseer_{name}", role, area))
        entries = client.get(reverse("audit:reveals")).context["page"].entries
        found[name] = sorted(entry.area_code for entry in entries)
    assert found == {"s": [GRID], "d": ["", OTHER_TOWN and GRID, OTHER_TOWN], "o": [OTHER_TOWN]}
    client.force_login(cast["worker"])
    assert client.get(reverse("audit:reveals")).status_code == 403


def test_chain_page_counts_from_heads(client, cast):
    for _n in range(3):
        moved()
    record(actor=SUITE, verb="ledger.checked", detail={"rows": 3, "faults": 0})
    client.force_login(cast["auditor"])
    state = client.get(reverse("audit:chain")).context["state"]
    assert (state.rows, state.archived, state.strands, len(state.checks), state.last_checkpoint) == (4, 0, 1, 1, None)


def _plan(queryset):
    with connection.cursor() as cursor:
        sql, parameters = queryset.query.sql_with_params()
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        answer = cursor.fetchone()[0]
    plan = answer if isinstance(answer, list) else json.loads(answer)
    nodes, waiting = [], [plan[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        waiting += node.get("Plans", [])
    return {node["Node Type"] for node in nodes}, {node["Index Name"] for node in nodes if "Index Name" in node}


def test_every_filter_stands_on_one_index_in_the_order_of_the_list(cast, actor):
    """A million rows are for the bench; the plans are the same from some thousands on."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the plans need rows, not a chain
        cursor.execute(
            """
            INSERT INTO ledger_ledgerentry (at, actor_label, verb, object_type, object_id, object_label, area_code, reason, detail,
                request_id, strand, seq, previous_hash, hash)
            SELECT now() - n * interval '1 second', 'p' || n %% 40, 'v.' || n %% 200, 'a.b', n %% 5000, '',
                CASE WHEN n %% 5 = 0 THEN '320312' || 100 + n %% 29 || 200 + n %% 300 || '001' ELSE '' END,
                CASE WHEN n %% 100 = 0 THEN 'r' ELSE '' END, '{}', '', 0, n, '', '' FROM generate_series(1, %s) n""",
            [20_000],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE ledger_ledgerentry")
    auditor = actor(cast["auditor"])
    expected = {
        "ledger_time": queries.entries_for(auditor),
        "ledger_who": LedgerFilter({"who": "p7"}).apply(queries.entries_for(auditor)),
        "ledger_what": queries.reveals_for(actor(cast["auditor"])),
        "ledger_of_what": queries.entries_for(auditor).filter(object_type="a.b", object_id="7"),
        "ledger_town": LedgerFilter({"area": "320312105"}).apply(queries.entries_for(auditor)),
        "ledger_village": LedgerFilter({"area": "320312105210"}).apply(queries.entries_for(auditor)),
        "ledger_reasoned": LedgerFilter({"reasoned": "on"}).apply(queries.entries_for(auditor)),
    }
    seen = {name: _plan(rows[:51]) for name, rows in expected.items()}
    assert {name: indexes for name, (_nodes, indexes) in seen.items()} == {name: {name} for name in expected}
    assert [name for name, (nodes, _indexes) in seen.items() if nodes & {"Seq Scan", "Sort"}] == []


def test_older_page_stands_on_the_same_index(cast, actor):
    record_many(actor=SUITE, verb="suite.moved", lines=(Line() for _n in range(60)))
    auditor = actor(cast["auditor"])
    key = queries.page_of(queries.entries_for(auditor), "").older
    assert len(queries.page_of(queries.entries_for(auditor), key).entries) == 10
    assert LedgerEntry.objects.count() == 60
