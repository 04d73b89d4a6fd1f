"""What one may do to people, postings and grants, and who."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .enums import ADMINISTRATORS, Role
from .policy import Action

DIRECTORY_READERS = frozenset(Role) - {Role.CORE_HOUSEHOLD, Role.DEPUTY, Role.LEGAL_ADVISER}
_SYSTEM, _SECURITY = frozenset({Role.SYSTEM_ADMIN}), frozenset({Role.SECURITY_ADMIN})


def not_oneself(actor, row) -> str | Promise | None:
    """Nobody gives rights to herself, nor takes them. `row` is the person, or what belongs to one (`user_id`)."""
    whose = getattr(row, "user_id", None) or row.pk
    return _("Nobody changes her own rights: another administrator has to do it.") if whose == actor.user_id else None


ACTIONS = [
    Action(
        "postings.view",
        _("See postings"),
        _("Those who work in an area see who else has a posting there."),
        DIRECTORY_READERS,
    ),
    Action(
        "postings.give",
        _("Give a posting"),
        _("Security administrators give postings, never to themselves."),
        _SECURITY,
        not_oneself,
    ),
    Action("postings.end", _("End a posting"), _("Security administrators end postings, never their own."), _SECURITY, not_oneself),
    Action("users.view", _("See all people"), _("Administrators see every account, also those without a posting."), ADMINISTRATORS),
    Action("users.create", _("Create a person"), _("System administrators create accounts, which may do nothing yet."), _SYSTEM),
    Action("users.change", _("Change a person"), _("System administrators correct names and phone numbers."), _SYSTEM),
    Action(
        "users.disable",
        _("Disable a person"),
        _("System and security administrators shut an account at once, never their own."),
        _SYSTEM | _SECURITY,
        not_oneself,
    ),
    Action(
        "users.enable",
        _("Enable a person"),
        _("System administrators open an account again, never their own."),
        _SYSTEM,
        not_oneself,
    ),
    Action(
        "users.set_initial_password",
        _("Set an initial password"),
        _("System administrators set a password that has to be changed at the first sign-in."),
        _SYSTEM,
        not_oneself,
    ),
    Action(
        "grants.give",
        _("Give an exceptional grant"),
        _("Security administrators grant one action on one object to one person, with a reason and a last day, never to themselves."),
        _SECURITY,
        not_oneself,
    ),
    Action("grants.take", _("Take back a grant"), _("Security administrators take exceptional grants back."), _SECURITY, not_oneself),
    Action(
        "access.explain",
        _("Explain another person's access"),
        _("Security and audit administrators ask why somebody else may or may not do something."),
        frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}),
    ),
    Action("departments.change", _("Edit departments"), _("System administrators keep the dictionary of departments."), _SYSTEM),
]
