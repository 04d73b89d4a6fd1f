"""Taking a batch in, and managing the systems that may send one."""

import re
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor, system_actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.accounts.scope import Scope
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.sealed import open_sealed
from tongshan_portal.ledger.public import record

from ..conf import limit
from ..importers import Outcome
from ..settling import settle
from . import signing
from .models import OutsideSystem, UsedNonce
from .problems import Refused
from .registry import Answer, Intake, RowProblem, RowRefused, Sender, Taken

NONCE = re.compile(r"^[A-Za-z0-9._~-]{16,64}$")
HEARD = timedelta(seconds=1)
"""When a system was last heard is kept to the second: fifty calls a second need not write it fifty times."""
NOBODY = "no system has this key"
ACTS_AS = "outside/"
"""What the name of an outside system begins with in the ledger; no person's and no part of the portal's does."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it came: headers by their names in `signing`, the body as bytes, where from."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    ip: str = ""
    request_id: str = ""


@dataclass(slots=True)
class Received:
    """What became of a batch: row number → Taken, and the problems of the others."""

    taken: dict[int, Taken] = field(default_factory=dict)
    problems: dict[int, list[RowProblem]] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        found = Counter(one.outcome for one in self.taken.values())
        return {f"{outcome.value}_rows": found[outcome] for outcome in Outcome}

    def errors(self) -> list[dict[str, Any]]:
        return [
            {"row": number, "field": one.field, "sentence": one.sentence}
            for number, problems in sorted(self.problems.items())
            for one in problems
        ]


def receive(*, intake: Intake, call: Call, now: datetime | None = None) -> Received:
    """Take a batch in: who, whether, how often, then its rows, in one transaction with its entry in the ledger.

    Raises Refused: 401 unsigned, wrongly signed or out of its time; 403 not for this system; 409 sent before; 413 too much; 422 not to be
    read, or no row good; 429 too often. Good rows of a batch are kept whatever the others are.
    """
    now = now or clock.now()
    system = _admitted(intake, call, now)
    rows = _rows(call.body)
    actor = Actor(None, Scope(None, (), clock.today()), ACTS_AS + system.code, call.ip, call.request_id)
    received = Received()
    parsed = _parsed(intake, rows, received)
    with transaction.atomic():
        _settle(intake, Sender(system, actor), parsed, now, received)
        detail = {"system": system.name, "kind": intake.name, "rows": len(rows), **received.counts(), "bad_rows": len(received.problems)}
        record(actor=actor, verb="intake.received", row=system, area_code=system.area_code, detail=detail)
    if rows and not received.taken:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, _("No row of the batch could be taken."), received.errors())
    return received


def _admitted(intake: Intake, call: Call, now: datetime) -> OutsideSystem:
    """The system that signed the call, if it may send this kind now; its nonce is used from here on, whatever comes of the batch."""
    system = OutsideSystem.objects.filter(code=call.headers.get(signing.SYSTEM, "")[:40]).first()
    try:
        _identify(system, call, now)
        _allow(system, intake, call)
        _use_nonce(system, call.headers[signing.NONCE], now)
    except Refused as refused:
        _keep_refusal(system, refused, now)
        raise
    return system


def _identify(system: OutsideSystem | None, call: Call, now: datetime) -> None:
    """401 unless the call is whole, of this time, and signed with the key of the system."""
    if missing := [name for name in signing.HEADERS if not call.headers.get(name)]:
        raise Refused(HTTPStatus.UNAUTHORIZED, _("These headers are missing: %(names)s.") % {"names": ", ".join(missing)})
    timestamp, nonce = call.headers[signing.TIMESTAMP], call.headers[signing.NONCE]
    window = limit("INTAKE_WINDOW_SECONDS")
    if not re.fullmatch(r"\d{1,12}", timestamp, re.ASCII) or abs(now.timestamp() - int(timestamp)) > window:
        words = {"minutes": window // 60, "now": int(now.timestamp())}
        raise Refused(
            HTTPStatus.UNAUTHORIZED, _("The call is not of the last %(minutes)d minutes; the portal's clock says %(now)d.") % words
        )
    if not NONCE.fullmatch(nonce):
        raise Refused(HTTPStatus.UNAUTHORIZED, _("A nonce has 16 to 64 letters, digits, dots, dashes, underscores or tildes."))
    signed = signing.is_signed(
        call.headers[signing.SIGNATURE],
        # A system that is not there takes the same time and gets the same answer as a wrong key.
        key=open_sealed(system.key) if system is not None else NOBODY,
        algorithm=system.algorithm if system is not None else "hmac-sha256",
        method=call.method,
        path=call.path,
        timestamp=timestamp,
        nonce=nonce,
        body=call.body,
    )
    if system is None or not signed:
        raise Refused(HTTPStatus.UNAUTHORIZED, _("The signature does not fit the system and the call."))


def _allow(system: OutsideSystem, intake: Intake, call: Call) -> None:
    """403 unless the system is in use, may send this kind, and calls from where it may."""
    if not system.in_use:
        raise Refused(HTTPStatus.FORBIDDEN, _("This system is not in use at present."))
    if intake.name not in system.kinds:
        raise Refused(HTTPStatus.FORBIDDEN, _("This system may not send rows of this kind."))
    if system.addresses and not _is_among(call.ip, system.addresses):
        raise Refused(HTTPStatus.FORBIDDEN, _("This system may not call from this address."))


def _is_among(ip: str, networks: Sequence[str]) -> bool:
    try:
        place = ip_address(ip)
    except ValueError:
        return False
    return any(place in ip_network(network, strict=False) for network in networks)


@transaction.atomic
def _use_nonce(system: OutsideSystem, nonce: str, now: datetime) -> None:
    """429 when the minute is full, 409 when the nonce was used. One call of a system at a time passes here, so that both are exact."""
    held = OutsideSystem.objects.select_for_update(of=("self",), no_key=True).get(pk=system.pk)
    lately = Q(at__gt=now - timedelta(minutes=1))
    found = held.nonces.filter(lately | Q(nonce=nonce)).aggregate(used=Count("pk", filter=Q(nonce=nonce)), calls=Count("pk", filter=lately))
    if found["used"]:
        raise Refused(HTTPStatus.CONFLICT, _("This call was sent before: every call, also a repeated one, has a nonce of its own."))
    if found["calls"] >= held.per_minute:
        words = {"count": held.per_minute}
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, _("At most %(count)d calls a minute. Send more rows in each.") % words, retry_after=60)
    UsedNonce.objects.create(system=held, nonce=nonce, at=now)
    if held.heard_at is None or now - held.heard_at > HEARD:
        held.heard_at = now
        held.save(update_fields=["heard_at"])


def _keep_refusal(system: OutsideSystem | None, refused: Refused, now: datetime) -> None:
    """What was refused in the name of a known system is in the ledger, once a minute: a flood of calls is no flood of entries."""
    if system is None:
        return
    quiet = Q(refused_at=None) | Q(refused_at__lt=now - timedelta(minutes=1))
    with transaction.atomic():
        if OutsideSystem.objects.filter(quiet, pk=system.pk).update(refused_at=now):
            detail = {"status": refused.status.value}
            record(actor=system_actor("intake"), verb="intake.refused", row=system, reason=refused.sentence, detail=detail)


def _rows(body: bytes) -> list[Any]:
    """The rows of a batch: `{"rows": […]}`. Raises Refused."""
    try:
        batch = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused(
            HTTPStatus.UNPROCESSABLE_ENTITY, _("The body is not JSON in UTF-8: %(error)s") % {"error": str(error)[:120]}
        ) from error
    rows = batch.get("rows") if isinstance(batch, dict) else None
    if not isinstance(rows, list) or not rows:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, _("The body is an object with a list “rows” that is not empty."))
    if len(rows) > limit("INTAKE_MAX_ROWS"):
        words = {"count": limit("INTAKE_MAX_ROWS")}
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("A batch has at most %(count)d rows.") % words)
    return rows


def _parsed(intake: Intake, rows: Sequence[Any], received: Received) -> list[tuple[int, Any]]:
    found = []
    for number, raw in enumerate(rows):
        if not isinstance(raw, dict):
            received.problems[number] = [RowProblem("", _("A row is an object with named fields."))]
            continue
        try:
            found.append((number, intake.parse_row(raw)))
        except RowRefused as refused:
            received.problems[number] = list(refused.problems)
    return found


def _settle(intake: Intake, sender: Sender, rows: Sequence[tuple[int, Any]], now: datetime, received: Received) -> None:
    """Write the rows; those that the app or the database refuses are refused alone."""

    def write(part: Sequence[tuple[int, Any]]) -> Sequence[Answer]:
        return intake.write_rows(sender, [row for _number, row in part], now)

    for (number, _row), answer in zip(rows, settle(rows, write), strict=True):
        if isinstance(answer, Taken):
            received.taken[number] = answer
        else:
            problem = answer if isinstance(answer, RowProblem) else RowProblem(answer.field or "", str(answer))
            received.problems[number] = [problem]


def forget_nonces(*, now: datetime | None = None) -> int:
    """Forget nonces whose calls are out of their time anyway; answers how many."""
    old = (now or clock.now()) - timedelta(seconds=3 * limit("INTAKE_WINDOW_SECONDS"))
    return UsedNonce.objects.filter(at__lt=old).delete()[0]


CHANGEABLE = ("name", "kinds", "area_code", "algorithm", "addresses", "per_minute", "in_use")


@transaction.atomic
def create_system(*, actor: Actor, code: str, now: datetime | None = None, **fields: Any) -> tuple[OutsideSystem, str]:
    """Set up an outside system; answers it and its key, which nobody can read again. Raises NotAllowed, DomainError."""
    require(actor, "outside_systems.manage")
    if OutsideSystem.objects.filter(code=code).exists():
        raise DomainError(_("There is a system of this code already."), field="code")
    key = secrets.token_urlsafe(32)
    system = OutsideSystem(code=code, key=key, key_made_at=now or clock.now(), **_checked(fields))
    system.save(force_insert=True)
    record(actor=actor, verb="outside_system.created", row=system, area_code=system.area_code, detail={"kinds": system.kinds})
    return system, key


@transaction.atomic
def change_system(*, actor: Actor, system_id: int, **fields: Any) -> OutsideSystem:
    """Change what a system may. Raises OutsideSystem.DoesNotExist, NotAllowed, DomainError."""
    system = OutsideSystem.objects.select_for_update(of=("self",)).get(pk=system_id)
    require(actor, "outside_systems.manage")
    changed = {}
    for name, value in _checked(fields).items():
        if getattr(system, name) != value:
            changed[name] = [getattr(system, name), value]
            setattr(system, name, value)
    if changed:
        system.save(update_fields=list(changed))
        record(actor=actor, verb="outside_system.changed", row=system, area_code=system.area_code, detail={"changed": changed})
    return system


@transaction.atomic
def renew_key(*, actor: Actor, system_id: int, now: datetime | None = None) -> str:
    """Make a new key; the old one is void at once. Answers the key. Raises OutsideSystem.DoesNotExist, NotAllowed."""
    system = OutsideSystem.objects.select_for_update(of=("self",)).get(pk=system_id)
    require(actor, "outside_systems.manage")
    key = secrets.token_urlsafe(32)
    system.key, system.key_made_at = key, now or clock.now()  # type: ignore[assignment]  # sealed as it is assigned
    system.save(update_fields=["key", "key_made_at"])
    record(actor=actor, verb="outside_system.key_renewed", row=system, area_code=system.area_code)
    return key


def _checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that may be set. Raises DomainError."""
    found = {name: fields[name] for name in CHANGEABLE if name in fields}
    check_addresses(found.get("addresses") or ())
    return found


def check_addresses(addresses: Sequence[str]) -> None:
    """Raises DomainError for what is no address or network."""
    for address in addresses:
        try:
            ip_network(address, strict=False)
        except ValueError:
            raise DomainError(_("“%(text)s” is no address or network.") % {"text": address[:43]}, field="addresses") from None
