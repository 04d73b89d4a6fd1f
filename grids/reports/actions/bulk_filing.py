"""Filing many reports of other systems at once: the same result as filing them one by one, with a few statements for all.

What a report comes to is computed in memory (`_Build`) and copied into the tables (`_store`); a test holds it to what
`filing.file_report` makes of the same report.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from grids.areas.models import Area
from tongshan_portal.accounts.actor import Actor, system_actor
from tongshan_portal.accounts.policy import Place, require
from tongshan_portal.exchange.public import Outcome
from tongshan_portal.kernel import clock, ids
from tongshan_portal.kernel.copying import copy_lines, copy_rows
from tongshan_portal.kernel.copying import field as copied
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.sealed import Sealed
from tongshan_portal.ledger.public import Line, record_many
from tongshan_portal.live.public import Event, publish_many
from tongshan_portal.workflow.calendar import local
from tongshan_portal.workflow.clocks import Clock
from tongshan_portal.workflow.due import due_at
from tongshan_portal.workflow.escalation import next_rung, rung_times
from tongshan_portal.workflow.limits import TimeLimit

from .. import deadlines, notices, routing
from ..dictionaries import Dictionaries
from ..enums import LIVING, STAGE_OF, ReportState, Stage
from ..evaluation.working_time import worked_minutes
from ..incoming import IncomingReport
from ..models import Report, ReportStep
from ..models.report import KEY_LETTERS
from ..routing import Recipient
from ..search import normal_form

Key = tuple[str, str]
"""(origin, external id)."""

_ENDS = {
    ReportState.OPENED: "open_report",
    ReportState.DISPATCHED: "dispatch",
    ReportState.CLOSED: "close",
    ReportState.ARCHIVED: "close",
    ReportState.WITHDRAWN: "withdraw",
    ReportState.VOID: "confirm_void",
}
"""The verb that brought a matter of another system where it stands."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one report: new, changed or unchanged, and its case code."""

    outcome: Outcome
    code: str


@transaction.atomic
def file_reports(*, actor: Actor, rows: Sequence[IncomingReport], now: datetime, known: Dictionaries | None = None) -> list[Filed]:
    """File reports of other systems, once by (origin, external id); answers what became of each, in their order.

    A living one gets its clocks, goes where a rule or its department says, and stands in ledger and outbox, as if it had been filed here.
    One that comes again with other facts is changed, unless somebody of the portal has taken a step on it: then it stays as it is here.
    Raises NotAllowed, DomainError for an area that is not in force or a number that comes twice in `rows`.
    """
    require(actor, "reports.import")
    _require_ground(actor, rows)
    _one_at_a_time({row.origin for row in rows})
    with ThreadPoolExecutor(1, "seal") as sealing:
        # Sealing needs the processor, looking up mostly waits for the database.
        waiting = sealing.submit(lambda: [(_sealed("contact", row.contact), _sealed("phone", row.phone)) for row in rows])
        held = _held(rows)
    _date(rows, held, now)
    sealed = dict(zip((_key(row) for row in rows), waiting.result(), strict=True))
    new = [row for row in rows if _key(row) not in held]
    differing = {_key(row): row for row in rows if _key(row) in held and differs(held[_key(row)], row)}
    codes = _codes([row.filed_at for row in new])
    build = _Build(actor, now, known or Dictionaries())
    for row, pk, code in zip(new, _next_ids(Report, len(new)), codes, strict=True):
        build.add(row, pk, code, *sealed[_key(row)])
    _store(actor, build)
    changed = _change(actor, differing, held, sealed, build)
    made = dict(zip((_key(row) for row in new), codes, strict=True))
    return [_outcome(_key(row), made, held, changed) for row in rows]


def plan_reports(rows: Sequence[IncomingReport]) -> Counter[Outcome]:
    """What `file_reports` would make of reports, without writing."""
    held = _held(rows)
    _date(rows, held, clock.now())
    kinds = ((key in held, key in held and differs(held[key], row)) for key, row in ((_key(row), row) for row in rows))
    names = {(False, False): Outcome.CREATED, (True, True): Outcome.CHANGED, (True, False): Outcome.UNCHANGED}
    plan = Counter(names[kind] for kind in kinds)
    stays = len(_taken_over([held[_key(row)]["id"] for row in rows if _key(row) in held and differs(held[_key(row)], row)]))
    return plan - Counter({Outcome.CHANGED: stays}) + Counter({Outcome.UNCHANGED: stays})


def _outcome(key: Key, made: Mapping[Key, str], held: Mapping[Key, Mapping[str, Any]], changed: set[Key]) -> Filed:
    if key in made:
        return Filed(Outcome.CREATED, made[key])
    return Filed(Outcome.CHANGED if key in changed else Outcome.UNCHANGED, held[key]["code"])


def _key(row: IncomingReport) -> Key:
    return row.origin, row.external_id


def _require_ground(actor: Actor, rows: Sequence[IncomingReport]) -> None:
    """Every area is in force and the actor's. Raises NotAllowed, DomainError."""
    if len({_key(row) for row in rows}) < len(rows):
        raise DomainError(_("The same number comes twice."), field="external_id")
    codes = {row.area_code for row in rows}
    if Area.objects.filter(pk__in=codes, valid_to=None).count() < len(codes):
        raise DomainError(_("There is no such area in force."), field="area_code")
    if not actor.is_system:
        held = tuple(actor.scope.areas_for("reports.import"))
        for code in codes:
            if not code.startswith(held):
                require(actor, "reports.import", Place(code))


def _one_at_a_time(origins: Iterable[str]) -> None:
    """Two batches of one system wait for each other, in one order: the second finds what the first has filed."""
    with connection.cursor() as cursor:
        for origin in sorted(origins):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reports.origin.{origin}"])


_FACTS = (
    "title", "text", "category_id", "source", "filed_at", "area_code", "lon", "lat", "address",
)  # fmt: skip
"""What a source says of any report and may correct."""

_COURSE = ("state", "deadline_at", "closed_at", "resolution", "department_id")
"""What a source says of a matter that it keeps itself."""


def _held(rows: Sequence[IncomingReport]) -> dict[Key, dict[str, Any]]:
    """The reports that are here already, by origin and number, with what may differ."""
    found: dict[Key, dict[str, Any]] = {}
    numbers: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        numbers[row.origin].append(row.external_id)
    reports = Report.objects.unscoped("numbers are unique wherever their report lies")
    for origin, listed in numbers.items():
        names = ("id", "code", "external_id", "contact", "phone", *_FACTS, *_COURSE)
        for kept in reports.filter(origin=origin, external_id__among=listed).values(*names):
            found[origin, kept["external_id"]] = kept
    return found


def differs(kept: Mapping[str, Any], row: IncomingReport) -> bool:
    """Whether a source says something else than is held. Texts that are sealed are compared in the open: sealed twice they differ."""
    facts = {
        "title": row.title,
        "text": row.text,
        "category_id": _category_of(row),
        "source": row.source,
        "filed_at": row.filed_at,
        "area_code": row.area_code,
        "lon": row.lon,
        "lat": row.lat,
        "address": row.address,
    }
    if row.state:
        facts |= {
            "state": row.state,
            "deadline_at": row.due_at,
            "closed_at": row.closed_at,
            "resolution": row.resolution,
            "department_id": row.department_id,
        }
    if any(kept[name] != value for name, value in facts.items()):
        return True
    pairs: tuple[tuple[Sealed | None, str], ...] = ((kept["contact"], row.contact), (kept["phone"], row.phone))
    return not all(sealed.same_as(text) if sealed is not None and text else not sealed and not text for sealed, text in pairs)


def _taken_over(report_ids: Sequence[int]) -> set[int]:
    """Those on which a person of the portal has taken a step: from then on they are the portal's own."""
    steps = ReportStep.objects.unscoped("whether somebody acted, not what")
    mine = steps.filter(report_id__in=report_ids, actor__isnull=False).exclude(verb="file_report")
    return set(mine.values_list("report_id", flat=True))


def _date(rows: Sequence[IncomingReport], held: Mapping[Key, Mapping[str, Any]], now: datetime) -> None:
    """What says no time of filing is filed now, and stays so when it comes again."""
    for row in rows:
        if row.filed_at is None:
            row.filed_at = held[_key(row)]["filed_at"] if _key(row) in held else now


def _sealed(name: str, text: str) -> Sealed | None:
    """A text sealed for its column, in full: its stored form is made here, not when it is written."""
    value: Sealed | None = Report._meta.get_field(name).wrap(text)  # type: ignore[union-attr]
    if value is not None:
        _ = value.stored
    return value


_LETTERS = bytes(ord(KEY_LETTERS[number % len(KEY_LETTERS)]) for number in range(256))
_UNEVEN = bytes(range(256 - 256 % len(KEY_LETTERS), 256))
"""Bytes that would make some letters likelier than others."""


def _letters(count: int) -> str:
    """So many random letters of the portal's keys, from the system's source of chance; thousands at once."""
    found = b""
    while len(found) < count:
        found += os.urandom(count * 2).translate(_LETTERS, _UNEVEN)
    return found[:count].decode()


def _codes(moments: Sequence[datetime]) -> list[str]:
    """Case codes like those of `filing.new_code`, none of them taken: in a batch of thousands two may fall together by chance."""
    days = [f"TS{local(moment):%y%m%d}-" for moment in moments]
    found: list[str] = [""] * len(days)
    missing, used = list(range(len(days))), set[str]()
    reports = Report.objects.unscoped("a code is taken wherever its report lies")
    while missing:
        letters = _letters(6 * len(missing))
        made = {position: days[position] + letters[6 * at : 6 * at + 6] for at, position in enumerate(missing)}
        used.update(reports.filter(code__among=list(made.values())).values_list("code", flat=True))
        for position, code in made.items():
            if code not in used:
                used.add(code)
                found[position] = code
        missing = [position for position in missing if not found[position]]
    return found


def _next_ids(model: Any, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [model._meta.db_table, count])
        return [row[0] for row in cursor.fetchall()]


_OWN = [one for one in Report._meta.concrete_fields if not one.generated]
_EMPTY: dict[str, Any] = {one.attname: one.get_default() for one in _OWN}
"""A report of which nothing is known."""

_SAID = (
    "id", "code", "key", "follow_key", "origin", "external_id", "title", "text", "category_id", "category_version", "urgency", "source",
    "filed_at", "area_code", "located", "lon", "lat", "address", "contact", "phone", "changed_at", "words", "state", "total", "deadline_at",
    "lead_alarm_at", "clock", "due_at", "rung_at", "department_id", "departments", "desk_code", "dispatched_at", "closed_at", "archive_at",
    "worked_minutes", "resolution",
)  # fmt: skip
"""Columns in which new reports differ; the others stay as they are in `_EMPTY`."""


@dataclass(slots=True)
class _Step:
    """One hop, in the order of the columns of ReportStep."""

    report_id: int
    area_code: str
    verb: str
    from_state: str
    to_state: str
    at: datetime
    actor_id: int | None
    actor_label: str
    reason: str = ""
    recipient: str = ""
    due_at: datetime | None = None


_STEP_NAMES = [one.name for one in fields(_Step)]
_step_values = attrgetter(*_STEP_NAMES)


@dataclass(slots=True)
class _Named:
    """A report as the ledger names it."""

    pk: int
    code: str
    _meta = Report._meta

    def __str__(self) -> str:
        return self.code


@dataclass(slots=True)
class _Running:
    """A hop's clock that begins now: equal for all reports of a batch under one limit."""

    stored: str
    due_at: datetime | None
    rung_at: datetime | None


@dataclass
class _Build:
    """What the reports of a batch come to: rows, hops, entries of the ledger by verb, events, and who is to be told."""

    actor: Actor
    now: datetime
    known: Dictionaries
    rows: list[dict[str, Any]] = field(default_factory=list)
    steps: list[_Step] = field(default_factory=list)
    lines: dict[tuple[str, bool], list[Line]] = field(default_factory=lambda: defaultdict(list))
    """(verb, whether the portal did it by itself) → entries."""

    events: list[Event] = field(default_factory=list)
    arrivals: list[notices.Arrival] = field(default_factory=list)
    """Reports that were dispatched to a desk."""

    def __post_init__(self) -> None:
        self.portal = system_actor("reports")
        self.service = routing.is_service_time(self.now)
        self._hops: dict[tuple[str, int | None, str], _Running] = {}
        self._wholes: dict[tuple[int | None, str], tuple[TimeLimit, str, str]] = {}
        self._rules: dict[tuple[int | None, str], tuple[Recipient, str] | None] = {}
        self._spare = ""

    def add(self, row: IncomingReport, pk: int, code: str, contact: Sealed | None, phone: Sealed | None) -> None:
        """Take a new report in."""
        values = {**_EMPTY, "id": pk, "code": code, "key": ids.new_uuid(), "follow_key": self._follow_key()}
        values |= {"origin": row.origin, "external_id": row.external_id}
        values |= self.facts(row, code, contact, phone)
        self.rows.append(values)
        by = (self.actor.user_id, self.actor.name) if not row.state else (None, row.origin)
        self.steps.append(_Step(pk, row.area_code, "file_report", ReportState.FILED, ReportState.FILED, row.filed_at, *by))
        if row.state:
            values |= self.course(row)
            self.end(row, pk)
            self._note("report.imported", pk, code, row.area_code, {"state": row.state, "origin": row.origin})
        else:
            self._begin(row, values)

    def facts(self, row: IncomingReport, code: str, contact: Sealed | None, phone: Sealed | None) -> dict[str, Any]:
        """The columns of what the source says of any report."""
        category = row.category
        return {
            "title": row.title,
            "text": row.text,
            "category_id": _category_of(row),
            "category_version": category.version if category is not None else 1,
            "urgency": row.urgency or (category.urgency if category is not None else "normal"),
            "source": row.source,
            "filed_at": row.filed_at,
            "area_code": row.area_code,
            "located": row.located,
            "lon": row.lon,
            "lat": row.lat,
            "address": row.address,
            "contact": contact.stored if contact is not None else None,
            "phone": phone.stored if phone is not None else None,
            "changed_at": self.now,
            "words": normal_form(f"{code} {row.title} {row.text} {row.address}"),
        }

    def course(self, row: IncomingReport) -> dict[str, Any]:
        """The columns of a matter that its source keeps: its own times, no clock of ours, no alarm."""
        return {
            "state": row.state,
            "deadline_at": row.due_at,
            "due_at": row.due_at if row.state in LIVING else None,
            "closed_at": row.closed_at,
            "archive_at": self._archive_at(row),
            "worked_minutes": self._worked(row),
            "resolution": row.resolution,
            "department_id": row.department_id if row.state not in (ReportState.FILED, ReportState.OPENED) else None,
            "departments": [row.department_id] if row.department_id is not None else [],
            "desk_code": "",
            "dispatched_at": row.filed_at if row.state == ReportState.DISPATCHED else None,
            "clock": None,
            "total": None,
            "rung_at": None,
            "climbed": 0,
            "lead_alarm_at": None,
        }

    def _archive_at(self, row: IncomingReport) -> datetime | None:
        """A closed matter can be rated from its arrival on for as long as any other, before it is filed away."""
        if row.state != ReportState.CLOSED:
            return None
        limit, _policy = self.known.limit_for(
            Stage.RATE, _category_of(row), row.urgency or (row.category.urgency if row.category else "normal")
        )
        due = due_at(self.now, limit)
        return due.at if due is not None else None

    def _worked(self, row: IncomingReport) -> int | None:
        """Hours of service that a closed matter took; of a place with hours of its own nothing is said."""
        if row.closed_at is None or row.filed_at is None or row.hours is None:
            return None
        return worked_minutes(row.filed_at, row.closed_at, row.hours)

    def end(self, row: IncomingReport, pk: int) -> None:
        """The hop that brought a matter of another system where it stands."""
        verb = _ENDS.get(ReportState(row.state))
        if verb is None:
            return
        to = str(self.known.departments[row.department_id]) if verb == "dispatch" and row.department_id is not None else ""
        at, due = row.closed_at or row.filed_at, row.due_at if row.closed_at else None
        self.steps.append(_Step(pk, row.area_code, verb, ReportState.FILED, row.state, at, None, row.origin, row.resolution, to, due))

    def _begin(self, row: IncomingReport, values: dict[str, Any]) -> None:
        """A living report: its clocks, and where it goes."""
        pk, code, category_id, urgency = values["id"], values["code"], values["category_id"], values["urgency"]
        word = row.category.code if row.category is not None else ""
        values["total"], values["deadline_at"] = self._whole(row.filed_at, category_id, urgency)
        values["lead_alarm_at"] = self.now + deadlines.LEAD_WITHIN
        state, route = ReportState.FILED, self._route(row)
        self._happened("report.filed", pk, code, row.area_code, (state, state), "", word)
        if route is not None:
            to, reason = route
            moves = (("open_report", ReportState.OPENED, ""), ("dispatch", ReportState.DISPATCHED, reason))
            for verb, reached, why in moves:
                name, was_due = str(to) if verb == "dispatch" else "", self._hop(state, category_id, urgency).due_at
                step = _Step(pk, row.area_code, verb, state, reached, self.now, None, self.portal.name, why, name, was_due)
                self.steps.append(step)
                done = "report.opened" if verb == "open_report" else "report.dispatched"
                self._happened(done, pk, code, row.area_code, (state, reached), name, word, why, portal=True)
                state = reached
            department = to.department.pk if to.department is not None else None
            values |= {"department_id": department, "desk_code": to.desk_code, "dispatched_at": self.now}
            values["departments"] = [department] if department is not None else []
            self.arrivals.append(notices.Arrival(code, row.area_code, department, to.desk_code))
        hop = self._hop(state, category_id, urgency)
        values |= {"state": state, "clock": hop.stored, "due_at": hop.due_at, "rung_at": hop.rung_at, "climbed": 0}

    def _route(self, row: IncomingReport) -> tuple[Recipient, str] | None:
        """Where a living report goes at once, and why: the department its source names, else by rule. None: a dispatcher decides."""
        if len(row.area_code) <= 6:
            return None  # the desk says first in which area it lies (`workflow.has_area`)
        if row.department_id is not None:
            return Recipient(self.known.departments[row.department_id]), _("named by the system it came from")
        key = (_category_of(row), row.area_code)
        if key not in self._rules:
            rule = self.known.rule_for(row.category, row.area_code, service=self.service)
            if rule is None:
                self._rules[key] = None
            else:
                to = routing.recipient_of(rule, Report(area_code=row.area_code))
                self._rules[key] = to, _("rule: %(name)s") % {"name": rule.name}
        return self._rules[key]

    def _whole(self, began: datetime, category_id: int | None, urgency: str) -> tuple[str, datetime | None]:
        """The clock of the whole as it is stored, and the deadline. Clocks of one limit differ in when they began, in nothing else."""
        key = (category_id, urgency)
        if key not in self._wholes:
            limit, policy = self.known.limit_for(Stage.TOTAL, category_id, urgency)
            before, after = orjson.dumps(Clock(self.now, limit, policy=policy).as_json()).decode().split(self.now.isoformat())
            self._wholes[key] = limit, before, after
        limit, before, after = self._wholes[key]
        due = due_at(began, limit)
        return f"{before}{began.isoformat()}{after}", due.at if due is not None else None

    def _hop(self, state: str, category_id: int | None, urgency: str) -> _Running:
        key = (state, category_id, urgency)
        if key not in self._hops:
            limit, policy = self.known.limit_for(STAGE_OF[ReportState(state)], category_id, urgency)
            hop = Clock(self.now, limit, policy=policy)
            due = hop.due()
            rung = next_rung(rung_times(due.at, self.now, deadlines.RUNGS), 0) if due is not None else None
            self._hops[key] = _Running(orjson.dumps(hop.as_json()).decode(), due.at if due is not None else None, rung)
        return self._hops[key]

    def _happened(
        self,
        verb: str,
        pk: int,
        code: str,
        area_code: str,
        states: tuple[str, str],
        to: str,
        category: str,
        reason: str = "",
        *,
        portal: bool = False,
    ) -> None:
        """An entry of the ledger and an event, as `taking.write_step` has them."""
        self._note(verb, pk, code, area_code, {"state": list(states), "to": to}, reason, portal=portal)
        self.events.append(Event("reports", verb, area_code, {"report": code, "state": states[1], "category": category}))

    def _note(
        self, verb: str, pk: int, code: str, area_code: str, detail: Mapping[str, Any], reason: str = "", *, portal: bool = False
    ) -> None:
        self.lines[verb, portal].append(Line(_Named(pk, code), area_code, reason[:500], detail))  # type: ignore[arg-type]

    def _follow_key(self) -> str:
        if not self._spare:
            self._spare = _letters(8 * 1_000)
        key, self._spare = self._spare[:8], self._spare[8:]
        return key


def _store(actor: Actor, build: _Build) -> None:
    """Copy rows and hops into their tables; then ledger, outbox, notices."""
    with connection.cursor() as cursor:
        columns = ", ".join(connection.ops.quote_name(name) for name in (*_SAID, *_STILL))
        copy_lines(cursor, f"reports_report ({columns})", (_line([values[name] for name in _SAID], _TAIL) for values in build.rows))
        _copy_steps(cursor, build.steps)
    for (verb, portal), lines in build.lines.items():
        record_many(actor=build.portal if portal else actor, verb=verb, lines=lines)
    publish_many(build.events)
    notices.tell_arrivals(build.arrivals)


def _line(values: Iterable[Any], tail: str) -> str:
    return "\t".join(map(copied, values)) + tail


_STILL = [one.attname for one in _OWN if one.attname not in _SAID]
_TAIL = "".join(f"\t{copied(_EMPTY[name])}" for name in _STILL) + "\n"
"""The columns that are the same for every new report, in COPY's form once and for all."""


def _copy_steps(cursor: Any, steps: Iterable[_Step]) -> None:
    copy_rows(cursor, f"reports_reportstep ({', '.join(_STEP_NAMES)})", map(_step_values, steps))


def _change(
    actor: Actor,
    differing: Mapping[Key, IncomingReport],
    held: Mapping[Key, Mapping[str, Any]],
    sealed: Mapping[Key, tuple[Sealed | None, Sealed | None]],
    build: _Build,
) -> set[Key]:
    """Write what sources now say otherwise of reports that nobody here has taken a step on; answers which were changed."""
    if not differing:
        return set()
    locked = Report.objects.unscoped("numbers are unique wherever their report lies").select_for_update(of=("self",), no_key=True)
    list(locked.filter(pk__in=[held[key]["id"] for key in differing]).order_by("pk").values_list("pk"))
    ours = _taken_over([held[key]["id"] for key in differing])
    mine = {key: row for key, row in differing.items() if held[key]["id"] not in ours}
    build.steps.clear()
    facts, courses, lines, events = {}, {}, [], []
    for key, row in mine.items():
        kept = held[key]
        facts[kept["id"]] = build.facts(row, kept["code"], *sealed[key])
        if row.state:
            courses[kept["id"]] = build.course(row)
            if row.state != kept["state"]:
                build.end(row, kept["id"])
        else:
            line = {"report": kept["code"], "state": kept["state"], "category": row.category.code if row.category else ""}
            events.append(Event("reports", "report.updated", row.area_code, line))
        lines.append(Line(_Named(kept["id"], kept["code"]), row.area_code, "", {"origin": row.origin}))  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        _rewrite(cursor, facts)
        _rewrite(cursor, courses)
        _copy_steps(cursor, build.steps)
    _follow_categories([held[key]["id"] for key, row in mine.items() if not row.state and _category_of(row) != held[key]["category_id"]])
    record_many(actor=actor, verb="report.updated", lines=lines)
    publish_many(events)
    return set(mine)


def _category_of(row: IncomingReport) -> int | None:
    return row.category.pk if row.category is not None else None


def _rewrite(cursor: Any, values: Mapping[int, Mapping[str, Any]]) -> None:
    """Write the columns of several reports, all with the same ones, by one UPDATE from a copied table."""
    if not values:
        return
    names = list(next(iter(values.values())))
    columns = [connection.ops.quote_name(one.column) for one in (Report._meta.get_field(name) for name in names)]  # type: ignore[union-attr]
    listed = ", ".join(columns)
    stage = f"reports_rewrite_{ids.new_uuid().hex}"
    cursor.execute(f"CREATE TEMPORARY TABLE {stage} ON COMMIT DROP AS SELECT id, {listed} FROM reports_report WITH NO DATA")  # noqa: S608
    copy_rows(cursor, f"{stage} (id, {listed})", ([pk, *row.values()] for pk, row in values.items()))
    assigned = ", ".join(f"{column} = stage.{column}" for column in columns)
    cursor.execute(f"UPDATE reports_report AS kept SET {assigned} FROM {stage} AS stage WHERE kept.id = stage.id")  # noqa: S608


def _follow_categories(report_ids: Sequence[int]) -> None:
    """The clocks of living reports go on under the limits of their new category."""
    rows = list(Report.objects.unscoped("locked above").filter(pk__in=report_ids))
    for row in rows:
        deadlines.follow_category(row)
    Report.objects.bulk_update(rows, ["clock", "due_at", "rung_at", "climbed", "total", "deadline_at"], batch_size=500)
