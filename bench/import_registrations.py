"""Registrations for fraud protection from a file: 470,000 rows through preview, staging, sealing, the blind index, merging and the tallies.

Beside them, in the same run, django-import-export and a raw COPY.

Everything happens in a scratch database that is made and dropped here. Speeds are in rows per second, memory in MB of this process.
"""

import os
import random
from datetime import date
from pathlib import Path

from bench.framework import Result, Target
from bench.import_rig import peers, way

ROWS = int(os.environ.get("BENCH_REGISTRATIONS", "470000"))
PEER_ROWS = 5_000
"""django-import-export is measured on fewer rows, so that the bench ends in minutes; its speed does not grow with more."""
HEADER = ["编号", "手机号", "姓名", "村居代码", "同意日期", "同意依据", "关注"]
TWICE_EVERY = 50
"""Every so many rows a number comes again with an older consent, as such lists have it."""


def run() -> Result:
    """Write, write again, the peer, the floor; a thousand numbers are matched at the end."""
    with way.scratch() as folder:
        return _compare(folder)


def _phones() -> list[str]:
    chance = random.Random(320312)
    phones = [f"1{number:010d}" for number in chance.sample(range(3_000_000_000, 9_999_999_999), ROWS)]
    for place in range(TWICE_EVERY - 1, ROWS, TWICE_EVERY):
        phones[place] = phones[place - 1]
    return phones


def _rows(villages: list[str], phones: list[str]):
    for number, phone in enumerate(phones):
        day = "2024-01-31" if number % TWICE_EVERY == TWICE_EVERY - 1 else f"2025-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
        yield (
            f"Z{number:07d}",
            phone,
            f"住户{number % 5000}",
            villages[number % len(villages)],
            day,
            "paper",
            "是" if number % 3 else "否",
        )


def _compare(folder: Path) -> Result:
    import time

    from antifraud.registrations.models import Registration
    from antifraud.registrations.public import match_phones
    from antifraud.registrations.queries.counts import counts_under
    from tongshan_portal.accounts.actor import actor_for
    from tongshan_portal.accounts.enums import Role
    from tongshan_portal.accounts.models import Department, Posting, User

    villages = sorted({grid[:12] for grid in way.district()})
    user = User.objects.create_user(username="bench", name="bench")
    police, _created = Department.objects.get_or_create(code="police", defaults={"name": "police"})
    Posting.objects.create(user=user, role=Role.ANTIFRAUD_OFFICER, area_code="320312", department=police, starts_on=date(2020, 1, 1))
    actor, path, phones = actor_for(user), folder / "registrations.csv", _phones()
    way.write_csv(path, HEADER, _rows(villages, phones))
    figures: dict[str, float | str | None] = {"rows": ROWS, "file_mb": round(path.stat().st_size / 2**20, 1)}
    twice, before = ROWS // TWICE_EVERY, way.memory()
    for word, outcome in (("import", (ROWS - twice, 0, twice)), ("import_again_unchanged", (0, 0, ROWS))):
        brought = way.bring(actor, "antifraud_registrations", path)
        run = brought.run
        found = (run.state, run.created_rows, run.changed_rows, run.unchanged_rows)
        assert found == ("finished", *outcome), (*found, run.error, run.bad_rows)
        figures |= brought.figures(word, ROWS)
    figures["memory_grown_mb"] = round(way.memory() - before)
    figures["merged_rows"] = twice
    held = Registration.objects.unscoped("bench").count()
    assert held == counts_under(["320312"]).registered == ROWS - twice
    asked = phones[:500] + [f"2{number:010d}" for number in range(500)]
    match_phones(asked)
    begun = time.perf_counter()
    found = match_phones(asked)
    figures["match_1000_numbers_ms"] = round((time.perf_counter() - begun) * 1000, 1)
    assert sum(one is not None for one in found) == min(500, ROWS)
    figures["copy_raw_rows_per_second"] = peers.raw_copy(path, len(HEADER), ROWS)
    figures["import_export_bulk_rows_per_second"] = _import_export(villages)
    speed = float(figures["import_rows_per_second"] or 0)
    result = Result("import_registrations", figures)
    if figures["import_export_bulk_rows_per_second"]:
        result.ratios["import / django-import-export"] = speed / float(figures["import_export_bulk_rows_per_second"])
    result.ratios["raw COPY / import"] = float(figures["copy_raw_rows_per_second"] or 0) / speed
    result.targets.append(Target("rows per second, sealing, blind index, merging and tallies included", speed, ">=", 8_000))
    return result


def _import_export(villages: list[str]) -> int | None:
    """The peer: sealed by the same fields, without merging the same numbers."""
    from antifraud.registrations.models import Registration

    at = "2025-06-30 00:00:00"
    lines = (
        (f"X{number:07d}", f"2{number:010d}", "住户", villages[number % len(villages)], "paper", at, at, at, "registered")
        for number in range(PEER_ROWS)
    )
    header = ("number", "phone", "name", "area_code", "consent_basis", "consented_at", "created_at", "registered_at", "state")
    return peers.import_export(Registration, "number", header, lines)
