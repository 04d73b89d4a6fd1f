"""The table of figures as a file: what stands on the screen, and not a number more."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from tongshan_portal.kernel.cells import neutral

from .indicators import MEASURES, Kind
from .queries import Evaluation, Line


def as_csv(page: Evaluation, by_label: str) -> bytes:
    """UTF-8 with the mark that makes Excel read it as such; every share and mean with the two counts it is made of."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([by_label, _("Alerts received"), *_headings()])
    for line in (page.total, *page.lines):
        writer.writerow([neutral(line.label), line.received, *_cells(line)])
    return target.getvalue().encode("utf-8-sig")


def _headings() -> Iterator[str]:
    for one in MEASURES:
        yield f"{one.indicator.label} ({one.indicator.unit})"
        if one.kind in (Kind.SHARE, Kind.MEAN):
            yield f"{one.indicator.label}: {one.indicator.numerator}"
        yield f"{one.indicator.label}: {one.indicator.denominator or _('alerts')}"


def _cells(line: Line) -> Iterator[str]:
    for cell in line.cells:
        yield cell.words.replace("%", "").replace(",", "")
        if cell.measure.kind in (Kind.SHARE, Kind.MEAN):
            yield cell.numerator
        yield cell.cases
