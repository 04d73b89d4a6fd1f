"""The pages of sign-in that are ours; allauth's own are in urls.py."""

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, PasswordChangeView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tongshan_portal.kernel.errors import DomainError

from . import codes, demo, queries, sessions
from .records import Ended


class SignInView(LoginView):
    """The sign-in page: name and password, the unified sign-in where there is one, the demo people in demo mode."""

    def get_context_data(self, **keywords):
        context = super().get_context_data(**keywords)
        context["help_contact"] = settings.HELP_CONTACT
        context["oidc_name"] = queries.provider_name()
        context["demo_powers"] = demo.people_by_power() if settings.DEMO_MODE else []
        return context


sign_in = SignInView.as_view()


@method_decorator(login_required, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
@method_decorator(never_cache, name="dispatch")
class ChangePasswordView(PasswordChangeView):
    """Change one's password. Who comes through the unified sign-in has none here."""

    def dispatch(self, request, *arguments, **keywords):
        if not request.user.has_usable_password():
            messages.info(request, _("You sign in through the unified sign-in: the portal keeps no password of yours."))
            return redirect("signin_account")
        return super().dispatch(request, *arguments, **keywords)

    def get_context_data(self, **keywords):
        rules = queries.password_rules()
        return super().get_context_data(**keywords) | {"rules": rules, "must_change": self.request.user.must_change_password}


change_password = ChangePasswordView.as_view()


class SetUpCodesView(ActivateTOTPView):
    """Set up an authenticator app. The QR code is drawn into the page, so the policy for images stays closed."""

    def get_context_data(self, **keywords):
        context = super().get_context_data(**keywords)
        context["qr"] = mark_safe(codes.qr_svg(context["totp_url"]))  # noqa: S308 – drawn by segno from our own address
        context["secret_in_groups"] = codes.in_groups(context["form"].secret)
        return context


set_up_codes = SetUpCodesView.as_view()


@login_required
@never_cache
def account(request):
    """My account: who I am here, where, and what keeps the account safe."""
    return render(request, "signin/account.html", {"account": queries.account_of(request.user, request.actor.scope)})


@login_required
@never_cache
def session_list(request):
    """Where I am signed in."""
    rows = queries.sessions_of(request.user, current=request.session.session_key)
    return render(request, "signin/sessions.html", {"sessions": rows, "others": sum(not row.is_current for row in rows)})


@login_required
@require_POST
def revoke_session(request, session_id: int):
    """End one of my sessions; ending the one I am in is signing out."""
    session = get_object_or_404(UserSession, pk=session_id, user=request.user)
    if session.session_key == request.session.session_key:
        get_adapter(request).logout(request)
        return redirect("account_login")
    try:
        sessions.revoke_session(actor=request.actor, session_id=session_id)
        messages.success(request, _("The session was ended."))
    except DomainError as error:
        messages.info(request, str(error))
    return redirect("usersessions_list")


@login_required
@require_POST
def end_other_sessions(request):
    """End all my sessions but this one."""
    sessions.end_others(actor=request.actor, keep=request.session.session_key, why=Ended.REVOKED)
    messages.success(request, _("You are now signed in on this device only."))
    return redirect("usersessions_list")


@require_POST
def try_as(request):
    """Demo mode: sign in as one of the demo people, by one click."""
    if not settings.DEMO_MODE:
        raise Http404
    user = get_object_or_404(get_user_model(), username=request.POST.get("username", ""), is_active=True)
    if not demo.may_be_tried(user):
        raise Http404
    adapter = get_adapter(request)
    if request.user.is_authenticated:
        adapter.logout(request)
    request.signin_method = "demo"
    adapter.login(request, user)
    target = get_next_redirect_url(request)  # only within the portal
    return adapter.post_login(request, user, email_verification="none", signal_kwargs=None, email=None, signup=False, redirect_url=target)


@login_required
def key_list(request):
    """My security keys and passkeys are listed with the rest of the second factor."""
    keys = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN).order_by("created_at")
    return render(request, "mfa/webauthn/authenticator_list.html", {"authenticators": keys})
