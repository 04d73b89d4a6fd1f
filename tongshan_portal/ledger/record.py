"""Writing to the ledger: called by actions inside their transaction, so that what happened and its entry are kept or lost together."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import orjson
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Model

from tongshan_portal.kernel import clock
from tongshan_portal.kernel.copying import copy_lines
from tongshan_portal.kernel.copying import field as copied

from .models import LedgerEntry
from .parts import PREFIX
from .verbs import is_registered

logger = logging.getLogger(__name__)


class ActorLike(Protocol):
    """What the ledger needs to know of an actor (accounts.actor.Actor is one)."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def ip(self) -> str: ...
    @property
    def request_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PortalPart:
    """A part of the portal that acts by itself, for floors below accounts."""

    part: str
    user_id: None = None
    ip: str = ""
    request_id: str = ""

    @property
    def name(self) -> str:
        return PREFIX + self.part


@dataclass(frozen=True, slots=True)
class Line:
    """One of many entries: what `record_many` writes. `verb` where it is another than theirs."""

    row: Model | None = None
    area_code: str = ""
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    verb: str = ""


def _text(text: str, limit: int) -> str:
    # PostgreSQL keeps no NUL; a ledger line is one line.
    return text.replace("\x00", "")[:limit]


def _entry(actor: ActorLike, verb: str, line: Line, at: datetime) -> LedgerEntry:
    row = line.row
    return LedgerEntry(
        at=at,
        actor_id=actor.user_id,
        actor_label=_text(actor.name, 120),
        verb=verb,
        object_type=row._meta.label_lower if row is not None else "",
        object_id=str(row.pk)[:60] if row is not None else "",
        object_label=_text(str(row), 200) if row is not None else "",
        area_code=line.area_code or getattr(row, "area_code", "") or "",
        reason=_text(line.reason, 2000),
        detail=dict(line.detail),
        ip=actor.ip or None,
        request_id=_text(actor.request_id, 40),
    )


def _known(verb: str) -> None:
    if is_registered(verb):
        return
    if settings.LEDGER_STRICT:
        raise LookupError(f"the verb {verb} has no presenter: register it with ledger.public.register_verbs()")
    logger.warning("ledger: verb %s has no presenter", verb)


def record(
    *,
    actor: ActorLike,
    verb: str,
    row: Model | None = None,
    area_code: str = "",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> LedgerEntry:
    """Write one entry. `verb` is registered (`noun.past_participle`); `row` the object, whose label is frozen.

    `detail` is JSON without personal data: `{"changed": {"field": [before, after]}}`, counts, keys.
    """
    _known(verb)
    entry = _entry(actor, verb, Line(row, area_code, reason, detail or {}), clock.now())
    entry.save(force_insert=True)
    return entry


_COPIED = "at, actor_id, actor_label, verb, object_type, object_id, object_label, area_code, reason, detail, ip, request_id"


def record_many(*, actor: ActorLike, verb: str, lines: Iterable[Line]) -> int:
    """Write one entry per line, of one verb (unless a line has its own) and one moment, as one stream; answers how many. Bounded memory.

    `lines` must not read from the database: the stream has the connection.
    """
    _known(verb)
    count = 0
    # What all have in common is written in COPY's form once and for all.
    who = "\t".join(map(copied, (clock.now(), actor.user_id, _text(actor.name, 120))))
    begin = f"{who}\t{copied(verb)}"
    end = "\t".join(map(copied, (actor.ip or None, _text(actor.request_id, 40))))

    def written() -> Iterator[str]:
        nonlocal count
        for line in lines:
            count += 1
            if line.verb:
                _known(line.verb)
            row = line.row
            what = "\t\t" if row is None else f"{row._meta.label_lower}\t{copied(str(row.pk)[:60])}\t{copied(_text(str(row), 200))}"
            area = line.area_code or getattr(row, "area_code", "") or ""
            head = f"{who}\t{copied(line.verb)}" if line.verb else begin
            yield f"{head}\t{what}\t{copied(area)}\t{copied(_text(line.reason, 2000))}\t{copied(_json(line.detail))}\t{end}\n"

    with connection.cursor() as cursor:
        copy_lines(cursor, f"ledger_ledgerentry ({_COPIED})", written())
    return count


_DJANGO = DjangoJSONEncoder().default


def _json(detail: Mapping[str, Any]) -> str:
    return orjson.dumps(dict(detail), default=_DJANGO, option=orjson.OPT_NON_STR_KEYS).decode()
