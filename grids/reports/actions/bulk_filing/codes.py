"""What names new reports: keys of their rows, case codes, random keys; thousands at once."""

import os
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from tongshan_portal.workflow.calendar import local

from ...models import Report
from ...models.report import KEY_LETTERS

_LETTERS = bytes(ord(KEY_LETTERS[number % len(KEY_LETTERS)]) for number in range(256))
_UNEVEN = bytes(range(256 - 256 % len(KEY_LETTERS), 256))
"""Bytes that would make some letters likelier than others."""


def letters(count: int) -> str:
    """So many random letters of the portal's keys, from the system's source of chance."""
    found = b""
    while len(found) < count:
        found += os.urandom(count * 2).translate(_LETTERS, _UNEVEN)
    return found[:count].decode()


def follow_keys(count: int) -> list[str]:
    """Keys like those of `models.report.new_follow_key`."""
    found = letters(8 * count)
    return [found[at : at + 8] for at in range(0, len(found), 8)]


def row_keys(count: int) -> list[str]:
    """Identifiers like those of `kernel.ids.new_uuid`, of one millisecond, as hexadecimal text."""
    chance, begin = os.urandom(10 * count).hex(), f"{time.time_ns() // 1_000_000:012x}7"
    found = (chance[at : at + 20] for at in range(0, len(chance), 20))
    return [f"{begin}{one[:3]}{_VARIANT[one[3]]}{one[4:19]}" for one in found]


_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def new_codes(moments: Sequence[datetime]) -> list[str]:
    """Case codes like those of `filing.new_code`, none of them taken: in a batch of thousands two may fall together by chance."""
    dates = [local(moment).date() for moment in moments]
    begins = {day: f"TS{day:%y%m%d}-" for day in set(dates)}
    days = [begins[day] for day in dates]
    found: list[str] = [""] * len(days)
    missing, used = list(range(len(days))), set[str]()
    reports = Report.objects.unscoped("a code is taken wherever its report lies")
    while missing:
        chance = letters(6 * len(missing))
        made = {position: days[position] + chance[6 * at : 6 * at + 6] for at, position in enumerate(missing)}
        used.update(reports.filter(code__among=list(made.values())).values_list("code", flat=True))
        for position, code in made.items():
            if code not in used:
                used.add(code)
                found[position] = code
        missing = [position for position in missing if not found[position]]
    return found


def next_ids(model: Any, count: int) -> list[int]:
    """So many new keys of rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [model._meta.db_table, count])
        return [row[0] for row in cursor.fetchall()]
