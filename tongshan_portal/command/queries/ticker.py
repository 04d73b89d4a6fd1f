"""The ticker: what just happened, as far as the reader may hear of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grids.areas.names import path_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.live.queries import recent
from tongshan_portal.ui.board import link_for, sentence_for, ticker_kinds

SHOWN = 30


@dataclass(frozen=True, slots=True)
class TickerLine:
    """One thing that happened: its number, when, in words, where it lies, where one reads on."""

    number: int
    at: datetime
    words: str
    place: str
    href: str


def ticker_of(actor: Actor, limit: int = SHOWN) -> list[TickerLine]:
    """The newest events that the reader may hear of, the latest first; one query."""
    return [
        TickerLine(
            event.pk,
            event.at,
            _worded(event.kind, event.line),
            " · ".join(name for _code, name in path_of(event.area_code)[-2:]) if event.area_code else "",
            link_for(event.kind, event.line),
        )
        for event in recent(actor.scope, ticker_kinds(), limit)
    ]


def _worded(kind: str, line: Mapping[str, Any]) -> str:
    """The sentence with what the event carries; what it does not carry leaves a dash, not an error."""
    return str(sentence_for(kind)) % defaultdict(lambda: "–", line)
