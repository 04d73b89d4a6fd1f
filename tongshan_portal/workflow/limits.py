"""A time limit as data: how much, in which unit, from when, ending when, and by whose rule."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """Minutes and hours run round the clock; working hours run while the desk is open; a day is not a working day."""

    MINUTE = "minute", _("minutes")
    HOUR = "hour", _("hours")
    WORKING_HOUR = "working_hour", _("working hours")
    DAY = "day", _("days")
    WORKING_DAY = "working_day", _("working days")
    MONTH = "month", _("months")


class Starts(TextChoices):
    """From when it counts: hours at once, days from the day after (民法典 201)."""

    AT_ONCE = "at_once", _("at once")
    DAY_AFTER = "day_after", _("from the day after")


class Ends(TextChoices):
    """When the last day ends: with the hours of service where there are any, else at 24:00 (民法典 203)."""

    CLOSE = "close", _("at close of service")
    MIDNIGHT = "midnight", _("at 24:00")


BY_DAY = (Unit.DAY, Unit.WORKING_DAY, Unit.MONTH)
CALENDAR_FREE = (Unit.MINUTE, Unit.HOUR)


@dataclass(frozen=True)
class TimeLimit:
    """`TimeLimit(7, Unit.DAY, source="法律援助法 43")`. Without a source it is a default, and shown as one.

    `rolls`: a last day that is a rest day moves to the next working day (民法典 203); for days and months only.
    `extendable`: how much extensions may add in all, in the limit's unit; None: as much as is approved; 0: not extendable.
    """

    amount: int
    unit: Unit
    starts: Starts | None = None
    source: str = "default"
    ends: Ends = Ends.CLOSE
    rolls: bool = True
    extendable: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", Unit(self.unit))
        object.__setattr__(self, "ends", Ends(self.ends))
        default = Starts.DAY_AFTER if self.unit in BY_DAY else Starts.AT_ONCE
        object.__setattr__(self, "starts", Starts(self.starts) if self.starts else default)
        if isinstance(self.amount, bool) or not isinstance(self.amount, int) or self.amount < 1:
            raise ValueError("a time limit is a whole number of at least one")
        if self.extendable is not None and self.extendable < 0:
            raise ValueError("an extension adds time")

    @property
    def is_default(self) -> bool:
        """Whether no law or notice stands behind it."""
        return self.source == "default"

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {name: str(value) if isinstance(value, TextChoices) else value for name, value in asdict(self).items()}
