"""The actor: who does something, with the scope of this request. Every action takes one, first."""

from dataclasses import dataclass
from typing import Any

from tongshan_portal.kernel import clock
from tongshan_portal.ledger.public import name_of_part

from .scope import Scope, scope_of


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with a scope, or the portal itself (`user` is None and `name` says which part of it)."""

    user: Any
    scope: Scope
    name: str
    ip: str = ""
    request_id: str = ""

    @property
    def is_system(self) -> bool:
        return self.user is None and bool(self.name)

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user is not None else None


def actor_for(user, *, ip: str = "", request_id: str = "", posting_id: int | None = None) -> Actor:
    """The actor of a signed-in (or anonymous) user, with the scope of today; with `posting_id`, of that posting alone."""
    scope = scope_of(user, clock.today(), posting_id=posting_id)
    signed_in = user.is_authenticated
    return Actor(user if signed_in else None, scope, str(user) if signed_in else "", ip, request_id)


def system_actor(part: str) -> Actor:
    """The portal itself, for sweeps, commands and the demo: `part` says which part of it acts, and was registered with the ledger."""
    return Actor(None, Scope(None, (), clock.today()), name_of_part(part))
