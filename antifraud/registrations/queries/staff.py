"""What officers see of registrations: masked, in their areas."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.urls import reverse

from grids.areas.names import name_of, path_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can

from ..enums import MEMBER_TONES, STATE_TONES, OwnConsent, State
from ..models import FamilyMember, Registration, RegistrationPoint


def rows_for(actor: Actor) -> QuerySet:
    """The registrations that the actor may see."""
    return Registration.objects.visible_to(actor.scope)


@dataclass(frozen=True, slots=True)
class Line:
    """A registration as a line of the list."""

    row: Registration
    phone: str
    name: str
    area: str
    state: str
    tone: str
    href: str


def lines_of(rows: list[Registration]) -> list[Line]:
    """Registrations as lines, masked; no queries."""
    return [
        Line(
            row,
            row.phone.masked if row.phone else "",
            row.name.masked if row.name else "",
            name_of(row.area_code),
            str(State(row.state).label),
            STATE_TONES[State(row.state)],
            reverse("registrations:show", args=[row.number]),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One registration with its family."""

    row: Registration
    path: list[tuple[str, str]]
    state: str
    tone: str
    family: list[tuple[FamilyMember, str, str]]
    may_withdraw: bool


def sheet(actor: Actor, row: Registration) -> Sheet:
    """The page of a registration that the actor may see."""
    members = FamilyMember.objects.visible_to(actor.scope).filter(registration=row).select_related("relation")
    family = [
        (one, str(OwnConsent(one.state).label), MEMBER_TONES[OwnConsent(one.state)]) for one in members if one.state != OwnConsent.ERASED
    ]
    may = row.state in (State.PENDING, State.REGISTERED) and bool(can(actor, "registrations.withdraw", row))
    state = State(row.state)
    return Sheet(row, path_of(row.area_code), str(state.label), STATE_TONES[state], family, may)


@dataclass(frozen=True, slots=True)
class PointLine:
    """A registration point with what came of it."""

    row: RegistrationPoint
    area: str
    registered: int


def points_for(actor: Actor) -> QuerySet:
    """The points that the actor may see, open ones first."""
    return RegistrationPoint.objects.visible_to(actor.scope)


def point_lines(rows: list[RegistrationPoint]) -> list[PointLine]:
    """Points with how many registrations came by each; one query."""
    registrations = Registration.objects.unscoped("a number beside a point that the reader may see").registered()
    counted = dict(registrations.filter(point__in=rows).order_by().values_list("point").annotate(number=Count("pk")))
    return [PointLine(row, name_of(row.area_code), counted.get(row.pk, 0)) for row in rows]
