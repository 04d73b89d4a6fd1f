"""What the live dashboard is made of: apps register counters, indicators and sentences of the ticker; the dashboard names no app."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from .lists import Count


@dataclass(frozen=True, slots=True)
class Counter:
    """A number on the dashboard. `definition` says in one sentence what it counts; `href` leads to exactly the rows counted.

    `action` is the policy action whose holders see it, `or_action` another that will do; `topic` the live topic whose events refresh it.
    `count(actor)` costs the same however many rows lie in the archive. `tone` is a colour token: `late`, `soon`, `active` or nothing.
    """

    name: str
    label: str | Promise
    definition: str | Promise
    action: str
    topic: str
    count: Callable[[Any], Count]
    href: Callable[[Any], str]
    order: int
    tone: str = ""
    or_action: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure by which work is judged: what it is called, what it says, in which unit, and what is divided by what, in words.

    `unit` is `%`, a unit of time or of number. A percentage of fewer than five cases is not shown, its two counts are.
    A sum has an empty denominator.
    """

    name: str
    label: str | Promise
    definition: str | Promise
    unit: str | Promise
    numerator: str | Promise
    denominator: str | Promise


_counters: dict[str, Counter] = {}
_indicators: dict[str, Indicator] = {}
_sentences: dict[str, str | Promise] = {}
_links: dict[str, Callable[[Mapping[str, Any]], str]] = {}


def register_counter(counter: Counter) -> None:
    """Add a counter, in `AppConfig.ready()`; one of the same name is replaced."""
    _counters[counter.name] = counter


def counters_for(scope: Any) -> list[Counter]:
    """The counters that this scope may see, in their order."""
    found = (
        one for one in _counters.values() if scope.reaches_for(one.action) or (one.or_action and scope.reaches_for(one.or_action))
    )  # fmt: skip
    return sorted(found, key=lambda one: (one.order, one.name))


def register_indicator(*indicators: Indicator) -> None:
    """Add indicators, in `AppConfig.ready()`; one of the same name is replaced."""
    _indicators.update({one.name: one for one in indicators})


def all_indicators() -> list[Indicator]:
    """Every indicator, by name."""
    return [_indicators[name] for name in sorted(_indicators)]


def register_ticker(sentences: Mapping[str, str | Promise], link: Callable[[Mapping[str, Any]], str] | None = None) -> None:
    """Say how the ticker words events: kind → a sentence with the names of the event's line, as `"Report %(report)s was filed."`.

    `link(line)` answers where one reads on; the page there checks whether the reader may.
    """
    _sentences.update(sentences)
    if link is not None:
        _links.update(dict.fromkeys(sentences, link))


def ticker_kinds() -> list[str]:
    """The kinds of events that the ticker words."""
    return sorted(_sentences)


def sentence_for(kind: str) -> str | Promise | None:
    """How the ticker words events of this kind; None for those that it leaves out."""
    return _sentences.get(kind)


def link_for(kind: str, line: Mapping[str, Any]) -> str:
    """Where one reads on about an event, empty where nowhere."""
    return _links[kind](line) if kind in _links else ""
