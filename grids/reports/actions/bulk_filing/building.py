"""What reports come to, in memory: rows and hops as the lines that COPY takes, entries of the ledger, events, who is to be told.

A line is made while the server writes the ones before it, so nothing here may ask the database after `Build.prepare`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

import orjson
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor, system_actor
from tongshan_portal.kernel.copying import NULL
from tongshan_portal.kernel.copying import field as copied
from tongshan_portal.ledger.public import Line
from tongshan_portal.live.public import Event
from tongshan_portal.workflow.calendar import working_calendar
from tongshan_portal.workflow.clocks import Clock
from tongshan_portal.workflow.due import due_at, first_day
from tongshan_portal.workflow.escalation import next_rung, rung_times
from tongshan_portal.workflow.limits import BY_DAY, TimeLimit

from ... import deadlines, hearing, notices, routing
from ...dictionaries import Dictionaries
from ...enums import LIVING, STAGE_OF, ReportState, Stage
from ...evaluation.working_time import worked_minutes
from ...incoming import IncomingReport
from ...models import Report
from ...routing import Recipient
from ...search import normal_form
from .held import category_of

_ENDS = {
    ReportState.OPENED: "open_report",
    ReportState.DISPATCHED: "dispatch",
    ReportState.CLOSED: "close",
    ReportState.ARCHIVED: "close",
    ReportState.WITHDRAWN: "withdraw",
    ReportState.VOID: "confirm_void",
}
"""The verb that brought a matter of another system where it stands."""

FILED, OPENED, DISPATCHED = ReportState.FILED.value, ReportState.OPENED.value, ReportState.DISPATCHED.value

Cells = dict[str, str]
"""Columns of a report in COPY's form, by name."""

_OWN = [one for one in Report._meta.concrete_fields if not one.generated]
_EMPTY: dict[str, Any] = {one.attname: one.get_default() for one in _OWN}
"""A report of which nothing is known."""

SAID = (
    "id", "code", "key", "follow_key", "origin", "external_id", "title", "text", "category_id", "category_version", "urgency", "source",
    "filed_at", "area_code", "located", "lon", "lat", "address", "contact", "phone", "changed_at", "words", "state", "total", "deadline_at",
    "lead_alarm_at", "clock", "due_at", "rung_at", "department_id", "departments", "desk_code", "dispatched_at", "closed_at", "archive_at",
    "worked_minutes", "resolution",
)  # fmt: skip
"""Columns in which new reports differ; the others stay as they are in `_EMPTY`."""

STILL = [one.attname for one in _OWN if one.attname not in SAID]
_TAIL = "".join(f"\t{copied(_EMPTY[name])}" for name in STILL) + "\n"
"""The columns that are the same for every new report, in COPY's form once and for all."""

_SAID_EMPTY = {name: copied(_EMPTY[name]) for name in SAID}
_in_order = itemgetter(*SAID)

STEP = ("report_id", "area_code", "verb", "from_state", "to_state", "at", "actor_id", "actor_label", "reason", "recipient", "due_at")
"""The columns of a hop, in the order of its line."""


@dataclass(slots=True)
class Named:
    """A report as the ledger names it."""

    pk: int
    code: str
    _meta = Report._meta

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class _Running:
    """A hop's clock that begins now, in COPY's form: equal for all reports of a batch under one limit."""

    clock: str
    due_at: str
    rung_at: str


@dataclass(frozen=True, slots=True)
class _Route:
    """Where a living report goes at once, and why. `name` is that of the desk."""

    department_id: int | None
    desk_code: str
    name: str
    reason: str


@dataclass
class Build:
    """What the reports of a batch come to. `prepare`, then `add` each new one."""

    actor: Actor
    now: datetime
    known: Dictionaries
    steps: list[str] = field(default_factory=list)
    """Hops as lines of COPY."""

    lines: dict[tuple[str, bool], list[Line]] = field(default_factory=lambda: defaultdict(list))
    """(verb, whether the portal did it by itself) → entries of the ledger."""

    events: list[Event] = field(default_factory=list)
    arrivals: list[notices.Arrival] = field(default_factory=list)
    """Reports that were dispatched to a desk."""

    def __post_init__(self) -> None:
        self.portal = system_actor("reports")
        self._ears = hearing.DepartmentEars(self.known.departments)
        self._now = copied(self.now)
        self._alarm = copied(self.now + deadlines.LEAD_WITHIN)
        self._calendar = working_calendar()
        self._hops: dict[tuple[str, int | None, str], _Running] = {}
        self._wholes: dict[tuple[int | None, str], tuple[TimeLimit, str, str]] = {}
        self._ends: dict[tuple[int | None, str, int], str] = {}
        self._ratings: dict[tuple[int | None, str], str] = {}
        self._rules: dict[tuple[int | None, str], _Route | None] = {}
        self._named: dict[int, _Route] = {}
        self._contact, self._phone = (Report._meta.get_field(name) for name in ("contact", "phone"))

    def prepare(self, rows: Iterable[IncomingReport]) -> None:
        """Read all that is asked of the database for these reports: dictionaries, rules, names of desks."""
        self.known.read()
        service = routing.is_service_time(self.now)
        for row in rows:
            key = (category_of(row), row.area_code)
            if row.state or key in self._rules:
                continue
            rule = self.known.rule_for(row.category, row.area_code, service=service)
            self._rules[key] = (
                self._route_to(routing.recipient_of(rule, row), _("rule: %(name)s") % {"name": rule.name}) if rule is not None else None
            )

    def _route_to(self, to: Recipient, reason: str) -> _Route:
        return _Route(to.department.pk if to.department is not None else None, to.desk_code, str(to), reason)

    def add(self, row: IncomingReport, pk: int, code: str, key: str, follow_key: str) -> str:
        """Take a new report in; answers its line."""
        cells = {**_SAID_EMPTY, "id": str(pk), "code": code, "key": key, "follow_key": follow_key}
        cells["origin"], cells["external_id"] = copied(row.origin), copied(row.external_id)
        cells |= self.facts(row, code)
        at = cells["filed_at"]
        if row.state:
            self._step(pk, row.area_code, "file_report", FILED, FILED, at, None, row.origin)
            cells |= self.course(row)
            self.end(row, pk)
            self._note("report.imported", pk, code, row.area_code, {"state": row.state, "origin": row.origin})
        else:
            self._step(pk, row.area_code, "file_report", FILED, FILED, at, self.actor.user_id, self.actor.name)
            self._begin(row, pk, code, cells)
        return "\t".join(_in_order(cells)) + _TAIL

    def facts(self, row: IncomingReport, code: str) -> Cells:
        """The columns of what the source says of any report."""
        category = row.category
        return {
            "title": copied(row.title),
            "text": copied(row.text),
            "category_id": NULL if category is None else str(category.pk),
            "category_version": "1" if category is None else str(category.version),
            "urgency": copied(self._urgency(row)),
            "source": copied(row.source),
            "filed_at": copied(row.filed_at),
            "area_code": copied(row.area_code),
            "located": copied(row.located),
            "lon": copied(row.lon),
            "lat": copied(row.lat),
            "address": copied(row.address),
            "contact": self._sealed(self._contact, row.contact),
            "phone": self._sealed(self._phone, row.phone),
            "changed_at": self._now,
            "words": copied(normal_form(f"{code} {row.title} {row.text} {row.address}")),
        }

    def _urgency(self, row: IncomingReport) -> str:
        return row.urgency or (row.category.urgency if row.category is not None else "normal")

    def _sealed(self, column: Any, text: str) -> str:
        value = column.wrap(text)
        return NULL if value is None else copied(value.stored)

    def course(self, row: IncomingReport) -> Cells:
        """The columns of a matter that its source keeps: its own times, no clock of ours, no alarm."""
        department = "" if row.department_id is None else str(row.department_id)
        due = copied(row.due_at)
        return {
            "state": copied(row.state),
            "deadline_at": due,
            "due_at": due if row.state in LIVING else NULL,
            "closed_at": copied(row.closed_at),
            "archive_at": self._archive_at(row),
            "worked_minutes": self._worked(row),
            "resolution": copied(row.resolution),
            "department_id": department if department and row.state not in (FILED, OPENED) else NULL,
            "departments": f"{{{department}}}",
            "desk_code": "",
            "dispatched_at": copied(row.filed_at) if row.state == DISPATCHED else NULL,
            "clock": NULL,
            "total": NULL,
            "rung_at": NULL,
            "climbed": "0",
            "lead_alarm_at": NULL,
        }

    def _archive_at(self, row: IncomingReport) -> str:
        """A closed matter can be rated from its arrival on for as long as any other, before it is filed away."""
        if row.state != ReportState.CLOSED:
            return NULL
        key = (category_of(row), self._urgency(row))
        if key not in self._ratings:
            due = due_at(self.now, self.known.limit_for(Stage.RATE, *key)[0])
            self._ratings[key] = copied(due.at if due is not None else None)
        return self._ratings[key]

    def _worked(self, row: IncomingReport) -> str:
        """Hours of service that a closed matter took; of a place with hours of its own nothing is said."""
        if row.closed_at is None or row.filed_at is None or row.hours is None:
            return NULL
        return copied(worked_minutes(row.filed_at, row.closed_at, row.hours))

    def end(self, row: IncomingReport, pk: int) -> None:
        """The hop that brought a matter of another system where it stands."""
        verb = _ENDS.get(ReportState(row.state))
        if verb is None:
            return
        to = str(self.known.departments[row.department_id]) if verb == "dispatch" and row.department_id is not None else ""
        at, due = copied(row.closed_at or row.filed_at), copied(row.due_at if row.closed_at else None)
        self._step(pk, row.area_code, verb, FILED, row.state, at, None, row.origin, row.resolution, to, due)

    def _begin(self, row: IncomingReport, pk: int, code: str, cells: Cells) -> None:
        """A living report: its clocks, and where it goes."""
        category_id, urgency, area_code = category_of(row), self._urgency(row), row.area_code
        word = row.category.code if row.category is not None else ""
        cells["total"], cells["deadline_at"] = self._whole(row.filed_at, cells["filed_at"], category_id, urgency)
        cells["lead_alarm_at"] = self._alarm
        state, route = FILED, self._route(row)
        self._happened("report.filed", pk, code, area_code, FILED, FILED, "", word)
        if route is not None:
            due = self._hop(FILED, category_id, urgency).due_at
            self._step(pk, area_code, "open_report", FILED, OPENED, self._now, None, self.portal.name, due_at=due)
            self._happened("report.opened", pk, code, area_code, FILED, OPENED, "", word, portal=True)
            due = self._hop(OPENED, category_id, urgency).due_at
            self._step(pk, area_code, "dispatch", OPENED, DISPATCHED, self._now, None, self.portal.name, route.reason, route.name, due)
            self._happened("report.dispatched", pk, code, area_code, OPENED, DISPATCHED, route.name, word, route.reason, portal=True)
            if route.department_id is not None:
                self.name_department(route.department_id)
                cells["department_id"], cells["departments"] = str(route.department_id), f"{{{route.department_id}}}"
            cells["desk_code"], cells["dispatched_at"] = copied(route.desk_code), self._now
            self.arrivals.append(notices.Arrival(code, area_code, route.department_id, route.desk_code))
            state = DISPATCHED
        hop = self._hop(state, category_id, urgency)
        cells["state"], cells["clock"], cells["due_at"], cells["rung_at"] = state, hop.clock, hop.due_at, hop.rung_at

    def _route(self, row: IncomingReport) -> _Route | None:
        """Where a living report goes at once: the department its source names, else by rule. None: a dispatcher decides."""
        if len(row.area_code) <= 6:
            return None  # the desk says first in which area it lies (`workflow.has_area`)
        if row.department_id is None:
            return self._rules[category_of(row), row.area_code]
        if row.department_id not in self._named:
            to = Recipient(self.known.departments[row.department_id])
            self._named[row.department_id] = self._route_to(to, _("named by the system it came from"))
        return self._named[row.department_id]

    def _whole(self, began: datetime, written: str, category_id: int | None, urgency: str) -> tuple[str, str]:
        """The clock of the whole, and the deadline. Clocks of one limit differ in when they began, in nothing else."""
        key = (category_id, urgency)
        if key not in self._wholes:
            limit, policy = self.known.limit_for(Stage.TOTAL, category_id, urgency)
            before, after = orjson.dumps(Clock(self.now, limit, policy=policy).as_json()).decode().split(self.now.isoformat())
            self._wholes[key] = limit, copied(before), copied(after)
        limit, before, after = self._wholes[key]
        return f"{before}{written}{after}", self._deadline(key, began, limit)

    def _deadline(self, key: tuple[int | None, str], began: datetime, limit: TimeLimit) -> str:
        """When the whole falls due; under a limit in days it is the same moment for all that begin on the same day."""
        if limit.unit not in BY_DAY:
            due = due_at(began, limit)
            return copied(due.at if due is not None else None)
        day = (*key, first_day(began, limit, self._calendar))
        if day not in self._ends:
            due = due_at(began, limit)
            self._ends[day] = copied(due.at if due is not None else None)
        return self._ends[day]

    def _hop(self, state: str, category_id: int | None, urgency: str) -> _Running:
        key = (state, category_id, urgency)
        if key not in self._hops:
            limit, policy = self.known.limit_for(STAGE_OF[ReportState(state)], category_id, urgency)
            hop = Clock(self.now, limit, policy=policy)
            due = hop.due()
            rung = next_rung(rung_times(due.at, self.now, deadlines.RUNGS), 0) if due is not None else None
            clock = copied(orjson.dumps(hop.as_json()).decode())
            self._hops[key] = _Running(clock, copied(due.at if due is not None else None), copied(rung))
        return self._hops[key]

    def _step(
        self,
        pk: int,
        area_code: str,
        verb: str,
        before: str,
        after: str,
        at: str,
        actor_id: int | None,
        actor: str,
        reason: str = "",
        recipient: str = "",
        due_at: str = NULL,
    ) -> None:
        """A hop; `at` and `due_at` in COPY's form already."""
        who = NULL if actor_id is None else actor_id
        self.steps.append(
            f"{pk}\t{copied(area_code)}\t{verb}\t{before}\t{copied(after)}\t{at}\t{who}\t{copied(actor)}\t{copied(reason)}\t"
            f"{copied(recipient)}\t{due_at}\n"
        )

    def _happened(
        self,
        verb: str,
        pk: int,
        code: str,
        area_code: str,
        before: str,
        after: str,
        to: str,
        category: str,
        reason: str = "",
        *,
        portal: bool = False,
    ) -> None:
        """An entry of the ledger and an event, as `taking.write_step` has them."""
        self._note(verb, pk, code, area_code, {"state": [before, after], "to": to}, reason, portal=portal)
        self.events.append(Event("reports", verb, area_code, {"report": code, "state": after, "category": category}))

    def name_department(self, department_id: int) -> None:
        """Tell what was noted last also to those of a department who do not hear of all that happens there."""
        last = self.events[-1]
        if people := self._ears.of(department_id, last.area_code):
            self.events.append(replace(last, user_ids=people))

    def _note(
        self, verb: str, pk: int, code: str, area_code: str, detail: Mapping[str, Any], reason: str = "", *, portal: bool = False
    ) -> None:
        self.lines[verb, portal].append(Line(Named(pk, code), area_code, reason[:500], detail))  # type: ignore[arg-type]
