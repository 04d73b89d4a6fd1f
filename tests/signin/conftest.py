"""Signing in as a browser does."""

import base64
import hashlib
import hmac
import struct
import time

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD
from tongshan_portal.ledger.models import LedgerEntry


def totp(secret: str, at: float | None = None) -> str:
    """RFC 6238, thirty seconds, six digits, written again so that a test does not trust the code it tests."""
    counter = int(time.time() if at is None else at) // 30
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@pytest.fixture
def device():
    """A new browser at an address."""

    def make(address: str = "10.1.1.1", agent: str = "Mozilla/5.0 (Windows NT 10.0) Chrome/130 Edg/130") -> Client:
        return Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)

    return make


@pytest.fixture
def sign_in():
    """Sends the sign-in form."""

    def send(client: Client, username: str, password: str = PASSWORD, **fields):
        return client.post(reverse("account_login"), {"login": username, "password": password, **fields})

    return send


@pytest.fixture
def entries():
    """What the ledger says, oldest first: (verb, object id, detail)."""

    def read(*verbs: str) -> list[tuple[str, str, dict]]:
        rows = LedgerEntry.objects.order_by("pk")
        if verbs:
            rows = rows.filter(verb__in=verbs)
        return list(rows.values_list("verb", "object_id", "detail"))

    return read


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("signin_account")).status_code == 200


@pytest.fixture
def set_up_app():
    """Sets up an authenticator app in a signed-in browser; answers its secret."""

    def run(client: Client) -> str:
        page = client.get(reverse("mfa_activate_totp"))
        secret = page.context["form"].secret
        answer = client.post(reverse("mfa_activate_totp"), {"code": totp(secret)})
        assert answer.status_code == 302, answer.context["form"].errors
        return secret

    return run
