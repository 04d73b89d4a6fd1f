"""The way to the short-message gateway: one interface, two gateways. Which one is in use follows from the settings."""

import json
import sys
import urllib.error
import urllib.request
from functools import lru_cache
from http.client import HTTPException
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

PATIENCE = 5.0
"""Seconds that a gateway may take."""
TRY_AGAIN = frozenset({408, 425, 429})


class Refused(Exception):
    """The gateway will not take this message, now or later."""


class Unavailable(Exception):
    """The gateway did not take it now."""


class Gateway(Protocol):
    """What sends. `shows` is whether the words may also be shown on a page, as the demo does."""

    shows: bool

    def send(self, phone: str, words: str) -> None:
        """Hand one message over. Raises Refused or Unavailable; both without the number or the words."""


class ConsoleGateway:
    """Writes the message to the terminal: for the demo and for one machine."""

    shows = True

    def send(self, phone: str, words: str) -> None:
        sys.stderr.write(f"[SMS] {phone}: {words}\n")
        sys.stderr.flush()


class HttpGateway:
    """POSTs `{"phone", "text", "sign"}` as JSON with a bearer token; any 2xx is a message taken over."""

    shows = False

    def __init__(self, address: str, token: str, sign: str):
        self.address, self.token, self.sign = address, token, sign
        # No proxy of the environment and no redirect: the words go to this address and nowhere else.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())

    def send(self, phone: str, words: str) -> None:
        body = json.dumps({"phone": phone, "text": words, "sign": self.sign}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(self.address, body, headers, method="POST")  # noqa: S310 - the address is the installation's
        try:
            with self._opener.open(request, timeout=PATIENCE):
                return
        except urllib.error.HTTPError as error:
            kind = Refused if 300 <= error.code < 500 and error.code not in TRY_AGAIN else Unavailable
            raise kind(f"HTTP {error.code}") from None
        except (OSError, HTTPException) as error:
            raise Unavailable(type(error).__name__) from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


class NoGateway:
    """A server without a gateway: messages fail with a state that the page shows."""

    shows = False

    def send(self, phone: str, words: str) -> None:
        raise Refused("no gateway")


@lru_cache(maxsize=4)
def _made(address: str, token: str, sign: str, production: bool) -> Gateway:
    if address:
        if urlsplit(address).scheme not in ("http", "https"):
            return NoGateway()
        return HttpGateway(address, token, sign)
    return NoGateway() if production else ConsoleGateway()


def gateway() -> Gateway:
    """The gateway in use."""
    return _made(settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_SIGN, settings.PRODUCTION)
