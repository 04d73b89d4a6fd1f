"""One rule of who hears what, in three forms: by the rule itself, by the index, by the database."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from grids.areas.codes import LENGTHS
from tests.live.conftest import MATTERS, SECRETS
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.scope import Reach, Scope
from tongshan_portal.live.events import Delivered, from_row
from tongshan_portal.live.fanout import Fanout
from tongshan_portal.live.models import OutboxEvent
from tongshan_portal.live.subscription import hears, subscription_of

ROLES = [Role.GRID_WORKER, Role.TOWN_OFFICER, Role.MEDIATOR, Role.AUDIT_ADMIN]
DAY = date(2026, 11, 23)
# Few digits, so that codes cover each other often.
codes = st.builds(
    lambda length, digits: ("320312" + "".join(digits))[:length],
    st.sampled_from(LENGTHS),
    st.lists(st.sampled_from(["001", "002"]), min_size=4, max_size=4),
)
scopes = st.lists(
    st.lists(st.tuples(st.sampled_from(ROLES), codes), max_size=4).map(
        lambda reaches: tuple(Reach(number, role, code, None) for number, (role, code) in enumerate(reaches))
    ),
    min_size=1,
    max_size=6,
).map(lambda all_reaches: [Scope(user_id, reaches, DAY) for user_id, reaches in enumerate(all_reaches, start=1)])
told = st.lists(st.tuples(st.sampled_from([MATTERS, SECRETS, "notices"]), codes, st.sets(st.integers(1, 7), max_size=2)), max_size=12).map(
    lambda many: [
        Delivered(position, topic, "test.said", code, tuple(sorted(people)), b"{}")
        for position, (topic, code, people) in enumerate(many, start=1)
        if people or topic != "notices"
    ]
)


class Ear:
    """A listener that remembers what it was offered."""

    def __init__(self, scope: Scope) -> None:
        self.subscription = subscription_of(scope)
        self.heard = b""

    def offer(self, chunk: bytes) -> None:
        self.heard += chunk


@hypothesis_settings(max_examples=150, deadline=None)
@given(scopes, told)
def test_the_index_answers_as_the_rule_and_in_order(people, events):
    fanout, ears = Fanout(), [Ear(scope) for scope in people]
    for ear in ears:
        fanout.add(ear)
    fanout.deliver(events, "e")
    for ear, scope in zip(ears, people, strict=True):
        assert ear.heard == b"".join(event.frame("e") for event in events if hears(scope, event))


@hypothesis_settings(max_examples=50, deadline=None)
@given(scopes, told)
def test_who_was_removed_hears_nothing_and_leaves_nothing_behind(people, events):
    fanout, ears = Fanout(), [Ear(scope) for scope in people]
    for ear in ears:
        fanout.add(ear)
    for ear in ears:
        fanout.remove(ear)
    fanout.deliver(events, "e")
    assert [ear.heard for ear in ears] == [b""] * len(ears)
    assert (fanout._groups, dict(fanout._under), dict(fanout._people)) == ({}, {}, {})


@pytest.mark.django_db
def test_the_database_answers_as_the_rule():
    chance = random.Random(7)

    def code() -> str:
        return ("320312" + "".join(chance.choice(["001", "002"]) for _ in range(4)))[: chance.choice(LENGTHS)]

    rows = [
        OutboxEvent(
            at="2026-11-23T10:00Z",
            topic=chance.choice([MATTERS, SECRETS]),
            kind="test.said",
            area_code=code(),
            user_ids=chance.choice([[], [], [1], [2, 3]]),
            position=position,
        )
        for position in range(1, 201)
    ]
    OutboxEvent.objects.bulk_create(rows)
    events = [from_row(row) for row in OutboxEvent.objects.order_by("position")]
    heard_at_all = 0
    for user_id in range(1, 21):
        reaches = tuple(Reach(number, chance.choice(ROLES), code(), None) for number in range(chance.randrange(4)))
        scope = Scope(user_id, reaches, DAY)
        found = OutboxEvent.objects.filter(subscription_of(scope).condition()).order_by("position")
        assert [row.position for row in found] == [event.position for event in events if hears(scope, event)]
        heard_at_all += len(found)
    assert heard_at_all > 100
