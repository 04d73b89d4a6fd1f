"""Existing registrations from files: one per number, the newest consent wins, and a withdrawal is never undone by an older consent."""

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.exchange.public import Outcome, merge_rows
from tongshan_portal.kernel.sealed import Sealed

from ..enums import LIVE, Origin, State
from ..models import FamilyMember, Registration
from ..phones import indexes_of
from ..workflow import STEPS
from .counting import count_once
from .registering import new_number

_WHY = "a number has one registration over the whole district; the right in each row's area was asked by the batch"
_FIELDS = [
    "number", "phone", "name", "area_code", "follows", "consent_basis", "consented_at", "state", "origin", "external_id", "created_at",
    "registered_at", "withdrawn_at",
]  # fmt: skip
TWICE = gettext_lazy("another row of the file has the same number and a newer consent")
NEWER = gettext_lazy("a newer consent is held for this number")
WITHDREW = gettext_lazy("the holder withdrew later than this consent")
OTHER = gettext_lazy("this number is registered under another number of a file")
Merged = list[tuple[str, str | Promise]]


@dataclass(frozen=True, slots=True)
class Given:
    """One registration as a file has it."""

    external_id: str
    phone: str
    name: str
    area_code: str
    consented_on: date
    consent_basis: str
    follows: bool


class _Held:
    """What is held of the numbers and file numbers of a batch; one query."""

    def __init__(self, indexes: Iterable[str], external_ids: Iterable[str]):
        rows = Registration.objects.unscoped(_WHY)
        self.live: dict[str, Registration] = {}
        self.withdrawn: dict[str, Registration] = {}
        self.by_id: dict[str, Registration] = {}
        wanted = set(indexes)
        for row in rows.filter(Q(phone_index__among=list(wanted)) | Q(external_id__among=list(external_ids))).order_by("pk"):
            if row.external_id:
                self.by_id[row.external_id] = row
            if row.phone_index in wanted:
                (self.live if row.state in LIVE else self.withdrawn)[str(row.phone_index)] = row


def _newest(rows: Sequence[Given], keys: Sequence[str], merged: Merged) -> list[tuple[Given, int]]:
    """One row per number with its place in the batch: of several the newest consent, of equals the last."""
    best: dict[str, int] = {}
    for place, (row, key) in enumerate(zip(rows, keys, strict=True)):
        other = best.get(key)
        if other is None:
            best[key] = place
            continue
        loser, best[key] = (other, place) if row.consented_on >= rows[other].consented_on else (place, other)
        merged.append((rows[loser].external_id, TWICE))
    return [(rows[place], place) for place in best.values()]


def plan_registrations(*, rows: Sequence[Given]) -> Counter[Outcome]:
    """How many would be new, and how many of a number that is held. Nothing is written."""
    keys = {indexes_of(row.phone)[0] for row in rows}
    known = Registration.objects.unscoped(_WHY).filter(phone_index__among=list(keys), state__in=LIVE).count()
    new = len(keys) - known
    return Counter({Outcome.CREATED: new, Outcome.CHANGED: known, Outcome.UNCHANGED: len(rows) - len(keys)})


@transaction.atomic
def import_registrations(*, actor: Actor, rows: Sequence[Given], now: datetime) -> tuple[Counter[Outcome], Merged]:
    """Write a batch; answers what came of it and which rows were merged, with the reason. A second run of the same rows writes nothing.

    The run is in the ledger. Raises NotAllowed.
    """
    require(actor, "registrations.import")
    every = [indexes_of(row.phone) for row in rows]
    merged: Merged = []
    with ThreadPoolExecutor(1, "seal") as sealing:
        # Sealing needs the processor, looking up waits for the database.
        sealed = sealing.submit(lambda: [(_sealed("phone", row.phone), _sealed("name", row.name)) for row in rows])
        held = _Held(chain.from_iterable(every), [row.external_id for row in rows])
        chosen = _newest(rows, [found[0] for found in every], merged)
    texts, outcome, lines, touched, moved = sealed.result(), Counter(), [], set(), []
    outcome[Outcome.UNCHANGED] = len(merged)
    changed: set[str | None] = set()
    for row, place in chosen:
        target, refusal = _target(row, every[place], held)
        if refusal is None and target is not None and target.pk in touched:
            refusal = TWICE
        if refusal is not None:
            merged.append((row.external_id, refusal))
            outcome[Outcome.UNCHANGED] += 1
            continue
        if target is not None:
            touched.add(target.pk)
            if _same(target, row, every[place]):
                outcome[Outcome.UNCHANGED] += 1
                continue
            changed.add(target.phone_index)
            if target.area_code != row.area_code:
                moved.append(target.pk)
        changed.add(every[place][0])
        outcome[Outcome.CREATED if target is None else Outcome.CHANGED] += 1
        lines.append(_line(row, target, *texts[place], now))
    if lines:
        merge_rows(Registration, lines, fields=_FIELDS, key=["number"])
        _follow(changed, moved)
    return outcome, merged


def _target(row: Given, indexes: list[str], held: _Held) -> tuple[Registration | None, str | Promise | None]:
    """Which registration a row is about (None: a new one), or the reason why it is about none."""
    live = next((held.live[index] for index in indexes if index in held.live), None)
    named = held.by_id.get(row.external_id)
    if live is not None:
        if named is not None and named.pk != live.pk:
            return None, OTHER
        newer = live.state == State.REGISTERED and timezone.localdate(live.consented_at) > row.consented_on
        return live, NEWER if newer else None
    before = next((held.withdrawn[index] for index in indexes if index in held.withdrawn), None)
    if named is not None and before is not None and named.pk != before.pk:
        return None, OTHER
    before = before or named
    if before is None:
        return None, None
    if before.withdrawn_at is not None and timezone.localdate(before.withdrawn_at) >= row.consented_on:
        return before, WITHDREW
    if timezone.localdate(before.consented_at) > row.consented_on:
        return before, NEWER
    return before, None


def _same(held: Registration, row: Given, indexes: list[str]) -> bool:
    """Whether the file says what is held. Sealing twice gives two values: numbers are compared by their blind index, names in the open."""
    plain = (held.state, held.external_id, held.area_code, held.follows, held.consent_basis, timezone.localdate(held.consented_at))
    if plain != (State.REGISTERED, row.external_id, row.area_code, row.follows, row.consent_basis, row.consented_on):
        return False
    if held.phone_index not in indexes:
        return False
    return held.name.same_as(row.name) if held.name is not None and row.name else held.name is None and not row.name


def _line(row: Given, held: Registration | None, phone: Sealed | None, name: Sealed | None, now: datetime) -> tuple:
    consented_at = _midnight(row.consented_on)
    number, origin, created_at = (held.number, held.origin, held.created_at) if held else (new_number(), Origin.IMPORT, now)
    if held is not None and held.state != State.REGISTERED:
        STEPS.find(held.state, "confirm" if held.state == State.PENDING else "renew")
    registered_at = held.registered_at if held is not None and held.state == State.REGISTERED else now
    return (
        number, phone, name, row.area_code, row.follows, row.consent_basis, consented_at, State.REGISTERED.value, str(origin),
        row.external_id, created_at, registered_at, None,
    )  # fmt: skip


_midnights: dict[date, datetime] = {}


def _midnight(day: date) -> datetime:
    """The beginning of a day in the district; days repeat."""
    if day not in _midnights:
        if len(_midnights) > 10_000:
            _midnights.clear()
        _midnights[day] = timezone.make_aware(datetime.combine(day, time()))
    return _midnights[day]


def _sealed(name: str, text: str) -> Sealed | None:
    """A text sealed for its column, in full: its stored form is made here, not when it is written."""
    value = Registration._meta.get_field(name).wrap(text)  # type: ignore[union-attr]
    if value is not None:
        _ = value.stored
    return value


def _follow(changed: set[str | None], moved: list[int]) -> None:
    """Families move along, and a number that is registered now counts no longer as a member's."""
    members = FamilyMember.objects.unscoped(_WHY)
    if moved:
        area = Registration.objects.unscoped(_WHY).filter(pk=OuterRef("registration_id")).values("area_code")[:1]
        members.filter(registration_id__in=moved).update(area_code=Subquery(area))
    wanted = [index for index in changed if index]
    count_once(members.filter(phone_index__among=wanted).values_list("phone_index", flat=True).distinct())
