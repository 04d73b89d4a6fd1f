"""Who may listen: the same rules as for a page, without the middleware stack. Blocking functions, called in threads.

A session must exist, be within its times, belong to an active person whose password has not changed since, who has nothing due
first (a new password, a second factor). What the sign-in decides it registers here, so that it is decided once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from tongshan_portal.accounts.scope import Scope, scope_of, scopes_of
from tongshan_portal.kernel import clock

Condition = Callable[[Any, Mapping[str, Any], Scope, datetime], bool]
"""(user, what the session holds, scope, now): whether the person may listen."""

_conditions: list[Condition] = []


@dataclass(frozen=True, slots=True)
class Pass:
    """That somebody may listen, as of `day`."""

    session_key: str
    scope: Scope
    day: date

    @property
    def user_id(self) -> int:
        assert self.scope.user_id is not None
        return self.scope.user_id


def register_condition(condition: Condition) -> None:
    """Add a rule that every listener must meet, at the start and while the stream is open."""
    if condition not in _conditions:
        _conditions.append(condition)


def digest_of(session_key: str) -> str:
    """What stands for a session in an event: the key itself would open the session."""
    return sha256(session_key.encode()).hexdigest()[:32]


def admit(session_key: str) -> Pass | None:
    """The pass of a session that is good now, or None."""
    held = import_module(settings.SESSION_ENGINE).SessionStore(session_key).load() if session_key else {}
    user = get_user_model().objects.filter(pk=held[SESSION_KEY], is_active=True).first() if SESSION_KEY in held else None
    if user is None:
        return None
    today = clock.today()
    scope = scope_of(user, today)
    return Pass(session_key, scope, today) if _is_good(user, held, scope) else None


def admit_again(passes: Iterable[Pass]) -> dict[str, Pass]:
    """The passes of those sessions that are still good, by session key; three queries for all."""
    given = list(passes)
    held = _held([one.session_key for one in given])
    users = get_user_model().objects.filter(is_active=True).in_bulk({one.user_id for one in given})
    today = clock.today()
    scopes = scopes_of(users, today)
    renewed = {}
    for one in given:
        user, session = users.get(one.user_id), held.get(one.session_key, {})
        if user is not None and session.get(SESSION_KEY) == str(user.pk) and _is_good(user, session, scopes[user.pk]):
            renewed[one.session_key] = Pass(one.session_key, scopes[user.pk], today)
    return renewed


def _is_good(user, held: Mapping[str, Any], scope: Scope) -> bool:
    if user.must_change_password or not constant_time_compare(held.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return False
    now = clock.now()
    return all(condition(user, held, scope, now) for condition in _conditions)


def _held(keys: list[str]) -> dict[str, dict[str, Any]]:
    """What the sessions hold, of those that exist."""
    engine = import_module(settings.SESSION_ENGINE).SessionStore
    if settings.SESSION_ENGINE == "django.contrib.sessions.backends.db":
        rows = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now())
        return {row.session_key: row.get_decoded() for row in rows}
    return {key: engine(key).load() for key in keys}
