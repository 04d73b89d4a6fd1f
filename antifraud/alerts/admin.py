"""Dictionaries of fraud alerts in Django's admin: types, grade policies, limits. Every change is in the ledger."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from tongshan_portal.accounts.admin_pages import ByRight, LedgeredAdmin
from tongshan_portal.ledger.public import record

from .models import AlertPolicy, FraudType, GradePolicy


def _short(value: Any) -> str:
    """A value as the ledger keeps it: what an earlier version said can be read there."""
    return "" if value is None else str(value)[:500]


class ConfigurationAdmin(ByRight, LedgeredAdmin):
    """System administrators edit; nothing is deleted, a type is taken out of use."""

    right, adds = "alerts.configure", False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            obj.version += 1
        super().save_model(request, obj, form, change)
        changed = {name: [_short(form.initial.get(name)), _short(form.cleaned_data.get(name))] for name in form.changed_data}
        detail = {"fields": list(form.changed_data), "version": obj.version, "changed": changed}
        record(actor=request.actor, verb="alert_settings.changed", row=obj, detail=detail)  # type: ignore[attr-defined]


@admin.register(FraudType)
class FraudTypeAdmin(ConfigurationAdmin):
    adds = True
    list_display = ["order", "code", "label_zh", "label_en", "in_use", "is_default", "version"]
    list_display_links = ["code"]
    search_fields = ["code", "label_zh", "label_en"]


@admin.register(GradePolicy)
class GradePolicyAdmin(ConfigurationAdmin):
    list_display = [
        "grade",
        "contact_minutes",
        "outcome_minutes",
        "check_minutes",
        "return_call_minutes",
        "goes",
        "channel",
        "is_confirmed",
    ]
    readonly_fields = ["grade"]


@admin.register(AlertPolicy)
class AlertPolicyAdmin(ConfigurationAdmin):
    list_display = [
        "__str__",
        "join_hours",
        "calls_per_day",
        "quiet_from",
        "quiet_until",
        "snooze_hours",
        "wave_hours",
        "wave_from",
        "messages_per_day",
        "tell_family",
        "desk_always_open",
        "is_confirmed",
    ]
