"""Proving a number: a code is sent, entered, and opens for half an hour what is kept of the number."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.kernel.identity import mobile_number
from tongshan_portal.kernel.sealed import open_sealed
from tongshan_portal.ledger.public import record
from tongshan_portal.live.public import publish

from .. import sms
from ..enums import Purpose, State
from ..models import PhoneCode, Registration
from ..phones import indexes_of
from ..settings import CODE_DIGITS, CODE_GUESSES, CODE_LASTS, CODE_PAUSE, CODES_PER_DAY, PROOF_LASTS
from ..workflow import STEPS
from .counting import count_once
from .sending import queue_message


def _digest(pk: UUID, code: str) -> str:
    return salted_hmac("registrations.code", f"{pk}\0{code}", algorithm="sha256").hexdigest()


def shown_key(pk: UUID) -> str:
    """Under which the demo keeps a code for its page; nothing else ever does."""
    return f"bell:shown:{pk}"


@transaction.atomic
def ask_code(*, actor: Actor, phone: str, now: datetime | None = None) -> PhoneCode:
    """Send a code to a number whose holder wants to see what is kept. The same happens for every number, known or not.

    Raises DomainError for what is no mobile number, or for a code too soon after another.
    """
    return make_code(phone=mobile_number(phone, field="phone"), purpose=Purpose.MANAGE, registration=None, now=now or clock.now())


@transaction.atomic
def ask_again(*, actor: Actor, code_id: UUID, now: datetime | None = None) -> PhoneCode:
    """Send a fresh code in place of one that did not arrive. Raises PhoneCode.DoesNotExist, DomainError when it is too soon."""
    old = PhoneCode.objects.select_for_update().get(pk=code_id, used_at=None)
    moment = now or clock.now()
    if old.created_at < moment - timedelta(days=1):
        raise DomainError(_("This page is too old. Please begin again."))
    return make_code(phone=open_sealed(old.phone), purpose=old.purpose, registration=old.registration, now=moment)


def make_code(*, phone: str, purpose: str, registration: Registration | None, now: datetime) -> PhoneCode:
    """A new code, its message in the outbox; earlier codes of the number end. Within the caller's transaction. Raises DomainError."""
    rows = PhoneCode.objects.filter(phone_index__in=indexes_of(phone))
    latest = rows.order_by("-created_at").first()
    if latest is not None and latest.used_at is None and latest.created_at > now - CODE_PAUSE:
        wait = int((latest.created_at + CODE_PAUSE - now).total_seconds()) + 1
        raise DomainError(
            _("A code was sent a moment ago. You can ask for another in %(seconds)d seconds.") % {"seconds": wait}, field="phone"
        )
    if rows.filter(created_at__gt=now - timedelta(days=1)).count() >= CODES_PER_DAY:
        raise DomainError(_("Too many codes were asked for this number today. Please try again tomorrow."), field="phone")
    rows.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    row = PhoneCode(purpose=purpose, phone=phone, registration=registration, created_at=now, expires_at=now + CODE_LASTS)
    row.code_hash = _digest(row.pk, code)
    row.save(force_insert=True)
    minutes = int(CODE_LASTS.total_seconds() // 60)
    words = _("Your code is %(code)s, good for %(minutes)d minutes. Nobody of the police or the portal will ever ask you for it.")
    queue_message(phone=phone, words=words % {"code": code, "minutes": minutes}, code=row, lasts=CODE_LASTS, now=now)
    if settings.DEMO_MODE and sms.gateway().shows:
        transaction.on_commit(lambda: cache.set(shown_key(row.pk), code, timeout=int(CODE_LASTS.total_seconds())))
    return row


def enter_code(*, actor: Actor, code_id: UUID, code: str, now: datetime | None = None) -> PhoneCode:
    """Prove the number. A right code works once and completes the registration it was sent for.

    Raises PhoneCode.DoesNotExist, DomainError for a wrong, used or ended code; a wrong guess is counted whatever happens after it.
    """
    moment = now or clock.now()
    with transaction.atomic():
        row = PhoneCode.objects.select_for_update().get(pk=code_id)
        problem = _try(row, code, moment)
        if not problem and row.registration_id is not None:  # type: ignore[attr-defined]
            _complete(actor, row.registration_id, moment)  # type: ignore[attr-defined]
    if problem:
        raise DomainError(problem, field="code")
    return row


def _try(row: PhoneCode, code: str, now: datetime) -> str:
    """Use one attempt; the sentence why not, or nothing."""
    if row.used_at is not None or row.expires_at <= now or row.attempts >= CODE_GUESSES:
        return _("This code is not good any more. Please ask for a new one.")
    row.attempts += 1
    given = "".join(code.split())
    if constant_time_compare(_digest(row.pk, given), row.code_hash):
        row.used_at = now
        row.save(update_fields=["attempts", "used_at"])
        return ""
    row.save(update_fields=["attempts"])
    return _("This is not the code. %(left)d attempts are left.") % {"left": CODE_GUESSES - row.attempts}


def _complete(actor: Actor, registration_id: int, now: datetime) -> None:
    row = Registration.objects.locked(pk=registration_id)
    if row.state != State.PENDING:
        return  # registered before: the code only opens what is kept
    step = STEPS.find(row.state, "confirm")
    row.state, row.registered_at = step.target(row.state), now
    row.save(update_fields=["state", "registered_at"])
    count_once([row.phone_index])
    record(actor=actor, verb="registration.confirmed", row=row)
    publish(topic="registrations", kind="registration.confirmed", area_code=row.area_code, line={"area": row.area_code})


def require_proof(proof: PhoneCode | None, now: datetime) -> PhoneCode:
    """The proof, when it still opens something. Raises NotAllowed."""
    if proof is None or proof.used_at is None or proof.used_at <= now - PROOF_LASTS:
        raise NotAllowed(_("Please confirm your number again: what is kept of it is shown for half an hour only."))
    return proof


def indexes_of_proof(proof: PhoneCode) -> list[str]:
    """The blind indexes under which rows of the proved number lie."""
    return indexes_of(open_sealed(proof.phone))
