"""Between a session and a page: time that is up, a password that is due, a second factor that is missing."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from tongshan_portal.kernel import clock

from . import factors, sessions
from .records import Ended
from .sessions import FACTOR_SEEN

ALWAYS_OPEN = frozenset({"account_logout", "set_language", "set_preference"})
OPEN_FOR_PASSWORD = ALWAYS_OPEN | {"account_change_password"}
OPEN_FOR_FACTOR = OPEN_FOR_PASSWORD | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
}


class SignInMiddleware:
    """Stands behind `ActorMiddleware`. An anonymous request passes untouched."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = clock.now()
        over = sessions.ended_by_time(request.session, now)
        if over:
            return self._signed_out(request, over)
        if not request.path.startswith(settings.SESSION_PASSIVE_PATHS):
            sessions.keep_awake(request.session, now)
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)  # ASVS 14.3.2
        return response

    def process_view(self, request, view, arguments, keywords):
        """Lead to the one page that is due first, whatever was asked for."""
        if not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name
        if name not in OPEN_FOR_PASSWORD and password_is_due(request):
            messages.warning(request, _("Choose a new password before you go on."))
            return _lead(request, reverse("account_change_password"))
        if name not in OPEN_FOR_FACTOR and factor_is_missing(request):
            messages.warning(request, _("Your role needs a second factor. Set it up before you go on; it takes two minutes."))
            return _lead(request, reverse("mfa_activate_totp"))
        return None

    def _signed_out(self, request, over: Ended):
        request.signin_ended = over
        logout(request)
        messages.info(request, _("You were signed out because %(why)s.") % {"why": _reason(over)})
        return _lead(request, f"{reverse('account_login')}?{urlencode({'next': _return_to(request)})}")


def password_is_due(request) -> bool:
    """Whether the person must choose a new password now. No query, but one after each change."""
    user = request.user
    if user.must_change_password:
        return True
    kept = request.session.get(sessions.PASSWORD_DUE)
    fits = kept is not None and kept[0] == sessions.password_mark(request.session)
    due = kept[1] if fits else sessions.note_password(request.session, user)
    return due is not None and clock.now().timestamp() >= due


def factor_is_missing(request) -> bool:
    """Whether a role of the person needs a second factor and there is none. No query once one was seen."""
    if not settings.MFA_REQUIRED_ROLES or request.session.get(FACTOR_SEEN):
        return False
    if not factors.is_required(request.actor.scope.roles):
        return False
    if factors.has_one(request.user):
        request.session[FACTOR_SEEN] = True
        return False
    return True


def _reason(over: Ended) -> str:
    if over is Ended.IDLE:
        return _("nothing was done for %(minutes)d minutes") % {"minutes": settings.SESSION_IDLE_SECONDS // 60}
    return _("a session lasts at most %(hours)d hours") % {"hours": settings.SESSION_COOKIE_AGE // 3600}


def _return_to(request) -> str:
    """Where to come back to: the page that was asked for, or that an htmx request stood on; never a form's target."""
    if request.htmx:
        return request.htmx.current_url_abs_path or "/"
    return request.get_full_path() if request.method == "GET" else "/"


def _lead(request, address: str):
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
