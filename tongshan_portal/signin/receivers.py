"""What happens in allauth and accounts, into the ledger and to the sessions."""

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth import get_user_model
from django.db import transaction

from tongshan_portal.kernel import clock

from . import records, sessions
from .records import Ended
from .sessions import FACTOR_SEEN


def on_session_begun(sender, request, user, **_):
    """Whoever signs in, by whatever way: what pages ask of the session is there from its first page on."""
    sessions.begin(request.session, user, clock.now())


def on_signed_in(sender, request, user, **_):
    """The ledger knows how the person proved who they are."""
    methods = [entry.get("type") or entry["method"] for entry in get_authentication_records(request, user)]
    records.session_opened(request, user, methods=methods or [getattr(request, "signin_method", "other")])


def on_signed_out(sender, request, user, **_):
    """Also called when time is up: the middleware says so on the request."""
    if user is None or not user.is_authenticated:
        return
    why = getattr(request, "signin_ended", Ended.SIGNED_OUT)
    with transaction.atomic():
        records.session_closed(records.person(request, user), user, why)
        sessions.tell_ended(request.session.session_key, user.pk, why)


def on_password_changed(sender, request, user, **_):
    """Other sessions end (ASVS 7.4.3); the wish for a change is fulfilled."""
    with transaction.atomic():
        if user.must_change_password:
            user.must_change_password = False
            user.save(update_fields=["must_change_password"])
        records.password_changed(request, user)
        sessions.end_others(actor=records.person(request, user), keep=request.session.session_key, why=Ended.PASSWORD_CHANGED)


def on_factor_added(sender, request, user, authenticator, **_):
    records.factor_changed(request, user, verb="second_factor.added", kind=authenticator.type)


def on_factor_removed(sender, request, user, authenticator, **_):
    request.session.pop(FACTOR_SEEN, None)
    records.factor_changed(request, user, verb="second_factor.removed", kind=authenticator.type)


def on_factor_reset(sender, request, user, authenticator, **_):
    records.factor_changed(request, user, verb="second_factor.renewed", kind=authenticator.type)


def on_access_changed(sender, user_id, **_):
    """A person who was disabled is out at once (ASVS 7.4.2)."""
    if not get_user_model().objects.filter(pk=user_id, is_active=True).exists():
        sessions.end_all_of(user_id, Ended.DISABLED)
