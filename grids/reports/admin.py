"""Dictionaries of reports in Django's admin: categories, words, dispatch rules, time limits. Every change is in the ledger."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongshan_portal.accounts.admin_pages import ByRight, LedgeredAdmin
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record

from .actions.applying import apply_policy
from .forms.settings import DispatchRuleForm, QuestionForm
from .models import Category, DispatchRule, Keyword, Question, TimePolicy
from .rules import hidden_behind, try_rule


class Configured(ByRight):
    """System administrators edit; what is in use is never deleted, it is taken out of use."""

    right = "reports.configure"


class ConfigurationAdmin(Configured, LedgeredAdmin):
    """One dictionary: every change counts its version and stands in the ledger."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and hasattr(obj, "version"):
            obj.version += 1
        super().save_model(request, obj, form, change)
        record(actor=request.actor, verb="report_settings.changed", row=obj, detail={"fields": list(form.changed_data)})  # type: ignore[attr-defined]


class QuestionInline(Configured, admin.TabularInline):
    model = Question
    form = QuestionForm
    extra = 0
    readonly_fields = ["is_default"]


@admin.register(Category)
class CategoryAdmin(ConfigurationAdmin):
    inlines = [QuestionInline]
    list_display = ["code", "label_zh", "label_en", "urgency", "department", "after_photo", "in_use", "is_default", "origin", "version"]
    list_select_related = ["department"]
    search_fields = ["code", "label_zh", "label_en"]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Questions count their own versions; the category's counted with them."""
        formset.save(commit=False)
        for question, fields in [*formset.changed_objects, *((one, ["code"]) for one in formset.new_objects)]:
            if question.pk:
                question.version += 1
            question.save()
            record(actor=request.actor, verb="report_settings.changed", row=question, detail={"fields": list(fields)})  # type: ignore[attr-defined]


@admin.register(Keyword)
class KeywordAdmin(ConfigurationAdmin):
    list_display = ["word", "category", "in_use"]
    list_select_related = ["category"]
    search_fields = ["word"]


@admin.register(DispatchRule)
class DispatchRuleAdmin(ConfigurationAdmin):
    form = DispatchRuleForm
    list_display = ["order", "name", "category", "area_code", "hours", "desk", "department", "in_use"]
    list_display_links = ["name"]
    list_select_related = ["category", "department"]

    def save_model(self, request: HttpRequest, obj: DispatchRule, form: Any, change: bool) -> None:
        """Beside storing it, say what it does: how much it would have matched lately, and which rules it hides."""
        super().save_model(request, obj, form, change)
        if not obj.in_use:
            return
        trial = try_rule(obj, clock.now())
        words = {"matched": trial.matched, "tried": trial.tried}
        messages.info(request, _("Of the %(tried)s reports of the last 30 days it would have matched %(matched)s first.") % words)
        hidden = hidden_behind(obj)
        if hidden:
            names = _(", ").join(f"“{one}”" for one in hidden)
            messages.warning(request, _("These rules can never match any more: %(rules)s.") % {"rules": names})


@admin.register(TimePolicy)
class TimePolicyAdmin(ConfigurationAdmin):
    actions = ["apply_to_running"]
    list_display = ["stage", "category", "urgency", "amount", "unit", "extendable", "source", "version"]
    list_display_links = ["stage"]
    list_select_related = ["category"]

    @admin.action(description=gettext_lazy("Apply to running reports"), permissions=["change"])
    def apply_to_running(self, request: HttpRequest, rows: Any) -> None:
        """Clocks that run keep the limit under which they began until somebody presses this."""
        for row in rows.order_by("pk"):
            try:
                done = apply_policy(actor=request.actor, policy_id=row.pk)  # type: ignore[attr-defined]
            except DomainError as error:
                messages.error(request, f"{row}: {error}")
                continue
            words = {"policy": row, "changed": done.changed, "left": done.left}
            messages.success(request, _("%(policy)s: %(changed)s running clocks changed, %(left)s left as they are.") % words)
