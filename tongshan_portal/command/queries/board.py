"""The live dashboard: the numbers above, the decisions that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.ui.board import Counter, counters_for
from tongshan_portal.ui.desk import Group, Waiting, grouped, waiting_for
from tongshan_portal.ui.lists import Count

DECISIONS = 40
"""Matters that the home lists; the numbers above lead to all of them."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter with its number, and the address of exactly the rows counted."""

    counter: Counter
    count: Count
    href: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the home of a desk except map and ticker."""

    counters: list[Counted]
    waiting: list[tuple[Group, list[Waiting]]]
    is_full: bool
    at: datetime
    topics: str


def counters_of(actor: Actor) -> list[Counted]:
    """The numbers that the reader's postings show her; one query each, over the living rows."""
    return [Counted(one, one.count(actor), one.href(actor)) for one in counters_for(actor.scope)]


def waiting_of(actor: Actor) -> tuple[Sequence[tuple[Group, list[Waiting]]], bool]:
    """What waits for the reader under its headings, and whether there is more than is listed."""
    found = waiting_for(actor, DECISIONS + 1)
    return grouped(found[:DECISIONS]), len(found) > DECISIONS


def board_of(actor: Actor) -> Board:
    """The home of a desk at this moment."""
    counters, (waiting, is_full) = counters_of(actor), waiting_of(actor)
    topics = sorted({one.counter.topic for one in counters} | {"notices"})
    return Board(counters, list(waiting), is_full, clock.now(), " ".join(topics))
