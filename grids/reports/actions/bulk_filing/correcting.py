"""Writing what sources now say otherwise of reports that are here."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from tongshan_portal.kernel import ids
from tongshan_portal.kernel.copying import copy_lines
from tongshan_portal.ledger.public import Line, record_many
from tongshan_portal.live.public import Event, publish_many

from ... import deadlines
from ...incoming import IncomingReport
from ...models import Report
from .building import Build, Cells, Named
from .held import Key, category_of, differs, held_of, key_of, taken_over
from .writing import write_steps


def correct(rows: Sequence[IncomingReport], build: Build) -> set[Key]:
    """Change the reports that nobody here has taken a step on; answers which were changed."""
    if not rows:
        return set()
    held = _locked(rows)
    ours = taken_over([kept["id"] for kept in held.values()])
    differing = {key_of(row): row for row in rows if differs(held[key_of(row)], row)}
    mine = {key: row for key, row in differing.items() if held[key]["id"] not in ours}
    build.known.read()
    facts, courses, lines = {}, {}, []
    for key, row in mine.items():
        kept = held[key]
        facts[kept["id"]] = build.facts(row, kept["code"])
        if row.state:
            courses[kept["id"]] = build.course(row)
            if row.state != kept["state"]:
                build.end(row, kept["id"])
        else:
            line = {"report": kept["code"], "state": kept["state"], "category": row.category.code if row.category else ""}
            build.events.append(Event("reports", "report.updated", row.area_code, line))
            if kept["department_id"] is not None:
                build.name_department(kept["department_id"])
        lines.append(Line(Named(kept["id"], kept["code"]), row.area_code, "", {"origin": row.origin}))  # type: ignore[arg-type]
    _rewrite(facts)
    _rewrite(courses)
    write_steps(build)
    _follow_categories([held[key]["id"] for key, row in mine.items() if not row.state and category_of(row) != held[key]["category_id"]])
    record_many(actor=build.actor, verb="report.updated", lines=lines)
    publish_many(build.events)
    build.events.clear()
    return set(mine)


def _locked(rows: Sequence[IncomingReport]) -> dict[Key, dict[str, Any]]:
    """What is held of these reports, locked: somebody else may have changed them since they were compared."""
    locked = Report.objects.unscoped("numbers are unique wherever their report lies").select_for_update(of=("self",), no_key=True)
    list(locked.filter(pk__in=[kept["id"] for kept in held_of(rows).values()]).order_by("pk").values_list("pk"))
    return held_of(rows)


def _rewrite(values: Mapping[int, Cells]) -> None:
    """Write the columns of several reports, all with the same ones, by one UPDATE from a copied table."""
    if not values:
        return
    columns = [connection.ops.quote_name(name) for name in next(iter(values.values()))]
    listed = ", ".join(columns)
    stage = f"reports_rewrite_{ids.new_uuid().hex}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {stage} ON COMMIT DROP AS SELECT id, {listed} FROM reports_report WITH NO DATA")  # noqa: S608
        copy_lines(cursor, f"{stage} (id, {listed})", ("\t".join((str(pk), *cells.values())) + "\n" for pk, cells in values.items()))
        assigned = ", ".join(f"{column} = stage.{column}" for column in columns)
        cursor.execute(f"UPDATE reports_report AS kept SET {assigned} FROM {stage} AS stage WHERE kept.id = stage.id")  # noqa: S608


def _follow_categories(report_ids: Sequence[int]) -> None:
    """The clocks of living reports go on under the limits of their new category."""
    rows = list(Report.objects.unscoped("locked above").filter(pk__in=report_ids))
    for row in rows:
        deadlines.follow_category(row)
    Report.objects.bulk_update(rows, ["clock", "due_at", "rung_at", "climbed", "total", "deadline_at"], batch_size=500)
