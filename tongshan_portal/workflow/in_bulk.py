"""One deed for many rows: each for itself, in a transaction of its own, none that is no longer what was ticked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import Conflict, DomainError

MOST = 100
"""Rows in one deed: two pages of a list."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """A row as it was ticked: its code, and its `changed_at` on the page (None: as it is now)."""

    code: str
    changed_at: datetime | None = None

    def refuse_changed(self, row: Any) -> None:
        """Raise Conflict where the row changed since it was ticked, as by the first of two clicks."""
        if self.changed_at is not None and row.changed_at != self.changed_at:
            raise Conflict(_("It has changed since you ticked it: look at it again."))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one row: done, or the sentence why not."""

    code: str
    title: str
    done: bool
    sentence: str | Promise
    unread: bool = False


class Unread(DomainError):
    """The row was not read as it is now: it must be opened first."""


def one_each(ticked: Iterable[Ticked]) -> list[Ticked]:
    """What was ticked, each row once, in order."""
    return list({one.code: one for one in ticked}.values())


def outcome_of(code: str, title: str, deed: Callable[[], None]) -> Outcome:
    """Do the deed to one row in a transaction; answers that it is done, or what it refuses as the sentence why not."""
    try:
        with transaction.atomic():
            deed()
    except DomainError as error:
        return Outcome(code, title, False, error.message, unread=isinstance(error, Unread))
    return Outcome(code, title, True, _("done"))
