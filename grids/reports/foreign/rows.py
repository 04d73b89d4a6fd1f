"""The rows of a mapping's file of reports: read, translated, judged, filed in portions."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from grids.areas.shapes.coordinates import Datum
from grids.areas.shapes.reading import points_in_degrees
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.exchange.detect import detect
from tongshan_portal.exchange.public import Outcome
from tongshan_portal.exchange.readers import open_table
from tongshan_portal.exchange.settling import settle
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.ahead import one_ahead
from tongshan_portal.kernel.errors import DomainError

from ..actions.bulk_filing import file_reports
from ..dictionaries import Dictionaries
from ..incoming import IncomingReport, check, locate, report_of
from . import terms
from .ground import Ground
from .mapping import COLUMNS, Mapping, hours_of

PORTION = 5_000
"""Rows that are written in one transaction, and lost to a stop at most."""

TIMES = ("filed_at", "due_at", "closed_at")
NOT_CELLS = ("lon", "lat", "category", "department")
"""What is not read by the column's own parser."""


@dataclass(slots=True)
class BadRow:
    """A row that is handed back: its number under the headings, its cells, and why."""

    number: int
    cells: list[str]
    reasons: list[str]


@dataclass(slots=True)
class Progress:
    """What has become of the rows so far. `agree` of `named` rows lie where the file's own column says."""

    position: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    bad: list[BadRow] = field(default_factory=list)
    named: int = 0
    agree: int = 0


@dataclass(slots=True)
class _Row:
    """A row on its way: cells by heading, the parsed values, and what is wrong with it."""

    number: int
    cells: list[str]
    named: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    report: IncomingReport | None = None


class Reading:
    """A mapping's file of reports, row by row. Raises DomainError for a file that cannot be read or lacks a heading."""

    def __init__(self, mapping: Mapping, ground: Ground) -> None:
        self.mapping, self.progress = mapping, Progress()
        self._hours = hours_of(mapping)
        self._file = mapping.path(mapping.reports.file).open("rb")
        facts = detect(self._file)
        self._table = open_table(self._file, facts.format, encoding=facts.encoding, delimiter=facts.delimiter)
        self.header = self._table.header
        wanted = [*mapping.reports.columns.values(), *(mapping.categories.columns if mapping.categories else ())]
        wanted += [mapping.compare.column] if mapping.compare else []
        if missing := [name for name in wanted if name not in self.header]:
            raise DomainError(_("The file has no column “%(name)s”.") % {"name": missing[0]})
        self._names = self._compared(ground)

    def close(self) -> None:
        self._file.close()

    def _compared(self, ground: Ground) -> dict[str, set[str]]:
        """Area code → the words by which the file's own column would name it."""
        compare = self.mapping.compare
        if compare is None:
            return {}
        try:
            return {code: {word.format(**facts) for word in compare.words} for code, (_name, _shape, facts) in ground.items() if facts}
        except (KeyError, ValueError, IndexError) as error:
            raise DomainError(_("A shape lacks what the mapping makes its words of: %(error)s") % {"error": error}) from error

    def portions(self) -> Iterator[list[_Row]]:
        """The rows in portions, their cells parsed; empty ones are passed over. While one is filed, the next is parsed."""
        return one_ahead(self._portions())

    def _portions(self) -> Iterator[list[_Row]]:
        numbered = enumerate(self._table.rows, start=1)
        while portion := list(islice(numbered, PORTION)):
            rows = [_Row(number, cells, dict(zip(self.header, cells, strict=False))) for number, cells in portion if any(cells)]
            for row in rows:
                row.values = dict.fromkeys(COLUMNS)
                for name, heading in self.mapping.reports.columns.items():
                    cell = row.named[heading]
                    if cell and name not in NOT_CELLS:
                        self._value(row, name, cell)
            self._points(rows)
            yield rows

    def file(self, actor: Actor, rows: Sequence[_Row]) -> None:
        """File one portion: dictionaries first, then every good row; the others are handed back."""
        now = clock.now()
        self._read(actor, rows)
        good = self._judge(rows, now)
        reports = [row.report for row in good if row.report is not None]
        known = Dictionaries()
        answers = settle(reports, lambda part: file_reports(actor=actor, rows=part, now=now, known=known))
        for row, answer in zip(good, answers, strict=True):
            if isinstance(answer, DomainError):
                row.reasons.append(str(answer))
            else:
                self.progress.outcomes[answer.outcome] += 1
                self._compare(row)
        self.progress.bad += [BadRow(row.number, row.cells, row.reasons) for row in rows if row.reasons]
        self.progress.position = rows[-1].number if rows else self.progress.position

    def _read(self, actor: Actor, rows: Sequence[_Row]) -> None:
        """What dictionaries of the portal the rows name."""
        categories = self._categories(actor, rows)
        departments = self._departments(actor, rows)
        for row in rows:
            row.values["category"] = categories.get(terms.paths_of(self.mapping, row.named)) or self._word(row, "category")
            row.values["department"] = departments.get(self._word(row, "department") or "") or self._word(row, "department")
        for row in rows:
            for name, column in COLUMNS.items():
                if column.required and row.values[name] is None and not row.reasons:
                    row.reasons.append(_("%(column)s is missing.") % {"column": column.label})

    def _value(self, row: _Row, name: str, cell: str) -> None:
        try:
            word = self._translated(name, cell)
            row.values[name] = self._moment(word) if name in TIMES and self.mapping.reports.time_format else COLUMNS[name].parse(word)
        except DomainError as error:
            row.reasons.append(f"{COLUMNS[name].label}: {error}")

    def _translated(self, name: str, cell: str) -> str:
        """The portal's word for a value of the file. Raises DomainError for one that the mapping does not name."""
        words = self.mapping.reports.values.get(name)
        if words is None:
            return cell
        if cell not in words:
            raise DomainError(_("The mapping does not say what “%(value)s” means.") % {"value": cell[:60]})
        return words[cell]

    def _word(self, row: _Row, name: str) -> str | None:
        heading = self.mapping.reports.columns.get(name)
        cell = row.named[heading] if heading else ""
        try:
            return self._translated(name, cell) if cell else None
        except DomainError as error:
            row.reasons.append(f"{COLUMNS[name].label}: {error}")
            return None

    def _moment(self, text: str) -> datetime:
        """A local time of the file as a moment. Raises DomainError for one that is none, or that the clocks skipped there."""
        reports = self.mapping.reports
        try:
            found = datetime.strptime(text, reports.time_format)
        except ValueError:
            words = {"value": text[:40], "format": reports.time_format}
            raise DomainError(_("“%(value)s” is not a time written as %(format)s.") % words) from None
        if found.tzinfo is not None:
            return found
        here = found.replace(tzinfo=reports.zone)
        utc = here.timestamp()
        if datetime.fromtimestamp(utc, reports.zone).replace(tzinfo=None) != found:
            raise DomainError(
                _("“%(value)s” does not exist in %(zone)s: the clocks were put forward.") % {"value": text, "zone": reports.time_zone}
            )
        return here

    def _points(self, rows: Sequence[_Row]) -> None:
        """Longitude and latitude in degrees of the portal's datum."""
        columns, reports = self.mapping.reports.columns, self.mapping.reports
        if "lon" not in columns or "lat" not in columns:
            return
        placed, points = [], []
        for row in rows:
            pair = [row.named[columns[name]] for name in ("lon", "lat")]
            if not any(pair):
                continue
            try:
                points.append([float(cell) for cell in pair])
                placed.append(row)
            except ValueError:
                row.reasons.append(_("“%(value)s” is not a number.") % {"value": ", ".join(pair)[:40]})
        while placed:
            try:
                moved = points_in_degrees(np.array(points), crs=reports.crs, datum=Datum(reports.datum))
                break
            except DomainError:
                at = self._impossible(points)
                placed[at].reasons.append(_("The point cannot lie in %(crs)s.") % {"crs": reports.crs})
                del placed[at], points[at]
        for row, (lon, lat) in zip(placed, moved.tolist() if placed else (), strict=True):
            if abs(lon) <= 180 and abs(lat) <= 90:
                row.values |= {"lon": lon, "lat": lat}
            else:
                row.reasons.append(_("The point cannot lie in %(crs)s.") % {"crs": reports.crs})

    def _impossible(self, points: Sequence[Sequence[float]]) -> int:
        """The first point that no degrees can be."""
        return next(at for at, (x, y) in enumerate(points) if not (abs(x) <= 180 and abs(y) <= 90))

    def _categories(self, actor: Actor, rows: Sequence[_Row]) -> dict[tuple[str, ...], str]:
        part = self.mapping.categories
        paths = {terms.paths_of(self.mapping, row.named) for row in rows} - {()}
        return terms.bring_categories(actor=actor, part=part, origin=self.mapping.reports.origin, words=paths) if part else {}

    def _departments(self, actor: Actor, rows: Sequence[_Row]) -> dict[str, str]:
        part, heading = self.mapping.departments, self.mapping.reports.columns.get("department")
        words = {row.named[heading] for row in rows} - {""} if heading else set()
        return terms.bring_departments(actor=actor, part=part, words=words) if part and heading else {}

    def _judge(self, rows: Sequence[_Row], now: datetime) -> list[_Row]:
        """The rows that can be filed; those of the others that were not refused yet get their reason."""
        known, seen = Dictionaries(), set[str]()
        good = [row for row in rows if not row.reasons]
        for row in good:
            row.report = report_of(row.values, self.mapping.reports.origin, known)
            row.report.hours = self._hours
            check(row.report, now)
            if row.report.external_id in seen and row.report.problem is None:
                row.report.problem = ("external_id", _("The same number comes twice."))
            seen.add(row.report.external_id)
        code = self.mapping.district.code
        locate([row.report for row in good if row.report is not None], [code], code)
        for row in good:
            if row.report is not None and row.report.problem is not None:
                row.reasons.append(f"{COLUMNS[row.report.problem[0]].label}: {row.report.problem[1]}")
        return [row for row in good if not row.reasons]

    def _compare(self, row: _Row) -> None:
        said = row.named[self.mapping.compare.column] if self.mapping.compare else ""
        if said and row.report is not None:
            self.progress.named += 1
            self.progress.agree += said in self._names.get(row.report.area_code, ())
