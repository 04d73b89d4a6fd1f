"""What sign-in writes into the ledger. Passwords never come here; a name that no account has comes as a keyed hash only,
because people type passwords into the wrong field."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.actor import Actor, actor_for
from tongshan_portal.accounts.scope import Scope
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.public import record

from .lockout import digest


class Refusal(models.TextChoices):
    """Why somebody was not let in."""

    WRONG_PASSWORD = "wrong_password", _("wrong password")
    UNKNOWN_NAME = "unknown_name", _("unknown name")
    DISABLED = "disabled", _("account disabled")
    WRONG_CODE = "wrong_code", _("wrong code of the second factor")
    WAITING = "waiting", _("locked out, attempt not made")
    PROVIDER_UNKNOWN = "provider_unknown", _("no account of this name for the unified sign-in")
    PROVIDER_FAILED = "provider_failed", _("the unified sign-in did not confirm")


class Ended(models.TextChoices):
    """Why a session ended."""

    SIGNED_OUT = "signed_out", _("signed out")
    IDLE = "idle", _("nobody there for too long")
    LIFETIME = "lifetime", _("longest time reached")
    REVOKED = "revoked", _("ended from another device")
    PASSWORD_CHANGED = "password_changed", _("password changed")
    DISABLED = "disabled", _("account disabled")


def address_of(request) -> str:
    """The address a request came from, as the server in front resolved it."""
    return request.META.get("REMOTE_ADDR") or "127.0.0.1"


def _request_id(request) -> str:
    return str(getattr(request, "request_id", "") or "")


def person(request, user) -> Actor:
    """The actor of a person who has just proved who they are."""
    return actor_for(user, ip=address_of(request), request_id=_request_id(request))


def nobody(request) -> Actor:
    """The actor of somebody who has not."""
    return Actor(None, Scope(None, (), clock.today()), "", address_of(request), _request_id(request))


def session_opened(request, user, *, methods: list[str]) -> None:
    record(actor=person(request, user), verb="session.opened", row=user, detail={"methods": methods})


def session_refused(request, why: Refusal, *, user=None, name: str = "") -> None:
    detail = {"why": why.value}
    if user is None and name:
        detail["name_hash"] = digest("name", name.strip().lower())[:16]
    record(actor=nobody(request), verb="session.refused", row=user, detail=detail)


def sign_in_locked(request, *, user=None, name: str = "", until) -> None:
    detail = {"until": until.isoformat(timespec="seconds")}
    if user is None and name:
        detail["name_hash"] = digest("name", name.strip().lower())[:16]
    record(actor=nobody(request), verb="sign_in.locked", row=user, detail=detail)


def session_closed(actor: Actor, user, why: Ended) -> None:
    record(actor=actor, verb="session.closed", row=user, detail={"why": why.value})


def session_revoked(actor: Actor, user, *, number: int) -> None:
    record(actor=actor, verb="session.revoked", row=user, detail={"number": number})


def password_changed(request, user) -> None:
    record(actor=person(request, user), verb="password.changed", row=user)


def factor_changed(request, user, *, verb: str, kind: str) -> None:
    """`verb` is `second_factor.added`, `.removed` or `.renewed`; `kind` an allauth authenticator type."""
    record(actor=person(request, user), verb=verb, row=user, detail={"kind": kind})
