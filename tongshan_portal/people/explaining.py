"""Why somebody can or cannot do something: the steps of `can()`, as the query would decide, without telling what the asker may not know."""

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tongshan_portal.accounts import policy
from tongshan_portal.accounts.actor import Actor, actor_for
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import User
from tongshan_portal.accounts.policy import Action, Place, Rule, Step
from tongshan_portal.accounts.querysets import ScopedQuerySet

from . import queries


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer: allowed or not, the steps that led there, which roles hold the action, and whom to ask."""

    who: str
    action: Action
    subject: str
    allowed: bool
    steps: tuple[Step, ...]
    roles: list[str | Promise]
    helpers: list[User]


def row_called(text: str, asker: Actor) -> Model | None:
    """The row `app.model:key`, if the asker may see it. A row outside her scope and one that is not there are the same."""
    label, _colon, key = text.partition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    rows = model._default_manager.all()
    if not isinstance(rows, ScopedQuerySet) and model is not User:
        return None
    try:
        return rows.visible_to(asker.scope).filter(pk=key).first()
    except (ValueError, ValidationError):
        return None


def _hidden(actor: Actor, action: Action) -> tuple[Step, ...]:
    role = policy.can(actor, action.name).steps[:1]
    return (*role, Step(Rule.AREA, False, _("There is no such thing, or it lies outside your postings: which of the two is not told.")))


def explain(*, asker: Actor, about: User | None, action: Action, row: str = "", area_code: str = "") -> Answer:
    """Why `about` (the asker herself, when None) may or may not do `action`, to a row or in an area. Asking of others is decided before."""
    actor = asker if about is None else actor_for(about)
    name = str(asker.user) if about is None else str(about)
    found = row_called(row, asker) if row else Place(area_code) if area_code else None
    if row and found is None:
        allowed, steps, subject = False, _hidden(actor, action), ""
    else:
        decision = policy.can(actor, action.name, found)
        allowed, steps, subject = decision.allowed, decision.steps, str(found) if row else area_code
    roles = [role.label for role in Role if role in action.roles]
    return Answer(name, action, subject, allowed, steps, roles, [] if allowed else queries.people_who_help())
