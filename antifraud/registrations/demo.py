"""The demo's registrations: invented, called so, the same for the same villages. Numbers begin with 0516-0000, which no line can have."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from .actions.importing import Given

PER_VILLAGE = 12
FIRST_DAY = date(2025, 1, 1)


def registrations(villages: Sequence[str]) -> Iterator[Given]:
    """Twelve or so in each village, two of three with notices."""
    serial = 0
    for village in villages:
        chance = np.random.default_rng(int(village) % 2**32)
        for _order in range(PER_VILLAGE + int(chance.integers(-5, 6))):
            yield Given(
                external_id=f"SY-{serial:06d}",
                phone=f"05160000{serial:04d}",
                name=f"示例居民{serial:04d}",
                area_code=village,
                consented_on=FIRST_DAY + timedelta(days=int(chance.integers(0, 365))),
                consent_basis="paper",
                follows=bool(chance.integers(0, 3)),
            )
            serial += 1
