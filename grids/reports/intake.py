"""Reports over HTTP from other systems: `POST /api/reports`. The origin is the system's own code, whatever its rows say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongshan_portal.exchange.intake.public import Intake, RowProblem, Sender, Taken, fields

from .actions import bulk_filing
from .dictionaries import Dictionaries
from .incoming import EXTERNAL_ID, FACTS, NUMBERS, IncomingReport, check, locate, report_of

parse_row, schema = fields.by_columns((EXTERNAL_ID, *FACTS), NUMBERS)


def write_rows(sender: Sender, rows: Sequence[Mapping[str, Any]], now: datetime) -> list[Taken | RowProblem]:
    """File the good ones; say of the others why not."""
    known = Dictionaries()
    reports = [report_of(values, sender.origin, known) for values in rows]
    for report in reports:
        check(report, now)
    _refuse_repeats(reports)
    locate(reports, [sender.area_code], sender.area_code or settings.DISTRICT_CODE)
    good = [report for report in reports if report.problem is None]
    filed = iter(bulk_filing.file_reports(actor=sender.actor, rows=good, now=now, known=known))
    return [RowProblem(*report.problem) if report.problem is not None else _taken(next(filed)) for report in reports]


def _taken(filed: bulk_filing.Filed) -> Taken:
    return Taken(filed.outcome, filed.code)


def _refuse_repeats(reports: Sequence[IncomingReport]) -> None:
    """Of a number that comes twice in one batch the first counts."""
    seen: set[str] = set()
    for report in reports:
        if report.external_id in seen and report.problem is None:
            report.problem = ("external_id", _("The same number comes twice in this batch."))
        seen.add(report.external_id)


REPORTS = Intake("reports", "reports", gettext_lazy("Case reports"), parse_row, write_rows, schema)
