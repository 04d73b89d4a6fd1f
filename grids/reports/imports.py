"""Reports of other systems from files: hotline orders, police, sensors, and matters that another system has closed."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.exchange.public import Importer, Outcome, Row

from .actions import bulk_filing
from .dictionaries import Dictionaries
from .incoming import EXTERNAL_ID, FACTS, ORIGIN, IncomingReport, check, locate, report_of


class ReportImporter(Importer):
    """Filed once by system and number; left alone where nothing differs, or where somebody here has taken a step."""

    name = "reports"
    label = gettext_lazy("Case reports")
    description = gettext_lazy(
        "Orders of a hotline, matters of the police, alarms of devices, with their own numbers. Those without a state are handled here."
    )
    action = "reports.import"
    columns = (ORIGIN, EXTERNAL_ID, *FACTS)
    external_id = ("origin", "external_id")
    chunk_rows = 5_000
    lanes = 2

    def maker(self) -> Callable[[Row], tuple[IncomingReport, Dictionaries]]:
        known = Dictionaries()
        known.read_words()
        return lambda row: (report_of(row.values, row["origin"], known), known)

    def validate_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Mapping[int, Sequence[str]]:
        held = actor.scope.areas_for(self.action)
        reports = {row.number: row.made[0] for row in rows}
        for report in reports.values():
            check(report, context.now)
        locate(list(reports.values()), held, _fallback(held))
        context.cache["reports"] = reports
        context.cache["known"] = rows[0].made[1]
        return {number: [report.problem[1]] for number, report in reports.items() if report.problem is not None}

    def plan_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Counter[Outcome]:
        return bulk_filing.plan_reports(_judged(rows, context))

    def write_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Counter[Outcome]:
        filed = bulk_filing.file_reports(actor=actor, rows=_judged(rows, context), now=context.now, known=context.cache["known"])
        return Counter(one.outcome for one in filed)

    def list_url(self) -> str:
        return reverse("reports:index")


def _judged(rows: Sequence[Row], context: Any) -> list[IncomingReport]:
    """The reports that `validate_batch` made of these rows."""
    return [context.cache["reports"][row.number] for row in rows]


def _fallback(held: Sequence[str]) -> str:
    """The area whose desk decides where a matter lies that gives an address alone: the person's own, else the district."""
    return held[0] if len(held) == 1 else settings.DISTRICT_CODE
