"""The demo's alerts of the last three months: invented, marked as simulated, brought to their end by the real actions at past times."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tongshan_portal.accounts.actor import Actor, system_actor
from tongshan_portal.accounts.demo import GRID, NEXT_GRID
from tongshan_portal.workflow.calendar import local

from .actions import closing, dissuading
from .actions.dissuading import Amounts, AttemptGiven
from .actions.receiving import receive_warnings
from .enums import Channel, MoneyWent, Outcome
from .models import FraudAlert
from .simulating import GIVEN, SURNAMES

SOURCES = ("demo-police", "demo-bank", "demo-telecom")
DAYS = 90
"""So far back the history goes; what is younger than `ENDED` days may not be over yet."""
ENDED = 3
GRADES = (("high", 2), ("medium", 3), ("low", 3))
"""What is drawn, and how often."""
ENDS = (
    ("stopped", 17), ("not_listening", 3), ("after", 3), ("before", 3), ("unknown", 1), ("false_alarm", 7), ("unreachable", 4),
    ("duplicate", 1),
)  # fmt: skip
"""How it ends: an outcome, or when the money went of somebody who was defrauded."""


@dataclass(frozen=True, slots=True)
class Plot:
    """The course of one alert."""

    serial: int
    at: datetime
    phone: str
    place: str
    end: str
    chance: random.Random


def _drawn(chance: random.Random, choices: Sequence[tuple[str, int]]) -> str:
    return chance.choices([name for name, _often in choices], [often for _name, often in choices])[0]


def plots(number: int, grids: Sequence[str], now: datetime) -> Iterator[Plot]:
    """The courses in order of time; one in eight is about somebody who was warned of before.

    In the grids that the demo's people serve by day; elsewhere in the evening, when the duty officer goes in place of the desk: whoever
    records an outcome does not check it.
    """
    chance = random.Random(320312)  # noqa: S311 - a demo
    people: list[tuple[str, str]] = []
    ages = sorted((chance.uniform(ENDED, DAYS) for _one in range(number)), reverse=True)
    for serial, age in enumerate(ages):
        # 1990000xxxx: numbers of the kind that operators keep for tests.
        here = chance.choice((GRID, NEXT_GRID)) if serial % 2 else chance.choice(grids)
        phone, place = chance.choice(people) if people and chance.random() < 0.125 else (f"1990000{9000 + serial:04d}", here)
        people.append((phone, place))
        at = local(now - timedelta(days=age)).replace(hour=9 if place in (GRID, NEXT_GRID) else 18, minute=30, second=0, microsecond=0)
        yield Plot(serial, at + timedelta(minutes=chance.randrange(60)), phone, place, _drawn(chance, ENDS), random.Random(serial))  # noqa: S311 - a demo


def play(plot: Plot, actors: Mapping[int, Actor], checkers: Sequence[Actor], types: Sequence[str]) -> bool:
    """Take the warning in and lead its alert to its end; False where it was there already."""
    chance, risk = plot.chance, plot.chance.randrange(4, 120) * 500
    warning = {
        "external_id": f"demo-{plot.serial:04d}", "phone": plot.phone, "happened_at": (plot.at - timedelta(minutes=2)).isoformat(),
        "type": chance.choice(types), "grade": _drawn(chance, GRADES), "area_code": plot.place, "amount": str(risk),
        "name": f"{chance.choice(SURNAMES)}{chance.choice(GIVEN)}（演示）",
    }  # fmt: skip
    received = receive_warnings(
        actor=system_actor("alerts"), source=SOURCES[plot.serial % 3], rows=[warning], now=plot.at, is_simulated=True
    )
    if not received.opened:
        return False
    row = FraudAlert.objects.unscoped("the demo leads its own alert").get(code=received.opened[0])
    worker = actors[row.assignee_id or 0]
    checker = next(one for one in checkers if one.user_id != worker.user_id)
    done = _try(row, worker, plot)
    if plot.end == Outcome.UNREACHABLE:
        dissuading.hand_over(actor=worker, alert_id=row.pk, reason="多次上门均无人应答，电话关机。", now=done)
    else:
        outcome, amounts = _outcome(plot, Decimal(risk), done)
        dissuading.record_outcome(actor=worker, alert_id=row.pk, outcome=outcome, amounts=amounts, now=done + timedelta(minutes=25))
    _close(row, checker, plot, done)
    return True


def _try(row: FraudAlert, worker: Actor, plot: Plot) -> datetime:
    """Attempts, the first within the minutes of the grade three times of four; answers when the last one was."""
    minutes = {"high": 7, "medium": 18, "low": 35}[row.grade] * (1 if plot.chance.random() < 0.75 else 2)
    at, unreachable = plot.at + timedelta(minutes=minutes), plot.end == Outcome.UNREACHABLE
    results = ["no", "no"] if unreachable else ["no", "yes"] if plot.chance.random() < 0.25 else ["yes"]
    for place, result in enumerate(results):
        at += timedelta(minutes=20 if place else 0)
        given = AttemptGiven(Channel.VISIT, result, at=at, identity_checked=result == "yes")
        dissuading.record_attempt(actor=worker, alert_id=row.pk, attempt=given, now=at)
    return at


def _outcome(plot: Plot, risk: Decimal, at: datetime) -> tuple[str, Amounts]:
    """What became of the person, with the amounts that fit."""
    if plot.end == Outcome.STOPPED:
        return plot.end, Amounts(risk, stopped=risk)
    if plot.end not in MoneyWent.values:
        return plot.end, Amounts(risk if plot.end == Outcome.NOT_LISTENING else None)
    gone = {MoneyWent.BEFORE: plot.at - timedelta(hours=2), MoneyWent.AFTER: at - timedelta(minutes=2)}.get(MoneyWent(plot.end))
    return Outcome.DEFRAUDED.value, Amounts(risk, risk, risk // 4, plot.end, gone)


def _close(row: FraudAlert, checker: Actor, plot: Plot, done: datetime) -> None:
    """A second person's check, the return call after a fraud, and the end."""
    evening = local(plot.at).hour > 12
    later = done + timedelta(hours=plot.chance.randrange(12, 16) if evening else plot.chance.randrange(1, 6))
    row = closing.check_outcome(actor=checker, alert_id=row.pk, now=later)
    if row.outcome in (Outcome.STOPPED, Outcome.NOT_LISTENING, Outcome.DEFRAUDED):
        later += timedelta(days=1)
        closing.make_return_call(actor=checker, alert_id=row.pk, reached=True, is_safe=True, notes="情况稳定。", now=later)
    closing.close(actor=checker, alert_id=row.pk, now=later + timedelta(minutes=10))
