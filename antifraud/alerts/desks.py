"""Who goes: from the grade and the place to a desk, and to the person where only one sits at it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from grids.areas.codes import LENGTHS, Level
from grids.areas.names import name_of
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting, User
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.calendar import MICROSECOND, local, working_calendar

from .enums import ROLE_OF, Goes
from .models import AlertPolicy, FraudAlert, GradePolicy

ORDER = {
    Goes.GRID_WORKER: (Goes.GRID_WORKER, Goes.COMMUNITY_POLICE, Goes.DESK),
    Goes.COMMUNITY_POLICE: (Goes.COMMUNITY_POLICE, Goes.DESK),
    Goes.DESK: (Goes.DESK,),
    Goes.DUTY: (Goes.DUTY, Goes.DESK),
}
"""Whom to ask where nobody sits at the desk that the grade names."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk with the people at it. `assignee_id` is the person by name: chosen, or because nobody else sits there."""

    goes: Goes
    area_code: str
    people: tuple[int, ...]
    assignee_id: int | None = None

    def __str__(self) -> str:
        return f"{self.goes.label} · {name_of(self.area_code)}"


def is_open(limits: AlertPolicy, now: datetime) -> bool:
    """Whether the anti-fraud desk is open at a moment, by its policy and the service calendar."""
    if limits.desk_always_open:
        return True
    calendar, here = working_calendar(), local(now)
    passed = here - here.replace(hour=0, minute=0, second=0, microsecond=0)
    return calendar.is_working(here.date()) and any(begin <= passed // MICROSECOND < end for begin, end in calendar.hours.spans)


class Roster:
    """Who sits where today, for the areas of a batch; one question."""

    def __init__(self, area_codes: Iterable[str]):
        places = {code[:length] for code in area_codes for length in LENGTHS if length <= len(code)}
        rows = Posting.objects.unscoped("who goes follows from the desks, not from who asks").in_force(clock.today())
        self._at: dict[tuple[str, str], list[int]] = defaultdict(list)
        roles = sorted(role.value for role in ROLE_OF.values())
        for role, code, user_id in (
            rows.filter(role__in=roles, area_code__among=places).order_by("id").values_list("role", "area_code", "user_id")
        ):
            if user_id not in self._at[role, code]:
                self._at[role, code].append(user_id)

    def at(self, goes: Goes, area_code: str) -> Desk | None:
        """The nearest desk of a kind for an area; grid workers go in their own grid alone. None where nobody sits."""
        role = ROLE_OF[goes].value
        codes = [area_code[:length] for length in reversed(LENGTHS) if length <= len(area_code)]
        if role == Role.GRID_WORKER:
            codes = [code for code in codes if len(code) == Level.GRID]
        for code in codes:
            people = self._at.get((role, code))
            if people:
                return Desk(goes, code, tuple(people), people[0] if len(people) == 1 else None)
        return None

    def desk_for(self, policy: GradePolicy, area_code: str, *, desk_open: bool) -> Desk | None:
        """Who goes. While the desk is closed, the duty officer; in an unknown place the desk decides: None."""
        if not desk_open:
            duty = self.at(Goes.DUTY, area_code)
            if duty is not None:
                return duty
        if len(area_code) <= Level.DISTRICT:
            return None
        return next((desk for goes in ORDER[Goes(policy.goes)] if (desk := self.at(goes, area_code)) is not None), None)

    def people_of(self, goes: Goes, area_code: str) -> set[int]:
        """Everybody who sits at desks of a kind that hold the area."""
        role = ROLE_OF[goes].value
        return {user for length in LENGTHS if length <= len(area_code) for user in self._at.get((role, area_code[:length]), ())}


def recipients_for(row: FraudAlert) -> list[tuple[str, str]]:
    """Everybody to whom an alert can be assigned, as choices: desk and person."""
    return recipients_at(row.area_code)


def recipients_at(area_code: str) -> list[tuple[str, str]]:
    """The same for a place: for one that holds several alerts, who can be asked for every one of them."""
    roster, found = Roster([area_code]), []
    for goes in Goes:
        desk = roster.at(goes, area_code)
        if desk is None:
            continue
        if len(desk.people) > 1:
            found.append((f"{goes}:{desk.area_code}:", str(desk)))
        names = User.objects.in_bulk(list(desk.people))
        found += [(f"{goes}:{desk.area_code}:{pk}", f"{names[pk]} · {desk}") for pk in desk.people]
    return found


def recipient_named(text: str, row: FraudAlert) -> Desk:
    """The desk of a choice as forms send it. Raises DomainError for what is no choice."""
    if text not in dict(recipients_for(row)):
        raise DomainError(_("Choose a desk or a person of the place where the warned person lives."), field="recipient")
    goes, code, person = text.split(":")
    desk = Roster([row.area_code]).at(Goes(goes), row.area_code)
    if desk is None:
        raise DomainError(_("Choose a desk or a person of the place where the warned person lives."), field="recipient")
    return Desk(desk.goes, code, desk.people, int(person) if person else desk.assignee_id)
