"""What changes rights or ends sessions below and beside, told to every web process through the same stream."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.urls import reverse

from tongshan_portal.accounts.scope import scope_of
from tongshan_portal.kernel import clock

from . import actions, gate
from .own_kinds import ACCESS_CHANGED, SIGNED_IN_ELSEWHERE
from .publish import publish
from .topics import ACCESS


def on_access_changed(sender, user_id: int, **_rest) -> None:
    """Open streams of the person go on under the rights of now, or end; notices follow the desks; who was here before is told."""
    publish(topic=ACCESS.name, kind="access.changed", user_ids=[user_id])
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    actions.follow_desks(scope=scope_of(user, clock.today()))
    if user.last_login is not None:
        actions.notify_person(user_id=user_id, kind=ACCESS_CHANGED.name, link=reverse("home"), once=True)


def on_signed_in(sender, request, user, **_rest) -> None:
    """A person who is signed in elsewhere learns there that somebody signed in on a device that she is not signed in on."""
    if request is None:
        return
    others = UserSession.objects.filter(user_id=user.pk).exclude(session_key=request.session.session_key)
    agents = set(others.values_list("user_agent", flat=True))
    if agents and request.META.get("HTTP_USER_AGENT", "") not in agents:
        params = {"ip": request.META.get("REMOTE_ADDR", "–")}
        actions.notify_person(user_id=user.pk, kind=SIGNED_IN_ELSEWHERE.name, params=params, link=reverse("usersessions_list"))


def on_session_ended(sender, session_key: str, user_id: int | None, **_rest) -> None:
    """The stream of that session ends."""
    if user_id is not None:
        publish(topic=ACCESS.name, kind="session.ended", user_ids=[user_id], line={"session": gate.digest_of(session_key)})
