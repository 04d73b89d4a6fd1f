"""Compares the warnings that were accepted with what the database holds, and what live pages showed with the events there are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg2


@dataclass(slots=True)
class Accepted:
    """What was acknowledged: the source's number of each warning, and the code of its alert where the answer named one."""

    codes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class WarningVerdict:
    """Empty lists everywhere: all is well."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    other_alert: list[str] = field(default_factory=list)
    """Warnings whose alert is another than the one that was answered."""
    miscounted: list[str] = field(default_factory=list)
    """Alerts that count more or fewer warnings than they have."""
    twice_open: list[str] = field(default_factory=list)
    """People with more than one alert of a type."""
    without_task: list[str] = field(default_factory=list)
    """Assigned alerts that have not exactly one task."""
    without_entry: list[str] = field(default_factory=list)
    without_event: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, int]:
        return {name: len(getattr(self, name)) for name in self.__slots__}


def check(database_url: str, accepted: Accepted, prefix: str) -> WarningVerdict:
    """The verdict over every warning of the exercise: those whose number begins with `prefix`."""
    with psycopg2.connect(database_url) as connection, connection.cursor() as cursor:
        return _verdict(cursor, accepted, prefix)


def _rows(cursor: Any, sql: str, *given: Any) -> list[tuple]:
    cursor.execute(sql, given)
    return cursor.fetchall()


_WARNINGS = """
    SELECT warning.external_id, alert.id, alert.code, alert.state, alert.warnings_joined, alert.phone_index, alert.type_id,
        warning.phone_index, warning.type_id, warning.source || warning.received_at
    FROM alerts_fraudwarning AS warning JOIN alerts_fraudalert AS alert ON alert.id = warning.alert_id
    WHERE alert.id IN (SELECT alert_id FROM alerts_fraudwarning WHERE external_id LIKE %s)
"""
_TOUCHED = ["alert.received", "alert.joined", "alert.raised"]


def _verdict(cursor: Any, accepted: Accepted, prefix: str) -> WarningVerdict:
    verdict = WarningVerdict()
    rows = _rows(cursor, _WARNINGS, f"{prefix}%")
    held = {row[0]: row[2] for row in rows}
    verdict.lost = [number for number in accepted.codes if number not in held]
    verdict.doubled = [number for number, count in Counter(row[0] for row in rows).items() if count > 1]
    verdict.other_alert = [number for number, code in accepted.codes.items() if code and held.get(number, code) != code]
    counts, batches = Counter(row[2] for row in rows), {(row[2], row[9]) for row in rows}
    said = {row[2]: row[4] for row in rows}
    verdict.miscounted = [code for code, count in counts.items() if said[code] != count]
    verdict.miscounted += [row[2] for row in rows if row[5:7] != row[7:9]]
    people = Counter({(row[2], row[5], row[6]) for row in rows})
    verdict.twice_open = [str(who) for who, count in Counter(person[1:] for person in people).items() if count > 1]
    ids = {row[1]: row[2] for row in rows if row[3] == "assigned"}
    tasks = dict(_rows(cursor, "SELECT alert_id, count(*) FROM alerts_dissuasiontask WHERE alert_id = ANY(%s) GROUP BY 1", list(ids)))
    verdict.without_task = [code for pk, code in ids.items() if tasks.get(pk, 0) != 1]
    touched = Counter(code for code, _batch in batches)
    entries = _rows(
        cursor,
        "SELECT object_label, count(*) FROM ledger_ledgerentry WHERE object_label = ANY(%s) AND verb = ANY(%s) GROUP BY 1",
        list(touched),
        _TOUCHED,
    )
    events = Counter(code for _position, _kind, code, _area in _events(cursor, touched))
    verdict.without_entry = [code for code, count in touched.items() if dict(entries).get(code, 0) != count]
    verdict.without_event = [code for code, count in touched.items() if events[code] != count]
    return verdict


def _events(cursor: Any, codes: Iterable[str]) -> list[tuple[int, str, str, str]]:
    return _rows(
        cursor,
        "SELECT position, kind, line->>'alert', area_code FROM live_outboxevent WHERE topic = 'alerts' AND user_ids = '{}'"
        " AND kind = ANY(%s) AND line->>'alert' = ANY(%s)",
        _TOUCHED,
        list(codes),
    )


def events_of(database_url: str, prefix: str) -> list[tuple[int, str, str, str]]:
    """(position, kind, code, area) of every event about the alerts of the exercise, for those who hear by area."""
    with psycopg2.connect(database_url) as connection, connection.cursor() as cursor:
        return _events(cursor, {row[2] for row in _rows(cursor, _WARNINGS, f"{prefix}%")})


class Page(Protocol):
    """What is asked of a watcher."""

    shown: list[tuple[str, str]]

    def has(self, position: int) -> bool: ...


def judge(page: Page, area: str, events: Iterable[tuple[int, str, str, str]]) -> tuple[int, int, int]:
    """(events of its area that a page neither showed nor loaded, shown more often than they happened, shown of other areas).

    `area` is what the page's scope holds; None of the events is for a page whose area is empty.
    """
    listed = list(events)
    own = [one for one in listed if area and one[3].startswith(area)]
    missed = sum(not page.has(position) for position, *_rest in own)
    happened, told = Counter((kind, code) for _position, kind, code, _area in own), {(kind, code) for _p, kind, code, _a in listed}
    seen = Counter(one for one in page.shown if one in told)
    twice = sum(count - happened[one] for one, count in seen.items() if one in happened and count > happened[one])
    return missed, twice, sum(count for one, count in seen.items() if one not in happened)
