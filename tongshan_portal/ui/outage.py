"""Telling an outage from a fault: the reader of a 503 tries again, the reader of a 500 tells us."""

from django.db import InterfaceError, OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

# PostgreSQL's error classes for "not now": connection, resources, operator's shutdown. Without a code the server was never reached.
NOT_NOW = ("08", "53", "57")


def is_outage(error: BaseException | None) -> bool:
    """Whether the portal failed because PostgreSQL or Redis is away, not because of what was asked."""
    if isinstance(error, RedisConnectionError | RedisTimeoutError | InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.__cause__, "pgcode", None)
    return code is None or code.startswith(NOT_NOW)
