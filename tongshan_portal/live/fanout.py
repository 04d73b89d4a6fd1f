"""Fan-out in memory: an event costs its listeners and no one else. Pure: no network, no database, no clock."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from .events import Delivered
from .subscription import Subscription, keys_of


class Listener(Protocol):
    """Something that takes bytes; `offer` must not block."""

    subscription: Subscription

    def offer(self, chunk: bytes) -> None: ...


class _Group:
    """Listeners who hear the same areas on the same topics: what they are sent is put together once."""

    __slots__ = ("heard", "listeners")

    def __init__(self, heard: frozenset[tuple[str, str]]) -> None:
        self.heard = heard
        self.listeners: set[Listener] = set()


class Fanout:
    """The index from (topic, area) to groups and from person to listeners."""

    def __init__(self) -> None:
        self._groups: dict[frozenset[tuple[str, str]], _Group] = {}
        self._under: dict[tuple[str, str], set[_Group]] = defaultdict(set)
        self._people: dict[int, set[Listener]] = defaultdict(set)

    def add(self, listener: Listener) -> None:
        subscription = listener.subscription
        group = self._groups.get(subscription.heard)
        if group is None:
            group = self._groups[subscription.heard] = _Group(subscription.heard)
            for key in group.heard:
                self._under[key].add(group)
        group.listeners.add(listener)
        self._people[subscription.user_id].add(listener)

    def remove(self, listener: Listener) -> None:
        """Forget a listener; does nothing when it is not there."""
        subscription = listener.subscription
        group = self._groups.get(subscription.heard)
        if group is not None:
            group.listeners.discard(listener)
            if not group.listeners:
                self._drop(group)
        people = self._people.get(subscription.user_id)
        if people is not None:
            people.discard(listener)
            if not people:
                del self._people[subscription.user_id]

    def _drop(self, group: _Group) -> None:
        del self._groups[group.heard]
        for key in group.heard:
            self._under[key].discard(group)
            if not self._under[key]:
                del self._under[key]

    def deliver(self, events: Iterable[Delivered], epoch: str) -> None:
        """Offer each listener, in order of position and as one chunk, the events it may hear."""
        shared: dict[_Group, list[tuple[int, bytes]]] = defaultdict(list)
        personal: dict[Listener, list[tuple[int, bytes]]] = defaultdict(list)
        for event in events:
            frame = (event.position, event.frame(epoch))
            if event.user_ids:
                for user_id in event.user_ids:
                    for listener in self._people.get(user_id, ()):
                        personal[listener].append(frame)
            else:
                for key in keys_of(event):
                    for group in self._under.get(key, ()):
                        shared[group].append(frame)
        for group, frames in shared.items():
            chunk = b"".join(frame for _position, frame in frames)
            for listener in list(group.listeners):
                own = personal.pop(listener, None)
                listener.offer(chunk if own is None else b"".join(frame for _position, frame in sorted(frames + own)))
        for listener, own in personal.items():
            listener.offer(b"".join(frame for _position, frame in own))
