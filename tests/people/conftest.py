"""A signed-in client of one of the cast."""

import pytest


@pytest.fixture
def as_person(client, cast):
    """`as_person("worker")`: the client, signed in as one of the cast."""

    def sign_in(name: str):
        client.force_login(cast[name])
        return client

    return sign_in
