"""Accounts: create, change, disable, enable, set an initial password."""

import secrets

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError, InvalidTransition
from tongshan_portal.ledger.public import record

from ..actor import Actor
from ..models import User
from ..policy import require
from .telling import tell_access_changed

_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def one_time_password() -> str:
    """A password that a person can copy from paper: four groups of four, without letters that look alike (93 bits)."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _position in range(4)) for _group in range(4))


def _locked(user_id: int) -> User:
    return User.objects.select_for_update().get(pk=user_id)


@transaction.atomic
def create_user(*, actor: Actor, username: str, name: str, phone: str = "", password: str | None = None) -> User:
    """Create an account without any right. With a password, it is a first one and has to be changed; without, nobody can sign in yet."""
    require(actor, "users.create")
    if not name.strip():
        raise DomainError(_("A person needs a name."), field="name")
    user = User(username=User.normalize_username(username.strip()), name=name.strip(), phone=phone or None)
    user.must_change_password = password is not None
    user.password = make_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(_("This sign-in name is taken."), field="username") from error
    record(actor=actor, verb="user.created", row=user)
    return user


@transaction.atomic
def change_user(*, actor: Actor, user_id: int, name: str, phone: str | None = None) -> User:
    """Correct the name, and the phone number when one is given. The ledger keeps the names, of the phone only that it changed."""
    user = _locked(user_id)
    require(actor, "users.change", user)
    if not name.strip():
        raise DomainError(_("A person needs a name."), field="name")
    changed = {"name": [user.name, name.strip()]} if name.strip() != user.name else {}
    user.name = name.strip()
    fields = ["name"]
    if phone:
        user.phone = phone
        fields.append("phone")
    user.save(update_fields=fields)
    record(actor=actor, verb="user.changed", row=user, detail={"changed": changed, "phone": bool(phone)})
    return user


@transaction.atomic
def disable_user(*, actor: Actor, user_id: int, reason: str) -> User:
    """Shut an account at once: open sessions and streams end with it."""
    user = _locked(user_id)
    require(actor, "users.disable", user)
    if not user.is_active:
        raise InvalidTransition(_("The account is disabled already."))
    return _set_active(actor, user, False, "user.disabled", reason)


@transaction.atomic
def enable_user(*, actor: Actor, user_id: int, reason: str) -> User:
    """Open an account again; its postings in force count again."""
    user = _locked(user_id)
    require(actor, "users.enable", user)
    if user.is_active:
        raise InvalidTransition(_("The account is not disabled."))
    return _set_active(actor, user, True, "user.enabled", reason)


def _set_active(actor: Actor, user: User, active: bool, verb: str, reason: str) -> User:
    if not reason.strip():
        raise DomainError(_("Say why."), field="reason")
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(actor=actor, verb=verb, row=user, reason=reason)
    tell_access_changed(user.pk)
    return user


@transaction.atomic
def set_initial_password(*, actor: Actor, user_id: int, password: str) -> User:
    """Give an account a password that has to be changed at the next sign-in. Sessions opened with the old one end."""
    user = _locked(user_id)
    require(actor, "users.set_initial_password", user)
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record(actor=actor, verb="initial_password.set", row=user)
    tell_access_changed(user.pk)
    return user
