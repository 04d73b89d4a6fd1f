"""What administrators edit and read in Django's admin. Every change is the action that the pages do too; nothing is ever deleted here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.models import construct_instance
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from grids.areas.models import Area
from tongshan_portal.accounts.actions import departments, postings, users
from tongshan_portal.accounts.admin_pages import ActingAdmin
from tongshan_portal.accounts.enums import ADMINISTRATORS
from tongshan_portal.accounts.models import Department, PersonGrant, Posting, User
from tongshan_portal.accounts.policy import can


class DecidedByAction(forms.ModelForm):
    """The rules are asked once, by the action: the form checks shapes only."""

    def _post_clean(self) -> None:
        """As Django's, without the unique and other constraints, which would read rows past the scope to say less than the action does."""
        exclude = self._get_validation_exclusions()
        self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
        try:
            self.instance.clean_fields(exclude)
        except ValidationError as error:
            self._update_errors(error)


class ActionAdmin(ActingAdmin):
    """Read-only, unless a subclass names the actions behind adding and changing."""

    form = DecidedByAction
    add_action: str = ""
    change_action: str = ""
    add_fields: tuple[str, ...] = ()
    change_fields: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def _is_administrator(self, request: HttpRequest) -> bool:
        return bool(request.actor.scope.roles & ADMINISTRATORS)  # type: ignore[attr-defined]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_administrator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(self.add_action and can(request.actor, self.add_action))  # type: ignore[attr-defined]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self.change_action and can(request.actor, self.change_action, obj))  # type: ignore[attr-defined]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.add_fields if obj is None else (*dict.fromkeys((*self.shown, *self.change_fields)),)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return () if obj is None else tuple(name for name in self.shown if name not in self.change_fields)


@admin.register(User)
class UserAdmin(ActionAdmin):
    add_action, change_action = "users.create", "users.change"
    add_fields, change_fields = ("username", "name"), ("name",)
    shown = ("username", "name", "phone", "is_active", "must_change_password", "last_login", "date_joined")
    list_display = ("username", "name", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("username", "name")
    ordering = ("-pk",)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        actor = request.actor  # type: ignore[attr-defined]
        if change:
            users.change_user(actor=actor, user_id=obj.pk, name=form.cleaned_data["name"])
            return
        password = users.one_time_password()
        obj.pk = users.create_user(actor=actor, username=obj.username, name=obj.name, password=password).pk
        messages.info(request, _("The account is there. First password, shown only now: %(password)s") % {"password": password})


class PostingForm(DecidedByAction):
    reason = forms.CharField(label=_("Reason"), required=False, help_text=_("Why the posting ends."))

    class Meta:
        model = Posting
        fields = ["user", "role", "area_code", "department", "starts_on", "ends_on"]


@admin.register(Posting)
class PostingAdmin(ActionAdmin):
    form = PostingForm
    add_action, change_action = "postings.give", "postings.end"
    add_fields = ("user", "role", "area_code", "department", "starts_on", "ends_on")
    change_fields = ("ends_on", "reason")
    shown = ("user", "role", "area_code", "department", "starts_on", "ends_on")
    list_display = ("user", "role", "area_code", "department", "starts_on", "ends_on")
    list_filter = ("role",)
    list_select_related = ("user", "department")
    search_fields = ("user__name", "user__username", "area_code")
    raw_id_fields = ("user",)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Posting]:
        return Posting.objects.visible_to(request.actor.scope).order_by(*self.ordering)  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Posting, form: Any, change: bool) -> None:
        actor, data = request.actor, form.cleaned_data  # type: ignore[attr-defined]
        if change:
            postings.end_posting(actor=actor, posting_id=obj.pk, last_day=data["ends_on"], reason=data["reason"])
            return
        obj.pk = postings.give_posting(actor=actor, **{name: data[name] for name in self.add_fields}).pk


@admin.register(Department)
class DepartmentAdmin(ActionAdmin):
    add_action = change_action = "departments.change"
    add_fields, change_fields, shown = ("code", "name"), ("name",), ("code", "name", "is_default")
    list_display = ("code", "name", "is_default")
    search_fields = ("code", "name")

    def save_model(self, request: HttpRequest, obj: Department, form: Any, change: bool) -> None:
        actor, name = request.actor, form.cleaned_data["name"]  # type: ignore[attr-defined]
        if change:
            departments.change_department(actor=actor, department_id=obj.pk, name=name)
        else:
            obj.pk = departments.create_department(actor=actor, code=form.cleaned_data["code"], name=name).pk


@admin.register(PersonGrant)
class PersonGrantAdmin(ActionAdmin):
    """Given and taken back on the page of the person."""

    shown = ("user", "permission", "content_object", "expires_at", "reason", "given_by", "given_at")
    list_display = ("user", "content_object", "expires_at", "given_by")
    list_select_related = ("user", "content_object", "given_by")
    ordering = ("expires_at",)


@admin.register(Area)
class AreaAdmin(ActionAdmin):
    """Changed on the pages of the net, where what hangs on an area is shown first."""

    shown = ("code", "name", "level", "valid_from", "valid_to")
    list_display = ("code", "name", "level", "valid_from", "valid_to")
    list_filter = ("level",)
    search_fields = ("code", "name")
