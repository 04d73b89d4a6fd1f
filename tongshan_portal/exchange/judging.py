"""One batch of staged rows: parsed, judged, and written (or only planned)."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel.errors import DomainError

from .importers import ImportContext, Importer, Outcome, Row
from .settling import contradiction
from .staging import Staged

Maker = Callable[[Row], Any] | None

WATERMARK = "※"
"""The sign that begins the last row of every export: an export that is imported again is not spoilt by it."""


@dataclass(slots=True)
class Verdict:
    """What became of a batch: outcomes of good rows, bad rows with their sentences, and how many rows were empty."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    good: int = 0
    bad: dict[int, list[str]] = field(default_factory=dict)
    empty: int = 0


@dataclass(slots=True)
class Parsed:
    """A batch as it stands on the stage, the rows that could be parsed, the sentences of those that could not, how many were empty."""

    staged: Sequence[Staged]
    rows: list[Row] = field(default_factory=list)
    bad: dict[int, list[str]] = field(default_factory=dict)
    empty: int = 0


def judge(importer: Importer, actor: Actor, parsed: Parsed, context: ImportContext, *, write: bool) -> Verdict:
    """Deal with a batch. With `write`, inside the caller's transaction."""
    verdict = Verdict(bad=dict(parsed.bad), empty=parsed.empty)
    rows = parsed.rows
    problems = importer.validate_batch(actor, rows, context) if rows else {}
    verdict.bad.update({number: list(sentences) for number, sentences in problems.items() if sentences})
    rows = [row for row in rows if row.number not in verdict.bad]
    if rows:
        _settle(importer, actor, rows, context, verdict, write)
    verdict.good = len(parsed.staged) - verdict.empty - len(verdict.bad)
    return verdict


def parse(importer: Importer, mapping: dict[str, int], width: int, staged: Sequence[Staged], maker: Maker = None) -> Parsed:
    """The values of staged rows and what the importer makes of them, or what is wrong with their cells.

    Asks the database nothing: it is done aside.
    """
    parsed = Parsed(staged)
    plan = [(column, column.name, column.parse, mapping[column.name]) for column in importer.columns if column.name in mapping]
    unmapped = [column for column in importer.columns if column.required and column.name not in mapping]
    names, make = [column.name for column in importer.columns], maker or (lambda _row: None)
    for number, cells, repeats in staged:
        if not any(cells) or (cells[0].startswith(WATERMARK) and not any(cells[1:])):
            parsed.empty += 1
            continue
        reasons = []
        if len(cells) > width:
            reasons.append(_("The row has more cells than there are headings."))
        if repeats is not None:
            reasons.append(_("The same record is already in row %(row)d of this file.") % {"row": repeats + 1})
        values = dict.fromkeys(names)
        for column, name, read, at in plan:
            cell = cells[at]
            if cell:
                try:
                    values[name] = read(cell)
                except DomainError as error:
                    reasons.append(f"{column.label}: {error}")
            elif column.required:
                reasons.append(_("%(column)s is missing.") % {"column": column.label})
        reasons += [_("%(column)s is missing.") % {"column": column.label} for column in unmapped]
        if reasons:
            parsed.bad[number] = reasons
        else:
            row = Row(number, values)
            row.made = make(row)
            parsed.rows.append(row)
    return parsed


def _settle(importer: Importer, actor: Actor, rows: Sequence[Row], context: ImportContext, verdict: Verdict, write: bool) -> None:
    """Write the rows; when the app or the database refuses some, halve until each of them stands alone."""
    before = len(context.results)
    try:
        with transaction.atomic():
            done = (importer.write_batch if write else importer.plan_batch)(actor, rows, context)
    except DomainError as error:
        reason = str(error)
    except (IntegrityError, DataError) as error:
        reason = str(contradiction(error))
    else:
        verdict.outcomes.update(done)
        return
    del context.results[before:]
    if len(rows) == 1:
        verdict.bad[rows[0].number] = [reason]
        return
    middle = len(rows) // 2
    _settle(importer, actor, rows[:middle], context, verdict, write)
    _settle(importer, actor, rows[middle:], context, verdict, write)
