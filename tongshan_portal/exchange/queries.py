"""What the pages of the exchange show."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock

from .enums import TONES, WORKING, ExportState, ImportState
from .exporters import Exporter, exporter
from .importers import Importer, importer
from .models import ExportRun, ImportRun, SavedMapping
from .workflow import EXPORT_STEPS, IMPORT_STEPS, Step, available

RECENT = 50


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its word."""

    label: str
    value: int | str


@dataclass(frozen=True, slots=True)
class RunCard:
    """A run as a page shows it, whatever its kind. `percent` is None before the number of rows is known; `speed` is in rows per second."""

    run: ImportRun | ExportRun
    label: str
    tone: str
    is_working: bool
    percent: int | None
    speed: int | None
    figures: list[Figure]
    buttons: list[Step]

    @property
    def is_import(self) -> bool:
        return isinstance(self.run, ImportRun)


def my_imports(actor: Actor) -> list[RunCard]:
    return [import_card(run) for run in ImportRun.objects.visible_to(actor.scope)[:RECENT]]


def my_exports(actor: Actor) -> list[RunCard]:
    return [export_card(run) for run in ExportRun.objects.visible_to(actor.scope)[:RECENT]]


def import_card(run: ImportRun) -> RunCard:
    known = bool(run.staged_rows)
    percent = min(100, run.position * 100 // run.staged_rows) if known else None
    figures = [
        Figure(_("rows read"), run.position),
        Figure(_("new"), run.created_rows),
        Figure(_("changed"), run.changed_rows),
        Figure(_("unchanged"), run.unchanged_rows),
        Figure(_("handed back"), run.bad_rows),
        Figure(_("empty"), run.empty_rows),
    ]
    working = run.state in WORKING
    buttons = [step for step in available(IMPORT_STEPS, run.state) if step.verb != "check"]
    return RunCard(run, str(importer(run.importer).label), TONES[run.state], working, percent, _speed(run, run.position), figures, buttons)


def export_card(run: ExportRun) -> RunCard:
    percent = min(100, run.rows * 100 // run.expected_rows) if run.expected_rows else None
    working = run.state == ExportState.RUNNING
    buttons = available(EXPORT_STEPS, run.state)
    figures = [Figure(_("rows"), run.rows)]
    return RunCard(run, str(exporter(run.exporter).label), TONES[run.state], working, percent, _speed(run, run.rows), figures, buttons)


def _speed(run: ImportRun | ExportRun, rows: int) -> int | None:
    """Rows per second since the work began; None before there are any, and when a pause has made the number meaningless."""
    if run.started_at is None or not rows or run.state == ImportState.PAUSED:
        return None
    seconds = ((run.finished_at or clock.now()) - run.started_at).total_seconds()
    return round(rows / seconds) if seconds > 0 else None


@dataclass(frozen=True, slots=True)
class MappingLine:
    """One column of the importer in the form that confirms the columns; `at` is its place in the file, or None."""

    column: object
    at: int | None
    places: list[tuple[int, str]]


def mapping_lines(run: ImportRun, mapping: dict[str, int]) -> list[MappingLine]:
    places = [(at, heading or _("column %(number)d") % {"number": at + 1}) for at, heading in enumerate(run.header)]
    return [MappingLine(column, mapping.get(column.name), places) for column in importer(run.importer).columns]


def saved_mappings(actor: Actor, kind: Importer) -> list[SavedMapping]:
    return list(SavedMapping.objects.filter(created_by_id=actor.user_id, importer=kind.name))


def count_rows(actor: Actor, kind: Exporter, filters) -> int:
    return kind.rows(actor, filters).count()
