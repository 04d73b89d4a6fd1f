from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SigninConfig(AppConfig):
    name = "tongshan_portal.signin"
    verbose_name = _("Sign-in")

    def ready(self) -> None:
        from allauth.account.decorators import secure_admin_login
        from allauth.account.signals import password_changed, user_logged_in
        from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
        from django.contrib import admin
        from django.contrib.auth.signals import user_logged_in as session_begun
        from django.contrib.auth.signals import user_logged_out

        from tongshan_portal.accounts.signals import access_changed
        from tongshan_portal.ledger.public import register_verbs
        from tongshan_portal.live.public import register_condition

        from . import checks, presenters, receivers, sessions

        register_verbs(presenters.VERBS)
        checks.refuse_demo_in_production()
        session_begun.connect(receivers.on_session_begun)
        user_logged_in.connect(receivers.on_signed_in)
        user_logged_out.connect(receivers.on_signed_out)
        password_changed.connect(receivers.on_password_changed)
        authenticator_added.connect(receivers.on_factor_added)
        authenticator_removed.connect(receivers.on_factor_removed)
        authenticator_reset.connect(receivers.on_factor_reset)
        access_changed.connect(receivers.on_access_changed)
        register_condition(sessions.may_listen)
        admin.site.login = secure_admin_login(admin.site.login)  # one way in, with the second factor
