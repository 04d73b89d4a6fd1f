"""Taking warnings in: a whole batch in one transaction, with the same number of statements for one as for a thousand."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.sealed import Sealed, open_sealed
from tongshan_portal.kernel.sealed.fields import INDEX_PART
from tongshan_portal.kernel.sealed.keys import index_keys
from tongshan_portal.kernel.sealed.masks import normal_phone
from tongshan_portal.ledger.public import Line, record_many

from .. import deadlines, notices
from ..deadlines import Rules
from ..desks import Desk, Roster, is_open
from ..enums import OPEN, RANK, AlertState, Came, Goes, Grade, Stage, TaskState
from ..matching import Found, find_people
from ..models import DissuasionTask, FraudAlert, FraudWarning
from ..models.alert import INDEX_SPACE, new_code
from ..rows import Types, WarningRow, parse_row, types_by_word, with_type
from .bulk import blank, insert_rows, update_rows

SOURCES = 0x46525744
"""First half of the advisory lock of a source ("FRWD"); the second is a checksum of its name."""
AHEAD = timedelta(minutes=10)
"""So far may a source's clock run ahead of ours."""
BY_HAND = "by_hand"
"""The source of what staff takes down after a call."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken: its place in the batch, the field, and a sentence that says what to do."""

    index: int
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a batch: warnings taken, those that were there already, rows refused; the codes of alerts opened and joined.

    `alert_of` says of each warning that was taken (by its external id) which alert it opened or joined.
    """

    accepted: int = 0
    repeated: int = 0
    rejected: tuple[Rejected, ...] = ()
    opened: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    alert_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Person:
    """The warnings of a batch about one person and one type: they become one alert, or join the one that is open."""

    index: str
    type_id: int
    found: Found
    rows: list[WarningRow] = field(default_factory=list)
    alert_id: int = 0
    came: str = Came.OPENED.value

    @property
    def grade(self) -> str:
        """The gravest of them."""
        return min((row.grade for row in self.rows), key=lambda grade: RANK[Grade(grade)])

    def first(self, name: str) -> Any:
        """The first value that is given."""
        return next((value for row in self.rows if (value := getattr(row, name))), None)


def receive_warnings(
    *,
    actor: Actor,
    source: str,
    rows: Sequence[WarningRow | Mapping[str, Any]],
    now: datetime | None = None,
    is_simulated: bool = False,
) -> Received:
    """Take warnings in: each once (source and external id), matched, joined or opened, assigned, in the ledger and on the live path.

    Of one person and type there is at most one open alert, whoever else receives at the same moment (a partial unique index decides).
    A warning within the window of `AlertPolicy` only counts; a later one starts the clock of the first contact anew; a graver one raises
    the grade. Rows that cannot be taken come back, the others are taken. Raises NotAllowed.
    """
    require(actor, "alerts.receive")
    # No savepoint of its own: whoever sorts out bad rows (exchange.settling) has one around it, and a batch counts its round trips.
    with transaction.atomic(savepoint=False):
        return _receive(actor, source, rows, now or clock.now(), is_simulated)


def _receive(actor: Actor, source: str, rows: Sequence[WarningRow | Mapping[str, Any]], now: datetime, is_simulated: bool) -> Received:
    types = types_by_word()
    good, rejected = _read(rows, types, now)
    new = _not_there_yet(source, good)
    if not new:
        return Received(0, len(good), rejected)
    held = deadlines.rules()
    people = _people(new, types.ids)
    roster = Roster([person.found.area_code for person in people])
    outcome = _open_or_join(people, source, roster, held, now, is_simulated)
    _keep_warnings(people, source, now, is_simulated)
    _write_down(actor, source, outcome, len(new), rejected)
    _tell(outcome, roster)
    return Received(
        len(new),
        len(good) - len(new),
        rejected,
        tuple(one.code for one in outcome if one.is_new),
        tuple(one.code for one in outcome if not one.is_new),
        {row.external_id: one.code for one in outcome for row in one.person.rows},
    )


def _read(rows: Sequence[WarningRow | Mapping[str, Any]], types: Types, now: datetime) -> tuple[list[WarningRow], tuple[Rejected, ...]]:
    good, rejected, latest = [], [], now + AHEAD
    for place, given in enumerate(rows):
        try:
            row = with_type(given, types) if isinstance(given, WarningRow) else parse_row(given, types)
            if row.happened_at > latest:
                raise DomainError(_("This time lies in the future."), field="happened_at")
            good.append(row)
        except DomainError as error:
            rejected.append(Rejected(place, error.field or "", str(error.message)))
    return good, tuple(rejected)


def _not_there_yet(source: str, rows: Sequence[WarningRow]) -> list[WarningRow]:
    """Those whose external id is new. Batches of one source wait for each other, so that none is taken twice."""
    if not rows:
        return []
    ids = [row.external_id for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [SOURCES, zlib.crc32(source.encode()) - 2**31, source, ids])
        known = {external_id for (external_id,) in cursor.fetchall()}
    fresh = []
    for row in rows:
        if row.external_id not in known:
            known.add(row.external_id)
            fresh.append(row)
    return fresh


_KNOWN = f"""
    SELECT pg_advisory_xact_lock(%s, %s);
    SELECT external_id FROM {FraudWarning._meta.db_table} WHERE source = %s AND external_id = ANY(%s::text[])
"""  # noqa: S608 - the model's own table
"""Two statements in one trip: the second sees what was committed while the first waited."""


def _people(rows: Sequence[WarningRow], type_ids: Mapping[str, int]) -> list[Person]:
    """The batch by person and type, in the order in which every batch takes them: two that meet wait, and neither for the other."""
    key = index_keys()[0]
    found: dict[tuple[str, int], Person] = {}
    for row, place in zip(rows, find_people(rows), strict=True):
        who = (key.index(INDEX_SPACE, normal_phone(row.phone)), type_ids[row.type])
        found.setdefault(who, Person(*who, place)).rows.append(row)
    return [found[who] for who in sorted(found)]


@dataclass(slots=True)
class _Taken:
    """What the batch did to one alert."""

    person: Person
    code: str
    is_new: bool
    state: str
    grade: str
    area_code: str
    told: tuple[int, ...]
    outside_the_line: tuple[int, ...]
    kind: str


CONFLICT = f"""
    ON CONFLICT (phone_index, type_id) WHERE state IN ({", ".join(f"'{state}'" for state in OPEN)}) DO UPDATE SET
        warnings_joined = held.warnings_joined + excluded.warnings_joined,
        amount_at_risk = GREATEST(held.amount_at_risk, excluded.amount_at_risk),
        name = COALESCE(held.name, excluded.name),
        address = COALESCE(held.address, excluded.address),
        claimed = CASE held.claimed WHEN '' THEN excluded.claimed ELSE held.claimed END,
        changed_at = excluded.changed_at
    RETURNING held.id, (held.xmax = 0), held.phone_index, held.type_id, held.code, held.state, held.grade, held.area_code, held.goes,
        held.desk_code, held.assignee_id, held.stage, held.clock, held.due_at, held.rung_at, held.climbed, held.contacted_at,
        held.last_warning_at, held.snoozed_until
"""
EARLIER = {
    "repeat_of_id": f"""(
        SELECT earlier.id FROM {FraudAlert._meta.db_table} AS earlier WHERE earlier.phone_index = split_part(given.phone, '.', {INDEX_PART})
        ORDER BY earlier.received_at DESC, earlier.id DESC LIMIT 1
    )"""  # noqa: S608 - the model's own table
}
"""The person's latest alert before this batch, wherever it was."""
_RETURNED = (
    "id", "is_new", "phone_index", "type_id", "code", "state", "grade", "area_code", "goes", "desk_code", "assignee_id", "stage", "clock",
    "due_at", "rung_at", "climbed", "contacted_at", "last_warning_at", "snoozed_until",
)  # fmt: skip


def _open_or_join(people: Sequence[Person], source: str, roster: Roster, held: Rules, now: datetime, is_simulated: bool) -> list[_Taken]:
    """Open an alert for each person, or join the open one; the database says which it was."""
    _renew_seals(people)
    desk_open = is_open(held.limits, now)
    desks = [roster.desk_for(held.grades[person.grade], person.found.area_code, desk_open=desk_open) for person in people]
    seal = _sealing(FraudAlert)
    fixed = {
        **blank(FraudAlert),
        "source": source,
        "received_at": now,
        "changed_at": now,
        "with_duty": not desk_open,
        "is_simulated": is_simulated,
    }
    clocks = {
        grade: (*deadlines.stored_clock(policy, Stage.CONTACT, now), policy) for grade, policy in held.grades.items()
    }  # one for each grade: all of a batch begin at the same moment
    rows = []
    for person, desk in zip(people, desks, strict=True):
        grade = person.grade
        kept_clock, due, policy = clocks[grade]
        happened = [row.happened_at for row in person.rows]
        rows.append(
            {
                **fixed,
                "code": new_code(now),
                "state": (AlertState.ASSIGNED if desk else AlertState.NEW).value,
                "grade": grade,
                "rank": RANK[Grade(grade)],
                "type_id": person.type_id,
                "phone": seal("phone", person.rows[0].phone),
                "name": seal("name", person.first("name")),
                "address": seal("address", person.first("address")),
                "claimed": person.first("claimed") or "",
                "area_code": person.found.area_code,
                "match_kind": person.found.kind.value,
                "registration_id": person.found.registration_id,
                "member_id": person.found.member_id,
                "warnings_joined": len(person.rows),
                "first_warning_at": min(happened),
                "last_warning_at": max(happened),
                "goes": desk.goes.value if desk else "",
                "desk_code": desk.area_code if desk else "",
                "assignee_id": desk.assignee_id if desk else None,
                "stage": Stage.CONTACT.value,
                "clock": kept_clock,
                "due_at": due,
                "rung_at": deadlines.rung_times(due, now, policy)[0][1],
                "amount_at_risk": max((row.amount for row in person.rows if row.amount is not None), default=None),
            }
        )
    returned = {
        (one["phone_index"], one["type_id"]): one
        for one in (dict(zip(_RETURNED, line, strict=True)) for line in insert_rows(FraudAlert, rows, tail=CONFLICT, asked=EARLIER))
    }
    return _after(people, desks, returned, roster, held, now)


def _after(
    people: Sequence[Person],
    desks: Sequence[Desk | None],
    returned: Mapping[tuple[str, int], dict],
    roster: Roster,
    held: Rules,
    now: datetime,
) -> list[_Taken]:
    """Tasks for what was opened; grade, clock and window of what was joined."""
    tasks, changes, taken = [], [], []
    for person, desk in zip(people, desks, strict=True):
        row = returned[person.index, person.type_id]
        person.alert_id = row["id"]
        if row["is_new"]:
            if desk:
                tasks.append(
                    {
                        **blank(DissuasionTask), "alert_id": row["id"], "goes": desk.goes.value, "desk_code": desk.area_code,
                        "assignee_id": desk.assignee_id, "state": TaskState.OFFERED.value, "offered_at": now, "due_at": row["due_at"],
                    }
                )  # fmt: skip
            told = _people_of(desk) if desk else tuple(sorted(roster.people_of(Goes.DESK, row["area_code"])))
            taken.append(_taken(person, row, row["grade"], told, desk.goes if desk else None, "alert.received"))
            continue
        change, woken = _joined(person, row, held, now)
        changes.append(change)
        told = (row["assignee_id"],) if woken and row["assignee_id"] else ()
        kind = "alert.joined" if change["grade"] == row["grade"] else "alert.raised"
        taken.append(_taken(person, row, change["grade"], told, Goes(row["goes"]) if row["goes"] else None, kind))
    insert_rows(DissuasionTask, tasks)
    update_rows(FraudAlert, changes)
    return taken


def _taken(person: Person, row: Mapping[str, Any], grade: str, told: tuple[int, ...], goes: Goes | None, kind: str) -> _Taken:
    outside = told if goes in (Goes.GRID_WORKER, Goes.DUTY) else ()
    return _Taken(person, row["code"], row["is_new"], row["state"], grade, row["area_code"], told, outside, kind)


def _people_of(desk: Desk) -> tuple[int, ...]:
    return (desk.assignee_id,) if desk.assignee_id else desk.people


def _joined(person: Person, row: Mapping[str, Any], held: Rules, now: datetime) -> tuple[dict[str, Any], bool]:
    """What further warnings change in an open alert, and whether they are more than a number: graver, or later than the window."""
    latest = max(one.happened_at for one in person.rows)
    renewed = latest - row["last_warning_at"] > timedelta(hours=held.limits.join_hours)
    graver = RANK[Grade(person.grade)] < RANK[Grade(row["grade"])]
    person.came = (Came.RENEWED if renewed else Came.GRAVER if graver else Came.COUNTED).value
    grade = person.grade if graver else row["grade"]
    change = {name: row[name] for name in ("id", "stage", "due_at", "rung_at", "climbed", "contacted_at", "snoozed_until")}
    change |= {
        "clock": orjson.loads(row["clock"]) if row["clock"] else None,
        "grade": grade,
        "rank": RANK[Grade(grade)],
        "last_warning_at": max(latest, row["last_warning_at"]),
    }
    if row["state"] == AlertState.SNOOZED:
        change["snoozed_until"] = now  # the sweep takes it up again: a further warning ends a snooze
    elif row["state"] != AlertState.HANDED_OVER and (renewed or (graver and row["stage"] == Stage.CONTACT)):
        policy = held.grades[grade]
        kept, due = deadlines.stored_clock(policy, Stage.CONTACT, now)
        if renewed or due < row["due_at"]:
            change |= {"stage": Stage.CONTACT.value, "clock": kept, "due_at": due, "climbed": 0}
            change["rung_at"] = deadlines.rung_times(due, now, policy)[0][1]
        if renewed:
            change["contacted_at"] = None
    return change, renewed or graver


def _renew_seals(people: Sequence[Person]) -> None:
    """While an index key is being replaced, open alerts of these people may lie under the old one: bring them over first."""
    current, *old = index_keys()
    if not old:
        return
    phones = {normal_phone(one.rows[0].phone) for one in people}
    under_old = [key.index(INDEX_SPACE, phone) for phone in phones for key in old]
    rows = FraudAlert.objects.unscoped("the same rows under a new key").open().filter(phone_index__among=under_old)
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        row.phone = open_sealed(row.phone)
        row.save(update_fields=["phone"])


def _sealing(model: type) -> Callable[[str, str | None], Sealed | None]:
    """Seals a text for a column of the model."""
    fields = {name: model._meta.get_field(name) for name in ("phone", "name", "address")}  # type: ignore[attr-defined]
    return lambda name, text: fields[name].wrap(text) if text else None


def _keep_warnings(people: Sequence[Person], source: str, now: datetime, is_simulated: bool) -> None:
    """The warnings themselves, as they came in."""
    seal = _sealing(FraudWarning)
    insert_rows(
        FraudWarning,
        [
            {
                "source": source, "external_id": row.external_id, "alert_id": person.alert_id, "received_at": now,
                "happened_at": row.happened_at, "type_id": person.type_id, "grade": row.grade, "phone": seal("phone", row.phone),
                "name": seal("name", row.name), "address": seal("address", row.address), "amount_at_risk": row.amount,
                "digest": row.digest, "is_simulated": is_simulated, "claimed": row.claimed, "came": person.came,
            }
            for person in people
            for row in person.rows
        ],
    )  # fmt: skip


class _Named:
    """What the ledger asks of a row: key, label and kind. A whole row of sixty columns takes longer to make than its entry to write."""

    _meta = FraudAlert._meta

    def __init__(self, pk: int, code: str) -> None:
        self.pk, self.code = pk, code

    def __str__(self) -> str:
        return self.code


def _write_down(actor: Actor, source: str, taken: Sequence[_Taken], accepted: int, rejected: Sequence[Rejected]) -> None:
    """One entry for each alert, one for the batch."""
    detail = {"source": source, "accepted": accepted, "rejected": len(rejected), "alerts": len(taken)}
    lines = [
        Line(
            cast(FraudAlert, _Named(one.person.alert_id, one.code)),
            one.area_code,
            detail={"grade": one.grade, "warnings": len(one.person.rows)},
            verb=one.kind,
        )
        for one in taken
    ]
    lines.append(Line(area_code=taken[0].area_code[:6], detail=detail))
    record_many(actor=actor, verb="warnings.received", lines=lines)


def _tell(taken: Sequence[_Taken], roster: Roster) -> None:
    """The desks and people who are asked, and everybody's screens."""
    notices.tell_arrived(
        ((user_id, one.code) for one in taken for user_id in one.told),
        [notices.Happened(one.kind, one.code, one.grade, one.state, one.area_code, one.outside_the_line) for one in taken],
    )
