"""Sessions: how long they live, and how one is ended from elsewhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.scope import Scope
from tongshan_portal.kernel.errors import DomainError

from . import factors, passwords, records
from .records import Ended
from .signals import session_ended

OPENED = "signin_opened"  # when the session was opened, seconds since 1970
SEEN = "signin_seen"  # when its person last asked for something, exact to a minute
EXACT_TO = 60
PASSWORD_DUE = "signin_password_due"  # noqa: S105 – when the password must be changed, seconds since 1970, and of which password
FACTOR_SEEN = "signin_factor"  # this person has a second factor


def ended_by_time(session, now: datetime) -> Ended | None:
    """Whether a session is past its idle time or its lifetime (ASVS 7.3.1, 7.3.2). `session` is a store or its dictionary."""
    moment = now.timestamp()
    opened, seen = session.get(OPENED), session.get(SEEN)
    if opened is not None and moment - opened >= settings.SESSION_COOKIE_AGE:
        return Ended.LIFETIME
    if seen is not None and moment - seen >= settings.SESSION_IDLE_SECONDS:
        return Ended.IDLE
    return None


def begin(session, user, now: datetime) -> None:
    """Note when the session was opened, and until when the password holds."""
    session[OPENED] = session[SEEN] = now.timestamp()
    note_password(session, user)


def note_password(session, user) -> float | None:
    """Note when the password must be changed (seconds since 1970, or None), beside a mark of the password it is said of."""
    due = passwords.expires_at(user)
    moment = due.timestamp() if due else None
    session[PASSWORD_DUE] = [password_mark(session), moment]
    return moment


def password_mark(session) -> str:
    """Another one after every change of the password."""
    return session.get(HASH_SESSION_KEY, "")[:12]


def keep_awake(session, now: datetime) -> None:
    """Note that the person is there; writes at most once a minute."""
    moment = now.timestamp()
    session.setdefault(OPENED, moment)
    if moment - session.get(SEEN, 0) >= EXACT_TO:
        session[SEEN] = moment
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=now)


def may_listen(user, held: Mapping[str, Any], scope: Scope, now: datetime) -> bool:
    """Whether a session whose dictionary is `held` may keep a live stream open: the same that a page asks of it.

    No query: what pages found out about the password's age and the second factor stands in the session.
    """
    if ended_by_time(held, now):
        return False
    due = (held.get(PASSWORD_DUE) or (None, None))[1]
    if due is not None and now.timestamp() >= due:
        return False
    return bool(held.get(FACTOR_SEEN)) or not factors.is_required(scope.roles)


def tell_ended(session_key: str | None, user_id: int | None, why: Ended) -> None:
    """Send `session_ended` once the transaction is through."""
    if session_key:
        transaction.on_commit(lambda: session_ended.send(sender=UserSession, session_key=session_key, user_id=user_id, reason=why))


def _end(session: UserSession, why: Ended) -> None:
    key, user_id = session.session_key, session.user_id
    session.end()
    tell_ended(key, user_id, why)


@transaction.atomic
def revoke_session(*, actor: Actor, session_id: int) -> None:
    """End one session of the actor. Raises DomainError when it is none of theirs, or gone already."""
    session = UserSession.objects.select_for_update().filter(pk=session_id, user_id=actor.user_id).first()
    if session is None:
        raise DomainError(_("This session has ended already."))
    _end(session, Ended.REVOKED)
    records.session_revoked(actor, actor.user, number=1)


@transaction.atomic
def end_others(*, actor: Actor, keep: str | None, why: Ended) -> int:
    """End all sessions of the actor but the one with the key `keep`. Returns how many."""
    others = list(UserSession.objects.select_for_update().filter(user_id=actor.user_id).exclude(session_key=keep or "").order_by("pk"))
    for session in others:
        _end(session, why)
    if others and why is Ended.REVOKED:
        records.session_revoked(actor, actor.user, number=len(others))
    return len(others)


@transaction.atomic
def end_all_of(user_id: int, why: Ended) -> int:
    """End every session of a person, who is no longer allowed in. Returns how many."""
    sessions = list(UserSession.objects.select_for_update().filter(user_id=user_id).order_by("pk"))
    for session in sessions:
        _end(session, why)
    return len(sessions)
