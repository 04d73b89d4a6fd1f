"""Addresses of sign-in and of one's own account.

allauth's views are named here one by one: what is not named (registration, e-mail, reset by mail, connecting accounts of
other sites) does not exist in this portal.
"""

from allauth.account import views as account_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as key_views
from django.conf import settings
from django.urls import path

from . import oidc, views

urlpatterns = [
    path("", views.account, name="signin_account"),
    path("login/", views.sign_in, name="account_login"),
    path("logout/", account_views.logout, name="account_logout"),
    path("inactive/", account_views.account_inactive, name="account_inactive"),
    path("confirm/", account_views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.change_password, name="account_change_password"),
    path("sessions/", views.session_list, name="usersessions_list"),
    path("sessions/end-others/", views.end_other_sessions, name="signin_end_others"),
    path("sessions/<int:session_id>/end/", views.revoke_session, name="signin_revoke"),
    path("second-factor/", factor_views.index, name="mfa_index"),
    path("second-factor/code/", factor_views.authenticate, name="mfa_authenticate"),
    path("second-factor/confirm/", factor_views.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/app/", views.set_up_codes, name="mfa_activate_totp"),
    path("second-factor/app/remove/", app_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery-codes/new/", recovery_views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/recovery-codes/file/", recovery_views.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("second-factor/keys/", views.key_list, name="mfa_list_webauthn"),
    path("second-factor/keys/add/", key_views.add_webauthn, name="mfa_add_webauthn"),
    path("second-factor/keys/confirm/", key_views.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("second-factor/keys/login/", key_views.login_webauthn, name="mfa_login_webauthn"),
    path("second-factor/keys/<int:pk>/remove/", key_views.remove_webauthn, name="mfa_remove_webauthn"),
    path("second-factor/keys/<int:pk>/edit/", key_views.edit_webauthn, name="mfa_edit_webauthn"),
    path("unified/<slug:provider_id>/", oidc.start, name="openid_connect_login"),
    path("unified/<slug:provider_id>/back/", oidc.callback, name="openid_connect_callback"),
]
if settings.DEMO_MODE:
    urlpatterns.append(path("try-as/", views.try_as, name="signin_try_as"))
