"""Dictionaries of reports in Django's admin: categories, words, dispatch rules, time limits. Every change is in the ledger."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from tongshan_portal.accounts.policy import can
from tongshan_portal.ledger.public import record

from .models import Category, DispatchRule, Keyword, TimePolicy


class ConfigurationAdmin(admin.ModelAdmin):
    """System administrators edit; what is in use is never deleted, it is taken out of use."""

    list_per_page = 50
    show_full_result_count = False
    actions = None

    def _may(self, request: HttpRequest) -> bool:
        return bool(can(request.actor, "reports.configure"))  # type: ignore[attr-defined]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and hasattr(obj, "version"):
            obj.version += 1
        super().save_model(request, obj, form, change)
        record(actor=request.actor, verb="report_settings.changed", row=obj, detail={"fields": list(form.changed_data)})  # type: ignore[attr-defined]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The ledger keeps it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The ledger keeps it."""


@admin.register(Category)
class CategoryAdmin(ConfigurationAdmin):
    list_display = ["code", "label_zh", "label_en", "urgency", "department", "in_use", "is_default", "origin", "version"]
    list_select_related = ["department"]
    search_fields = ["code", "label_zh", "label_en"]


@admin.register(Keyword)
class KeywordAdmin(ConfigurationAdmin):
    list_display = ["word", "category", "in_use"]
    list_select_related = ["category"]
    search_fields = ["word"]


@admin.register(DispatchRule)
class DispatchRuleAdmin(ConfigurationAdmin):
    list_display = ["order", "name", "category", "area_code", "hours", "desk", "department", "in_use"]
    list_display_links = ["name"]
    list_select_related = ["category", "department"]


@admin.register(TimePolicy)
class TimePolicyAdmin(ConfigurationAdmin):
    list_display = ["stage", "category", "urgency", "amount", "unit", "extendable", "source", "version"]
    list_display_links = ["stage"]
    list_select_related = ["category"]
