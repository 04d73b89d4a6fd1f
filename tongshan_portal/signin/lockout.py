"""Lock-out after failures (ASVS 6.3.1), without handing strangers a way to lock others out.

Three budgets, each `(failures, window, wait)` in seconds from `settings.SIGNIN_LIMITS`:

- pair: one account tried from one address. Few failures, then a wait.
- account: one account tried from anywhere. Past the budget it takes one attempt a minute, except from an address where its
  owner signed in within the last 30 days: whoever guesses from outside cannot keep the owner out.
- address: all accounts tried from one address, wide enough for an office behind one address (NAT).

The counters are rows in PostgreSQL: they hold when Redis is lost or restarted, and an attempt is reserved before the password
is looked at, so that parallel guesses do not share one place in the budget. Names that do not exist are counted the same way.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from .models import Counter

_BUDGETS = (Counter.Kind.PAIR, Counter.Kind.ACCOUNT, Counter.Kind.ADDRESS)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A reserved attempt. `wait_until` is set when it must not be made; `locks_until` when failing it starts a wait."""

    keys: dict[str, str]
    wait_until: datetime | None = None
    locks_until: datetime | None = None


def network_of(address: str) -> str:
    """The address that is counted: an IPv6 /64 belongs to one line, so it counts as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if parsed.version == 6 else address


def digest(*parts: str) -> str:
    """A keyed hash: the same for the same words, useless without the secret key."""
    return salted_hmac("signin.lockout", "\0".join(parts), algorithm="sha256").hexdigest()


def _keys(name: str, address: str) -> dict[str, str]:
    name, network = name.strip().lower(), network_of(address)
    return {
        Counter.Kind.PAIR: digest(name, network),
        Counter.Kind.ACCOUNT: digest(name),
        Counter.Kind.ADDRESS: digest(network),
        Counter.Kind.KNOWN: digest(name, network),
    }


def _locked(keys: dict[str, str], now: datetime) -> dict[str, Counter]:
    """The counters of an attempt, made where missing, locked in one order."""
    Counter.objects.bulk_create([Counter(kind=kind, key=keys[kind], since=now) for kind in _BUDGETS], ignore_conflicts=True)
    rows = Counter.objects.select_for_update().filter(key__in=set(keys.values())).order_by("kind", "key")
    return {row.kind: row for row in rows if row.key == keys.get(row.kind)}


def reserve(name: str, address: str, *, now: datetime) -> Attempt:
    """Take one place in every budget, or say until when to wait. Call before looking at the password."""
    keys = _keys(name, address)
    with transaction.atomic():
        rows = _locked(keys, now)
        known = rows.get(Counter.Kind.KNOWN)
        at_home = known is not None and known.since > now - timedelta(days=settings.SIGNIN_KNOWN_ADDRESS_DAYS)
        binding = [kind for kind in _BUDGETS if not (kind == Counter.Kind.ACCOUNT and at_home)]
        waits = [until for kind in binding if (until := rows[kind].until) and until > now]
        if waits:
            return Attempt(keys, wait_until=max(waits))
        locks = [_count(rows[kind], now) for kind in _BUDGETS]
        starts = [until for kind, until in zip(_BUDGETS, locks, strict=True) if until and kind in binding]
        return Attempt(keys, locks_until=max(starts, default=None))


def _count(row: Counter, now: datetime) -> datetime | None:
    """Count one attempt; the end of the wait that its failure starts, if it is the last of the budget."""
    failures, window, wait = settings.SIGNIN_LIMITS[row.kind]
    if row.since <= now - timedelta(seconds=window):
        row.failures, row.since, row.until = 0, now, None
    row.failures += 1
    row.until = now + timedelta(seconds=wait) if row.failures >= failures else None
    row.save(update_fields=["failures", "since", "until"])
    return row.until


def succeeded(attempt: Attempt, *, now: datetime) -> None:
    """Give the places back, clear the pair, and remember that this account is at home at this address."""
    with transaction.atomic():
        rows = _locked(attempt.keys, now)
        rows[Counter.Kind.PAIR].failures = 1
        for kind in _BUDGETS:
            row = rows[kind]
            row.failures = max(row.failures - 1, 0)
            if row.failures < settings.SIGNIN_LIMITS[kind][0]:
                row.until = None
            row.save(update_fields=["failures", "until"])
        Counter.objects.update_or_create(kind=Counter.Kind.KNOWN, key=attempt.keys[Counter.Kind.KNOWN], defaults={"since": now})


def unlock(name: str) -> None:
    """Forget what an account failed, from wherever: what a security administrator does on the telephone."""
    Counter.objects.filter(kind=Counter.Kind.ACCOUNT, key=digest(name.strip().lower())).delete()


def spend(user_id: int, code: str, *, now: datetime) -> bool:
    """Mark a one-time code as used; False when it was used before. Two requests with one code: one of them wins."""
    _row, is_new = Counter.objects.get_or_create(kind=Counter.Kind.SPENT, key=digest("code", str(user_id), code), defaults={"since": now})
    if not is_new and _row.since < now - timedelta(hours=1):
        return bool(Counter.objects.filter(pk=_row.pk, since=_row.since).update(since=now))
    return is_new


def sweep(*, now: datetime) -> int:
    """Remove counters that decide nothing any more. Returns how many."""
    longest = max(window + wait for _failures, window, wait in settings.SIGNIN_LIMITS.values())
    known = Counter.objects.filter(kind=Counter.Kind.KNOWN, since__lt=now - timedelta(days=settings.SIGNIN_KNOWN_ADDRESS_DAYS))
    counted = Counter.objects.exclude(kind=Counter.Kind.KNOWN).filter(since__lt=now - timedelta(seconds=max(longest, 3600)))
    return known.delete()[0] + counted.delete()[0]
