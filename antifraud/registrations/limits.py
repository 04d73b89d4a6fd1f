"""How often one address may ask: counted in Redis, and closed when Redis is away, so that an outage opens no door."""

import ipaddress

from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from .settings import LIMITS

SPACE = "bell"


class TooOften(Exception):
    """The limit is reached; the text is for the reader. Not an error of a form: the page answers 429 whatever was typed."""


def network_of(address: str) -> str:
    """What is counted: an IPv6 /64 belongs to one line, so it counts as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if parsed.version == 6 else address


def count(kind: str, key: str) -> None:
    """Count one more. Raises TooOften past the limit, and redis.exceptions.ConnectionError when nobody can count."""
    limit = LIMITS[kind]
    name = f"{SPACE}:{kind}:{salted_hmac('registrations.limits', key, algorithm='sha256').hexdigest()[:32]}"
    cache.add(name, 0, timeout=limit.seconds)
    try:
        number = cache.incr(name)
    except ValueError:  # it ended between the two
        cache.set(name, 1, timeout=limit.seconds)
        number = 1
    if number > limit.number:
        minutes = max(limit.seconds // 60, 1)
        raise TooOften(_("Too many attempts from this network. Please try again in %(minutes)d minutes.") % {"minutes": minutes})
