"""What the pages of people show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grids.areas.models import Area
from grids.areas.names import name_of
from tongshan_portal.accounts import grants
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.grants import Grant
from tongshan_portal.accounts.models import Posting, User
from tongshan_portal.accounts.policy import can
from tongshan_portal.accounts.scope import Scope
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ledger.public import present

STATE_LABELS = {"in_force": _("in force"), "future": _("not begun"), "ended": _("ended")}
STATE_TONES = {"in_force": "act", "future": "soon", "ended": "plain"}
HISTORY, CHOICES = 50, 30


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A posting as a line of a list."""

    pk: int
    user_id: int
    name: str
    username: str
    disabled: bool
    role: str
    area_code: str
    area: str
    department: str
    starts_on: date
    ends_on: date | None
    state: str
    state_label: str
    tone: str
    href: str


def rows_of(postings: Iterable[Posting], today: date) -> list[PostingRow]:
    """Postings as lines. What many of them share, such as a role's word in the reader's language, is looked up once."""
    roles = {value: str(label) for value, label in Role.choices}
    states = {value: str(label) for value, label in STATE_LABELS.items()}
    person = reverse("people:person", args=[0]).removesuffix("0/")
    return [_row_of(posting, today, roles, states, person) for posting in postings]


def _row_of(posting: Posting, today: date, roles: Mapping[str, str], states: Mapping[str, str], person: str) -> PostingRow:
    state = posting.state_on(today)
    return PostingRow(
        posting.pk,
        posting.user_id,
        str(posting.user),
        posting.user.username,
        not posting.user.is_active,
        roles[posting.role],
        posting.area_code,
        name_of(posting.area_code),
        posting.department.name if posting.department else "",
        posting.starts_on,
        posting.ends_on,
        state,
        states[state],
        STATE_TONES[state],
        f"{person}{posting.user_id}/",
    )


def postings_for(scope: Scope) -> QuerySet[Posting]:
    """The postings that a scope holds, with what a line shows."""
    return (
        Posting.objects.visible_to(scope)
        .select_related("user", "department")
        .only("role", "area_code", "starts_on", "ends_on", "user__name", "user__username", "user__is_active", "department__name")
    )


def person_for(actor: Actor, pk: int) -> User:
    """The person, where the actor may know of her; else Http404."""
    return get_object_or_404(User.objects.visible_to(actor.scope), pk=pk)


@dataclass(frozen=True, slots=True)
class PersonPage:
    """All that the page of one person shows, and which verbs the reader may do to her."""

    person: User
    postings: list[PostingRow]
    grants: list[Grant]
    shows_grants: bool
    history: list[tuple[LedgerEntry, str]]
    shows_history: bool
    verbs: frozenset[str]


VERBS = ("postings.give", "grants.give", "users.change", "users.disable", "users.enable", "users.set_initial_password", "postings.end")


def _postings_of(actor: Actor, person: User) -> QuerySet[Posting]:
    rows = Posting.objects.unscoped("one's own postings") if person.pk == actor.user_id else Posting.objects.visible_to(actor.scope)
    return rows.filter(user=person).select_related("user", "department").order_by("-starts_on", "-pk")


def _history_of(person: User, postings: list[Posting]) -> list[tuple[LedgerEntry, str]]:
    of_postings = Q(object_type="accounts.posting", object_id__in=[str(posting.pk) for posting in postings])
    entries = LedgerEntry.objects.filter(Q(object_type="accounts.user", object_id=str(person.pk)) | of_postings)
    return [(entry, present(entry)) for entry in entries.order_by("-at", "-pk")[:HISTORY]]


def person_page(actor: Actor, person: User) -> PersonPage:
    """The page of a person whom the actor may see."""
    today, itself = clock.today(), person.pk == actor.user_id
    postings = list(_postings_of(actor, person))
    shows_grants = itself or bool(actor.scope.reaches_for("users.view"))
    shows_history = any(len(code) == 6 for code in actor.scope.areas_for("ledger.view"))
    return PersonPage(
        person,
        rows_of(postings, today),
        grants.of(person, clock.now()) if shows_grants else [],
        shows_grants,
        _history_of(person, postings) if shows_history else [],
        shows_history,
        frozenset(name.replace(".", "_") for name in VERBS if can(actor, name, person)),
    )


def areas_like(scope: Scope, text: str) -> list[tuple[str, str]]:
    """(code, name) of areas in force whose code begins with the text or whose name holds it, within the scope's areas."""
    condition = Q(pk__in=[])
    for code in scope.areas_for("postings.view"):
        condition |= Q(code__startswith=code)
    rows = Area.objects.filter(condition, valid_to=None)
    if text:
        rows = rows.filter(Q(code__startswith=text) | Q(name__icontains=text))
    return list(rows.order_by("level", "code").values_list("code", "name")[:CHOICES])


def people_who_help() -> list[User]:
    """The security administrators in force: whom to ask for a posting or a grant."""
    postings = Posting.objects.unscoped("everybody may know whom to ask").in_force(clock.today()).filter(role=Role.SECURITY_ADMIN)
    return list(User.objects.filter(pk__in=postings.values("user_id")).order_by("pk"))
