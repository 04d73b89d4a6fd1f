"""What all pages of Django's admin share: rights of the portal open them, nothing is deleted there, and the ledger keeps what is done."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tongshan_portal.kernel.errors import DomainError, NotAllowed

from .policy import can


class ByRight:
    """A page, or an inline of one, that the holders of `right` read and change; they add rows where `adds` says so. Nothing is deleted."""

    right: str
    adds = True

    def may(self, request: HttpRequest) -> bool:
        return bool(can(request.actor, self.right))  # type: ignore[attr-defined]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.adds and self.may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LedgeredAdmin(admin.ModelAdmin):
    """The ledger keeps what happened; the admin's own log would say less."""

    list_per_page = 50
    show_full_result_count = False
    actions: Any = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...
    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...


class ActingAdmin(LedgeredAdmin):
    """Saving is an action of the portal; what it refuses is said as a message."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except NotAllowed:
            raise
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(request.get_full_path())
