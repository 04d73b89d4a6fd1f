"""The demo's households, places, facilities and organisations: invented, called so, and the same for the same areas.

Households stand in micro-grids, ten in each; what else there is stands in every grid. Telephone numbers begin with 0516-0000, which no
line can have.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from django.db.models import QuerySet

from grids.areas.codes import Level
from grids.areas.models import AreaShape

from .actions.recording import HouseholdRow

PER_MICRO_GRID = 10
NEEDS = ("elderly_care", "disability", "medical")
AGREED = date(2026, 1, 31)
KIND_WORDS = {
    "place": (("market", "示例集贸市场"), ("school", "示例小学"), ("clinic", "示例卫生室"), ("site", "示例工地")),
    "facility": (("hydrant", "示例消防栓"), ("camera", "示例监控"), ("manhole", "示例窨井盖"), ("light", "示例路灯")),
    "organisation": (("enterprise", "示例企业"), ("social", "示例合作社"), ("self_employed", "示例商店")),
}


def spots(level: Level) -> QuerySet[AreaShape, tuple[str, float, float]]:
    """(code, longitude, latitude) of a point inside every area of a level, by code."""
    return AreaShape.objects.filter(area__level=level, area__valid_to=None).order_by("pk").values_list("pk", "label_lon", "label_lat")


def households(places: Sequence[tuple[str, float, float]]) -> Iterator[HouseholdRow]:
    """Ten households in each micro-grid: four buildings' worth of rooms, close to the middle."""
    for code, lon, lat in places:
        chance = np.random.default_rng(int(code) % 2**32)
        shifts = chance.uniform(-4e-5, 4e-5, (PER_MICRO_GRID, 2))
        sizes, serial = chance.integers(1, 7, PER_MICRO_GRID).tolist(), int(code[-6:])
        for order in range(PER_MICRO_GRID):
            needs = (NEEDS[order % len(NEEDS)],) if (order + serial) % 12 == 0 else ()
            yield HouseholdRow(
                number=f"SY{code}{order:02d}",
                area_code=code,
                address=f"示例路{int(code[-3:])}号{order // 4 + 1}号楼{order % 2 + 1}单元{order // 2 + 1}0{order % 2 + 1}室",
                lon=round(lon + shifts[order, 0], 6),
                lat=round(lat + shifts[order, 1], 6),
                contact=f"示例住户{serial % 1000:03d}{order}",
                phone=f"0516-0000{(serial * PER_MICRO_GRID + order) % 10_000:04d}",
                size=sizes[order],
                needs=needs,
                needs_agreed_on=AGREED if needs else None,
            )


def elements(kind: str, places: Sequence[tuple[str, float, float]]) -> Iterator[dict[str, object]]:
    """One place and one organisation in every other grid, a facility in each."""
    for order, (code, lon, lat) in enumerate(places):
        if kind != "facility" and order % 2:
            continue
        words = KIND_WORDS[kind]
        word, name = words[order % len(words)]
        yield {
            "number": f"SY-{kind[0].upper()}-{code}",
            "area_code": code,
            "address": f"示例大道{order % 200 + 1}号",
            "lon": round(lon + 2e-4 * (len(kind) - 8), 6),
            "lat": round(lat, 6),
            "name": f"{name}{code[-6:]}",
            "kind": word,
            "sensor_id": f"SY-{code}" if kind == "facility" and order % 10 == 0 else None,
            "credit_code": None,
        }
