"""Who hears of what, and what the live path says: codes, grades and states, never anything of a person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from tongshan_portal.live.actions import Told, notify_many
from tongshan_portal.live.public import Event, Kind, publish_many

from .desks import Roster
from .enums import Goes
from .models import FraudAlert

KINDS = [
    Kind("alert.arrived", _("Fraud alert %(code)s needs you now.")),
    Kind("alert.arrived_many", _("%(number)s fraud alerts need you now.")),
    Kind("alert.warned_again", _("Fraud alert %(code)s: the person was warned of again.")),
    Kind("alert.warning", _("Fraud alert %(code)s falls due in minutes.")),
    Kind("alert.overdue", _("Fraud alert %(code)s is overdue.")),
    Kind("alert.escalated", _("Fraud alert %(code)s is overdue and nobody has ended it.")),
    Kind("alert.sent_back", _("Fraud alert %(code)s was sent back: its outcome does not hold yet.")),
    Kind("alert.turned_to", _("Fraud alert %(code)s: somebody asks for your help.")),
    Kind("alert.to_assign", _("Fraud alert %(code)s waits for somebody to be assigned.")),
    Kind("alert.woken", _("Fraud alert %(code)s is no longer snoozed.")),
    Kind("alert.regraded", _("The grade of fraud alert %(code)s was changed.")),
    Kind("alert.shift_written", _("A hand-over of the fraud desk waits to be taken over.")),
    Kind("alert.shift_taken", _("%(who)s took over your hand-over of the fraud desk.")),
]

TOPIC, COUNTS = "alerts", "alert_counts"
"""`alerts` is heard by those who see alerts of the area; `alert_counts` says to those who only count that a number has changed."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to an alert, and who beyond the line hears it by name."""

    kind: str
    code: str
    grade: str
    state: str
    area_code: str
    people: tuple[int, ...] = ()


def publish_alerts(happened: Sequence[Happened]) -> None:
    """Tell the line of each, the people asked of theirs, and once per town those who count."""
    publish_many(_events(happened))


def _events(happened: Sequence[Happened]) -> list[Event]:
    events = []
    for one in happened:
        line = {"alert": one.code, "grade": one.grade, "state": one.state}
        events.append(Event(TOPIC, one.kind, one.area_code, line))
        if one.people:
            events.append(Event(TOPIC, one.kind, one.area_code, line, one.people))
    towns = sorted({one.area_code[:9] for one in happened})
    return [*events, *(Event(COUNTS, "alert.counted", town) for town in towns)]


def publish_reading(codes: Iterable[tuple[str, str]], kind: str) -> None:
    """Say to the line that somebody keeps an alert for herself (`alert.kept`), or no longer (`alert.given_back`): (code, area)."""
    publish_many([Event(TOPIC, kind, area_code, {"alert": code}) for code, area_code in codes])


def tell(people: Iterable[int], kind: str, row: FraudAlert) -> None:
    """One notice to several people about one alert."""
    notify_many([Told((user_id,), kind, {"code": row.code}, link_of(row.code)) for user_id in sorted(set(people))])


def tell_arrived(arrived: Iterable[tuple[int, str]], happened: Sequence[Happened]) -> None:
    """(person, code) of a batch: one notice per person, however many alerts she got. With what happened, in one stream."""
    codes: dict[int, list[str]] = defaultdict(list)
    for user_id, code in arrived:
        codes[user_id].append(code)
    lines = []
    for user_id, own in sorted(codes.items()):
        if len(own) == 1:
            lines.append(Told((user_id,), "alert.arrived", {"code": own[0]}, link_of(own[0])))
        else:
            lines.append(Told((user_id,), "alert.arrived_many", {"number": len(own)}, reverse("alerts:index")))
    notify_many(lines, also=_events(happened))


def link_of(code: str) -> str:
    """The page of an alert."""
    return _page(get_script_prefix()).replace("CODE", code)


@lru_cache(maxsize=8)
def _page(_prefix: str) -> str:
    """Its address with a stand-in for the code: a batch asks for hundreds."""
    return reverse("alerts:show", args=["CODE"])


def tell_the_desk(kind: str, row: FraudAlert) -> None:
    """Tell the anti-fraud desk of an alert's place, and the duty officer while it is with her."""
    roster = Roster([row.area_code])
    people = roster.people_of(Goes.DESK, row.area_code)
    if row.with_duty or not people:
        people |= roster.people_of(Goes.DUTY, row.area_code)
    tell(people, kind, row)
