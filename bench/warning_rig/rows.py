"""Made-up warnings, as another system sends them."""

import random
from datetime import datetime, timedelta

from .district import phone

TYPES = ("brushing", "investment", "authority", "loan", "customer_service")
GRADES = ("high", "medium", "low")


def warnings(
    grids: list[str], count: int, now: datetime, *, first: int = 0, since: int = 0, again: bool = True, prefix: str = "W"
) -> list[dict[str, str]]:
    """`count` warnings about people from `first` on; with `again` one in ten is about somebody from `since` on, warned of before or now."""
    chance = random.Random(first)
    rows = []
    for number in range(first, first + count):
        who = chance.randrange(since, number + 1) if again and number % 10 == 9 else number
        rows.append(
            {
                "external_id": f"{prefix}-{number}", "phone": phone(who), "happened_at": (now - timedelta(seconds=30)).isoformat(),
                "type": TYPES[who % len(TYPES)], "grade": GRADES[who % 3], "name": f"住户{who % 5000}",
                "address": f"示例村{who % 97}组{who % 61}号", "area_code": grids[who % len(grids)],
                "amount": str(chance.randrange(1, 200_000)),
            }
        )  # fmt: skip
    return rows
