"""Compares what was promised with what the database holds: lost, doubled, out of order, without entry, without event."""

from dataclasses import dataclass, field
from typing import Any

import psycopg2

from grids.reports.workflow import DONE

from .people import Promises


@dataclass(slots=True)
class Verdict:
    """Empty lists everywhere: all is well."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    steps_lost: list[str] = field(default_factory=list)
    steps_doubled: list[str] = field(default_factory=list)
    broken_chains: list[str] = field(default_factory=list)
    without_entry: list[str] = field(default_factory=list)
    without_event: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, int]:
        return {name: len(getattr(self, name)) for name in self.__slots__}


def check(database_url: str, promises: Promises) -> Verdict:
    """The verdict over every report of the exercise (those whose title begins with 演练)."""
    with psycopg2.connect(database_url) as connection, connection.cursor() as cursor:
        return _verdict(cursor, promises)


def _rows(cursor: Any, sql: str) -> list[tuple]:
    cursor.execute(sql)
    return cursor.fetchall()


def _verdict(cursor: Any, promises: Promises) -> Verdict:
    verdict = Verdict()
    reports = _rows(cursor, "SELECT id, key::text, code, title FROM reports_report WHERE title LIKE '演练 %'")
    by_key = {key: code for _id, key, code, _title in reports}
    verdict.lost = [key for key, code in promises.filed.items() if by_key.get(key) != code]
    titles: dict[str, int] = {}
    for _id, _key, _code, title in reports:
        titles[title] = titles.get(title, 0) + 1
    verdict.doubled = [title for title, count in titles.items() if count > 1]
    steps = _rows(
        cursor,
        "SELECT report.code, step.verb, step.from_state, step.to_state FROM reports_reportstep AS step"
        " JOIN reports_report AS report ON report.id = step.report_id WHERE report.title LIKE '演练 %' ORDER BY step.id",
    )
    taken: dict[tuple[str, str], int] = {}
    reached: dict[str, str] = {}
    for code, verb, before, after in steps:
        taken[code, verb] = taken.get((code, verb), 0) + 1
        if verb != "file_report" and reached.get(code) != before:
            verdict.broken_chains.append(f"{code}: {verb} from {before}, but it stood at {reached.get(code)}")
        reached[code] = after
    verdict.steps_lost = [f"{code} {verb}" for code, verb in promises.steps if (code, verb) not in taken]
    verdict.steps_doubled = [f"{code} {verb}" for (code, verb), count in taken.items() if count > 1]
    kinds = ["report.filed", *DONE.values()]
    entries = _counted(
        cursor,
        "SELECT object_label, count(*) FROM ledger_ledgerentry WHERE object_label = ANY(%s) AND verb = ANY(%s) GROUP BY 1",
        [list(reached), kinds],
    )
    events = _counted(
        cursor,
        "SELECT line->>'report', count(*) FROM live_outboxevent WHERE line->>'report' = ANY(%s) AND kind = ANY(%s)"
        " AND user_ids = '{}' GROUP BY 1",  # those by name repeat one of an area for who hears no area
        [list(reached), kinds],
    )
    count: dict[str, int] = {}
    for code, *_rest in steps:
        count[code] = count.get(code, 0) + 1
    verdict.without_entry = [code for code, number in count.items() if entries.get(code, 0) != number]
    verdict.without_event = [code for code, number in count.items() if events.get(code, 0) != number]
    return verdict


def _counted(cursor: Any, sql: str, given: list[Any]) -> dict[str, int]:
    cursor.execute(sql, given)
    return dict(cursor.fetchall())
