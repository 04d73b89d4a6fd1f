"""Django's admin, for the three administrators: who comes in follows from postings, what changes goes through the actions of the pages.

There is no superuser and no staff flag: `has_permission` asks the scope, so an administrator whose posting ends is out at once.
"""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from tongshan_portal.accounts.enums import ADMINISTRATORS


class PortalAdminSite(AdminSite):
    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("Users, postings, dictionaries")
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Only administrators by a posting in force."""
        return bool(request.user.is_authenticated and request.actor.scope.roles & ADMINISTRATORS)  # type: ignore[attr-defined]

    @never_cache
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's own sign-in, with its lock-out and second factor; who is signed in already and has no posting for it is refused."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied(_("Only administrators by posting come in here."))
        return redirect_to_login(request.GET.get("next") or "/admin/")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_change_password")
