"""Topics: what a listener may hear about. Each names the action whose holders may hear it, or none: then only the people an event names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """`action` is the registered action (`"reports.view"`) that a listener must hold in the event's area; None: for people it names."""

    name: str
    action: str | None = None


_topics: dict[str, Topic] = {}


def register(topic: Topic) -> None:
    """Make a topic known, in `AppConfig.ready()`. Raises ValueError when the name is taken by a different topic."""
    if _topics.setdefault(topic.name, topic) != topic:
        raise ValueError(f"two topics are called {topic.name}")


def topic_called(name: str) -> Topic:
    """The topic of this name. Raises KeyError when no app registered it: an event that nobody can hear is a mistake, not silence."""
    return _topics[name]


def all_topics() -> list[Topic]:
    return [_topics[name] for name in sorted(_topics)]


NOTICES = Topic("notices")
ANNOUNCEMENTS = Topic("announcements", "notices.announce")
"""For those who announce in an area: that something was announced there."""
ACCESS = Topic("access")
"""For the portal itself: the rights of the named people changed, or a session ended. Web processes act on it and forward it to nobody."""
