"""A small real importer and exporter, over departments: what the framework is tested with."""

import os
import time
from collections import Counter

from django.db.models import QuerySet

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Department
from tongshan_portal.accounts.policy import Action
from tongshan_portal.exchange.importers import Importer, Outcome
from tongshan_portal.exchange.public import Column, ExportColumn, Exporter, merge_rows, parsers

IMPORT = Action("departments.test_import", "import departments", "May import departments.", frozenset({Role.SYSTEM_ADMIN}))
EXPORT = Action("departments.test_export", "export departments", "May export departments.", frozenset({Role.SYSTEM_ADMIN}))
REVEAL = Action("departments.test_reveal", "reveal departments", "May see sealed columns.", frozenset({Role.SUPERVISOR}))


class Departments(Importer):
    name = "test_departments"
    label = "Departments"
    action = IMPORT.name
    columns = (
        Column("code", "code", parsers.code(40), required=True, aliases=("部门编码", "编码"), example="police"),
        Column("name", "name", parsers.text(500), required=True, aliases=("部门名称", "名称"), example="公安局"),
        Column("since", "since", parsers.day(), aliases=("成立日期",)),
        Column("phone", "phone", parsers.phone(), aliases=("电话",)),
    )
    external_id = ("code",)
    chunk_rows = 50

    def validate_batch(self, actor, rows, context):
        return {row.number: ["forbidden"] for row in rows if row["name"] == "forbidden"}

    def plan_batch(self, actor, rows, context):
        known = dict(Department.objects.filter(code__in=[row["code"] for row in rows]).values_list("code", "name"))
        kinds = (Outcome.UNCHANGED if known[row["code"]] == row["name"] else Outcome.CHANGED for row in rows if row["code"] in known)
        plan = Counter(kinds)
        plan[Outcome.CREATED] = len(rows) - plan.total()
        return plan

    def write_batch(self, actor, rows, context):
        for row in rows:
            if row["name"] == "secret":
                context.hand_back(row, {"code": row["code"], "word": "sesame"})
        outcome = merge_rows(Department, [(row["code"], row["name"]) for row in rows], fields=["code", "name"], key=["code"])
        time.sleep(float(os.environ.get("TEST_CHUNK_SECONDS", "0")))
        return outcome


class DepartmentList(Exporter):
    name = "test_departments"
    label = "Departments"
    action = EXPORT.name
    reveal_action = REVEAL.name
    columns = (
        ExportColumn("code", "code", lambda row: row.code),
        ExportColumn("name", "name", lambda row: row.name),
        ExportColumn("sealed", "sealed", lambda row: "***", lambda row: row.name[::-1]),
    )

    def rows(self, actor, filters) -> QuerySet:
        rows = Department.objects.order_by("code")
        return rows.filter(name__contains=filters["q"]) if filters.get("q") else rows


def install() -> None:
    """Make the sample known, in a process of its own."""
    from tongshan_portal.accounts import policy
    from tongshan_portal.exchange import exporters, importers

    policy.register([IMPORT, EXPORT, REVEAL])
    importers.register(Departments())
    exporters.register(DepartmentList())
