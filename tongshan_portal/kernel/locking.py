"""Locks. Rows are locked in one order and never waited for without end; whoever comes second is told so in a sentence."""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import OperationalError, connections, models, transaction
from django.utils.translation import gettext_lazy as _

from .errors import Conflict

Row = TypeVar("Row", bound=models.Model)

LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"
COMMANDS = 0x504F5254
"""First half of the advisory lock of a command ("PORT"); the second is a checksum of its name."""


def _code(error: OperationalError) -> str | None:
    return getattr(error.__cause__, "pgcode", None) or getattr(error.__cause__, "sqlstate", None)


@contextmanager
def _told_as_conflict(using: str, wait: float | None) -> Iterator[None]:
    """Inside a savepoint, so that the caller's transaction survives a refusal. `wait` in seconds; None is the server's lock_timeout."""
    connection = connections[using]
    before = None
    try:
        with transaction.atomic(using=using):
            if wait:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true)", [f"{max(int(wait * 1000), 1)}ms"]
                    )
                    before = cursor.fetchone()[0]
            yield
            if before is not None:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])
    except OperationalError as error:
        if _code(error) in {LOCK_NOT_AVAILABLE, DEADLOCK}:
            raise Conflict(_("Somebody else is working on this right now. Please try again in a moment.")) from error
        raise


def _locked(queryset: "models.QuerySet[Row]", wait: float | None) -> "models.QuerySet[Row]":
    # FOR NO KEY UPDATE: rows that only point here (a new comment, a ledger line) need not wait.
    return queryset.select_for_update(nowait=wait == 0, of=("self",), no_key=True)


def lock(queryset: "models.QuerySet[Row]", pk: Any, *, wait: float | None = None) -> Row:
    """The row, locked until the end of the transaction and read after the lock was held.

    Raises the model's DoesNotExist when the queryset (which is already scoped) does not hold it, Conflict when it is locked:
    at once with `wait=0`, after `wait` seconds, or after the server's lock_timeout.
    """
    with _told_as_conflict(queryset.db, wait):
        return _locked(queryset, wait).get(pk=pk)


def lock_many(queryset: "models.QuerySet[Row]", pks: Iterable[Any], *, wait: float | None = None) -> list[Row]:
    """Several rows, locked in the order of their keys so that two callers never wait for one another, in that order.

    Raises the model's DoesNotExist when one of them is not in the queryset.
    """
    wanted = set(pks)
    with _told_as_conflict(queryset.db, wait):
        rows = list(_locked(queryset, wait).filter(pk__in=wanted).order_by("pk"))
    if len(rows) != len(wanted):
        raise queryset.model.DoesNotExist(  # type: ignore[attr-defined]  # every model has it
            f"{len(wanted) - len(rows)} of {len(wanted)} rows are not there"
        )
    return rows


@contextmanager
def single_runner(name: str, *, using: str = "default") -> Iterator[None]:
    """Holds the session's advisory lock of a command. Raises Conflict when another process, on any machine, already runs it.

    The lock belongs to the connection: behind a pooler the command needs a session of its own.
    """
    key = zlib.crc32(name.encode()) - 2**31
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [COMMANDS, key])
        if not cursor.fetchone()[0]:
            raise Conflict(_("“%(name)s” is already running.") % {"name": name})
    try:
        yield
    finally:
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [COMMANDS, key])
