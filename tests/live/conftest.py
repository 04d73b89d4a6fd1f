"""Topics of the tests, heard by the roles that hold the tests' own actions."""

import pytest

from tongshan_portal.accounts import policy
from tongshan_portal.accounts.enums import Role
from tongshan_portal.live import store, topics
from tongshan_portal.live.publish import publish

MATTERS, SECRETS = "test_matters", "test_secrets"


@pytest.fixture(autouse=True)
def topics_of_the_tests(monkeypatch):
    """Matters are heard by officers and grid workers; secrets by mediators."""
    monkeypatch.setattr(policy, "_actions", dict(policy._actions))
    monkeypatch.setattr(topics, "_topics", dict(topics._topics))
    officers = frozenset({Role.GRID_WORKER, Role.TOWN_OFFICER, Role.DUTY_OFFICER})
    policy.register(
        [
            policy.Action("test_matters.view", "see matters", "Officers see matters.", officers),
            policy.Action("test_secrets.view", "see secrets", "Mediators see secrets.", frozenset({Role.MEDIATOR})),
        ]
    )
    topics.register(topics.Topic(MATTERS, "test_matters.view"))
    topics.register(topics.Topic(SECRETS, "test_secrets.view"))


@pytest.fixture(autouse=True)
def clean_queue():
    """Wake-ups that no worker takes do not pile up; each test starts with the flag down."""
    store.client().delete(store.wake_key())
    yield
    store.client().delete("live")


@pytest.fixture
def say():
    """`say(3, TOWN)` publishes a matter with the number 3."""

    def publish_matter(number: int, area_code: str, *, topic: str = MATTERS, user_ids=()) -> None:
        publish(topic=topic, kind="test.said", area_code=area_code, line={"n": number}, user_ids=user_ids)

    return publish_matter
