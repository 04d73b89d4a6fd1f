"""HEAD asks what GET would answer, without its body: monitors, proxies and links that are previewed do."""

import pytest
from django.urls import reverse

PUBLIC = ("home", "reports_public:start", "fraud_public:notices")
SIGNED_IN = ("home", "reports:index", "net:map", "exchange:index", "people:directory")


def heads(client, names) -> dict[str, tuple[int, int, bytes]]:
    """Name → (answer to GET, answer to HEAD, body of HEAD)."""
    found = {}
    for name in names:
        head = client.head(reverse(name))
        found[name] = (client.get(reverse(name)).status_code, head.status_code, head.content)
    return found


@pytest.mark.django_db
def test_head_is_answered_as_get_is(client, cast):
    assert heads(client, PUBLIC) == dict.fromkeys(PUBLIC, (200, 200, b""))
    client.force_login(cast["duty_officer"])
    assert heads(client, SIGNED_IN) == dict.fromkeys(SIGNED_IN, (200, 200, b""))
