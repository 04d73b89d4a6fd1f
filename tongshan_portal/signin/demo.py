"""Demo mode: "try as …". Not routed, refused and checked against outside of it."""

from collections import defaultdict
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grids.areas.models import Area
from tongshan_portal.accounts.enums import ROLES, Role
from tongshan_portal.accounts.models import Posting
from tongshan_portal.kernel import clock

COMMAND = _("Command center")
POWERS = {
    COMMAND: (Role.DUTY_OFFICER, Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR, Role.LEADER, Role.DEPARTMENT_HANDLER),
    _("Safety: the grids"): (Role.TOWN_OFFICER, Role.VILLAGE_OFFICER, Role.GRID_WORKER, Role.CORE_HOUSEHOLD, Role.COMMUNITY_POLICE),
    _("Rule of law"): (Role.MEDIATOR, Role.LEGAL_AID_OFFICER, Role.LEGAL_ADVISER, Role.DOCKING_JUDGE),
    _("Self-governance"): (Role.ROOM_HOST, Role.DEPUTY),
    _("Party leadership"): (Role.PARTY_AFFAIRS_OFFICER, Role.BRANCH_SECRETARY),
    _("Virtue"): (Role.VOLUNTEER_ORGANISER,),
    _("Smart governance: fraud prevention"): (Role.ANTIFRAUD_OFFICER,),
    _("Administration"): (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One card: whom to try the portal as."""

    username: str
    name: str
    role: str | Promise
    sentence: str | Promise
    area: str


def usernames() -> list[str] | None:
    """The sign-in names of the demo people, or None where the installation has no list of them."""
    path = "tongshan_portal.accounts.demo"
    if find_spec(path) is None:
        return None
    return [person.username for person in import_module(path).DEMO_PEOPLE]


def people_by_power() -> list[tuple[str | Promise, list[DemoPerson]]]:
    """The cards, grouped by the six powers, in the order of the roles. Two queries."""
    postings = (
        Posting.objects.unscoped("the demo's cards are for whoever comes")
        .in_force(clock.today())
        .select_related("user")
        .order_by("user_id", "pk")
    )
    names = usernames()
    if names is not None:
        postings = postings.filter(user__username__in=names)
    postings = list(postings)
    areas = dict(Area.objects.filter(code__in={posting.area_code for posting in postings}).values_list("code", "name"))
    cards = defaultdict(list)
    for posting in postings:
        role = Role(posting.role)
        area = areas.get(posting.area_code, posting.area_code)
        cards[role].append(DemoPerson(posting.user.username, posting.user.name, role.label, _sentence(role), area))
    groups = [(power, [card for role in roles for card in cards[role]]) for power, roles in POWERS.items()]
    return [(power, people) for power, people in groups if people]


def _sentence(role: Role) -> str | Promise:
    """What the role is there for, in the words of accounts.enums."""
    facts = ROLES.get(role)
    return facts.sentence if facts else ""


def may_be_tried(user) -> bool:
    """Whether `user` is one of the demo people, in demo mode."""
    names = usernames()
    return settings.DEMO_MODE and user.is_active and (names is None or user.username in names)
