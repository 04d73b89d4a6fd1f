"""Made-up warnings for practice: people and numbers that nobody has, marked as simulated wherever they are shown."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

from grids.areas.codes import Level
from grids.areas.models import Area

from .enums import Grade
from .models import FraudType

SOURCE = "simulation"
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙", "演示者甲乙丙丁"
WEIGHTS = (1, 3, 4)
"""One high for three medium and four low."""


def simulated_rows(now: datetime, seed: int | None = None) -> Iterator[dict[str, str]]:
    """Warnings without end; one in eight is about somebody who was warned of lately."""
    chance = random.Random(seed)  # noqa: S311 - practice, no secret
    grids = list(Area.objects.filter(level=Level.GRID, valid_to=None).values_list("pk", flat=True)[:2000])
    types = list(FraudType.objects.filter(in_use=True).values_list("code", flat=True))
    lately: list[tuple[str, str, str]] = []
    while True:
        if lately and chance.random() < 0.125:
            phone, area, kind = chance.choice(lately)
        else:
            # 1990000xxxx: numbers of the kind that operators keep for tests.
            phone, area, kind = f"1990000{chance.randrange(10_000):04d}", chance.choice(grids) if grids else "", chance.choice(types)
            lately = [*lately[-50:], (phone, area, kind)]
        yield {
            "external_id": f"S-{uuid4().hex}",
            "phone": phone,
            "happened_at": (now - timedelta(seconds=chance.randrange(5, 120))).isoformat(),
            "type": kind,
            "grade": chance.choices([grade.value for grade in Grade], WEIGHTS)[0],
            "name": f"{chance.choice(SURNAMES)}{chance.choice(GIVEN)}（演示）",
            "area_code": area,
            "amount": str(chance.randrange(1, 400) * 500),
        }
