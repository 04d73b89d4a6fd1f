"""What the live dashboard is made of: apps register counters and sentences of the ticker, the dashboard names no app."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from .lists import Count


@dataclass(frozen=True, slots=True)
class Counter:
    """A number on the dashboard. `definition` says in one sentence what it counts; `href` leads to exactly the rows counted.

    `action` is the policy action whose holders see it, `topic` the live topic whose events refresh it.
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


_counters: dict[str, Counter] = {}
_sentences: dict[str, str | Promise] = {}


def register_counter(counter: Counter) -> None:
    """Add a counter, in `AppConfig.ready()`; one of the same name is replaced."""
    _counters[counter.name] = counter


def counters_for(scope: Any) -> list[Counter]:
    """The counters that this scope may see, in their order."""
    return sorted((one for one in _counters.values() if scope.reaches_for(one.action)), key=lambda one: (one.order, one.name))


def register_ticker(sentences: Mapping[str, str | Promise]) -> None:
    """Say how the ticker words events: kind → a sentence with the names of the event's line, as `"Report %(report)s was filed."`."""
    _sentences.update(sentences)


def sentence_for(kind: str) -> str | Promise | None:
    """How the ticker words events of this kind; None for those that it leaves out."""
    return _sentences.get(kind)
