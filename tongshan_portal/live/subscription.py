"""Who hears what. The one rule, in three forms that a test holds together: for one event, as an index, and as a database condition."""

from dataclasses import dataclass

from django.db.models import Q

from grids.areas.codes import LENGTHS
from tongshan_portal.accounts.scope import Scope

from .events import Delivered
from .topics import all_topics, topic_called


def hears(scope: Scope, event: Delivered) -> bool:
    """The rule: the people an event names, if it names any; else those whose scope holds its topic's action in its area."""
    if event.user_ids:
        return scope.user_id in event.user_ids
    action = topic_called(event.topic).action
    return action is not None and scope.holds(action, event.area_code)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A scope as the index needs it: for each topic, the areas under which it is heard."""

    user_id: int
    heard: frozenset[tuple[str, str]]

    def condition(self) -> Q:
        """The outbox rows that this listener may be sent."""
        condition = Q(user_ids__contains=[self.user_id])
        for topic, code in sorted(self.heard):
            condition |= Q(user_ids=[], topic=topic, area_code__startswith=code)
        return condition


def subscription_of(scope: Scope) -> Subscription:
    """The subscription of a signed-in person's scope."""
    if scope.user_id is None:
        raise ValueError("nobody listens without signing in")
    heard = ((topic.name, code) for topic in all_topics() if topic.action is not None for code in scope.areas_for(topic.action))
    return Subscription(scope.user_id, frozenset(heard))


def keys_of(event: Delivered) -> list[tuple[str, str]]:
    """The (topic, area) pairs under which listeners of an event are found: its area and all above it."""
    return [(event.topic, event.area_code[:length]) for length in LENGTHS if length <= len(event.area_code)]
