"""Errors of the domain: each carries a sentence that a user can act on."""

from dataclasses import dataclass

from django.utils.functional import Promise

type_of_message = str | Promise


@dataclass
class DomainError(Exception):
    """Something the rules do not allow. `message` is shown to the user; `field` names the input it is about, if one is."""

    message: type_of_message
    field: str | None = None

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    """The actor may not do this here. Pages answer 403, or 404 where the row is outside the scope."""


class InvalidTransition(DomainError):
    """The verb does not lead out of the row's present state."""


class Conflict(DomainError):
    """Somebody else was faster: the row is no longer as the actor saw it."""


def constraint_of(error: Exception) -> str:
    """The name of the constraint that a database error is about; empty where it names none."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
