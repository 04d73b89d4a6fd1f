"""Writing many rows of which some may be refused: all at once, and where that fails by halves, until the bad row stands alone."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError, constraint_of

R = TypeVar("R")
A = TypeVar("A")


def settle(rows: Sequence[R], write: Callable[[Sequence[R]], Sequence[A]]) -> list[A | DomainError]:
    """What `write` answers for each row, in their order; for a row that the app or the database refuses, the reason.

    Each call of `write` is a savepoint or a transaction of its own.
    """
    if not rows:
        return []
    try:
        with transaction.atomic():
            return list(write(rows))
    except DomainError as error:
        refused = error
    except (IntegrityError, DataError) as error:
        refused = contradiction(error)
    if len(rows) == 1:
        return [refused]
    middle = len(rows) // 2
    return [*settle(rows[:middle], write), *settle(rows[middle:], write)]


def contradiction(error: IntegrityError | DataError) -> DomainError:
    """What the database has against a row, as a sentence."""
    name = constraint_of(error) or type(error).__name__
    return DomainError(_("The row contradicts what is already stored (%(name)s).") % {"name": name})
