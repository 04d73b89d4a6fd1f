"""The banners of the moment, kept for some seconds in each process: no page asks the database for them."""

import threading
import time
from dataclasses import dataclass

from django.db import DatabaseError
from django.utils.translation import get_language

from tongshan_portal.kernel import clock

from .models import Banner

KEEP = 10.0
"""Seconds that a process keeps what it read; a banner appears that late at most."""


@dataclass(frozen=True, slots=True)
class BannerLine:
    """One banner in the reader's language."""

    text: str
    severity: str


_lock = threading.Lock()
_read_at = -KEEP
_rows: list[Banner] = []


def present() -> list[BannerLine]:
    """The banners in force now; none where the database cannot be asked."""
    moment, chinese = clock.now(), (get_language() or "").startswith("zh")
    rows = [row for row in _recent() if row.starts_at <= moment < row.ends_at]
    return [BannerLine(row.text_zh if chinese else row.text_en, row.severity) for row in rows]


def _recent() -> list[Banner]:
    global _read_at, _rows
    with _lock:
        if time.monotonic() - _read_at >= KEEP:
            try:
                _rows = list(Banner.objects.filter(ends_at__gt=clock.now())[:5])
            except DatabaseError:
                _rows = []
            _read_at = time.monotonic()
        return _rows


def forget() -> None:
    """Read anew at the next page: for the process that changed a banner, and for tests."""
    global _read_at
    with _lock:
        _read_at = -KEEP
