"""Pages of people and postings."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongshan_portal.accounts import grants
from tongshan_portal.accounts.actions import granting, postings, users
from tongshan_portal.accounts.middleware import SESSION_POSTING
from tongshan_portal.accounts.models import Posting, User
from tongshan_portal.accounts.policy import can, require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ui import lists
from tongshan_portal.ui.form_pages import form_page

from . import queries
from .filters import PostingFilter
from .forms import EndPostingForm, GrantForm, NewPersonForm, PasswordForm, PersonForm, PostingForm, ReasonForm


@require_safe
@login_required
def directory(request: HttpRequest) -> HttpResponse:
    """The postings of my areas, newest first, fifty to a page."""
    require(request.actor, "postings.view")
    found = PostingFilter(request.GET, queries.postings_for(request.actor.scope))
    rows = found.qs if found.is_valid() else found.queryset.none()
    page = lists.page_of(request, rows, order=("-id",))
    context = {
        "filter": found,
        "page": page,
        "rows": queries.rows_of(page.rows, clock.today()),
        "count": lists.count_of(rows),
        "may_create": can(request.actor, "users.create"),
        "may_export": can(request.actor, "people.export"),
        "query": request.GET.urlencode(),
    }
    return render(request, "people/directory.html", context)


@require_safe
@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: her postings, grants, and what was done to her account."""
    found = queries.person_for(request.actor, pk)
    return render(request, "people/person.html", {"details": queries.person_page(request.actor, found)})


def _first_password(request: HttpRequest, person: User, password: str) -> HttpResponse:
    """The answer to the form itself: no address, cookie or session keeps the password, so nobody comes back to it."""
    return render(request, "people/first_password.html", {"person": person, "password": password})


def _to(pk: int) -> str:
    return reverse("people:person", args=[pk])


@require_http_methods(["GET", "POST"])
@login_required
def create_person(request: HttpRequest) -> HttpResponse:
    """A new account; its first password is shown once."""
    require(request.actor, "users.create")

    def call(data: dict[str, Any]) -> HttpResponse:
        password = users.one_time_password()
        return _first_password(request, users.create_user(actor=request.actor, password=password, **data), password)

    return form_page(
        request, NewPersonForm(request.POST or None), call, title=_("New person"), verb=_("Create"), back=reverse("people:directory")
    )


@require_http_methods(["GET", "POST"])
@login_required
def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a name or phone number."""
    found = queries.person_for(request.actor, pk)
    require(request.actor, "users.change", found)

    def call(data: dict[str, Any]) -> str:
        users.change_user(actor=request.actor, user_id=pk, name=data["name"], phone=data["phone"] or None)
        return _to(pk)

    form = PersonForm(request.POST or None, initial={"name": found.name})
    return form_page(request, form, call, title=_("Change %(person)s") % {"person": found}, verb=_("Save"), back=_to(pk))


@require_http_methods(["GET", "POST"])
@login_required
def set_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a first password to somebody who lost hers."""
    found = queries.person_for(request.actor, pk)
    require(request.actor, "users.set_initial_password", found)

    def call(data: dict[str, Any]) -> HttpResponse:
        users.set_initial_password(actor=request.actor, user_id=pk, password=data["password"])
        return _first_password(request, found, data["password"])

    form = PasswordForm(request.POST or None, person=found, initial={"password": users.one_time_password()})
    return form_page(request, form, call, title=_("First password for %(person)s") % {"person": found}, verb=_("Set"), back=_to(pk))


_SWITCHES = {"disable": ("users.disable", users.disable_user), "enable": ("users.enable", users.enable_user)}


@require_http_methods(["GET", "POST"])
@login_required
def switch_account(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """Disable or enable an account, with a reason."""
    found = queries.person_for(request.actor, pk)
    action, act = _SWITCHES[way]
    require(request.actor, action, found)

    def call(data: dict[str, Any]) -> str:
        act(actor=request.actor, user_id=pk, reason=data["reason"])
        return _to(pk)

    titles = {"disable": _("Disable the account of %(person)s"), "enable": _("Enable the account of %(person)s")}
    verbs = {"disable": _("Disable"), "enable": _("Enable")}
    form = ReasonForm(request.POST or None)
    title, danger = titles[way] % {"person": found}, way == "disable"
    return form_page(request, form, call, title=title, verb=verbs[way], back=_to(pk), danger=danger)


@require_http_methods(["GET", "POST"])
@login_required
def give_posting(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a posting."""
    found = queries.person_for(request.actor, pk)
    require(request.actor, "postings.give", found)

    def call(data: dict[str, Any]) -> str:
        area_code = data.pop("area")
        postings.give_posting(actor=request.actor, user=found, area_code=area_code, **data)
        return _to(pk)

    form = PostingForm(request.POST or None)
    return form_page(request, form, call, title=_("A posting for %(person)s") % {"person": found}, verb=_("Give"), back=_to(pk))


@require_http_methods(["GET", "POST"])
@login_required
def end_posting(request: HttpRequest, pk: int) -> HttpResponse:
    """End a posting; it stays as history."""
    posting = get_object_or_404(Posting.objects.visible_to(request.actor.scope).select_related("user"), pk=pk)
    require(request.actor, "postings.end", posting)

    def call(data: dict[str, Any]) -> str:
        postings.end_posting(actor=request.actor, posting_id=pk, **data)
        return _to(posting.user_id)

    form = EndPostingForm(request.POST or None)
    title = _("End the posting %(posting)s") % {"posting": posting}
    return form_page(request, form, call, title=title, verb=_("End"), back=_to(posting.user_id), danger=True)


@require_http_methods(["GET", "POST"])
@login_required
def give_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """An exceptional grant: this person may see the postings of that one, for a time."""
    found = queries.person_for(request.actor, pk)
    require(request.actor, "grants.give", found)

    def call(data: dict[str, Any]) -> str:
        target = User.objects.visible_to(request.actor.scope).filter(username=data["on"]).first()
        if target is None:
            raise DomainError(_("Nobody has this sign-in name."), field="on")
        granting.give(
            actor=request.actor,
            user=found,
            action="postings.view",
            row=target,
            reason=data["reason"],
            expires_at=form.expires_at(),
            now=clock.now(),
        )
        return _to(pk)

    form = GrantForm(request.POST or None)
    return form_page(request, form, call, title=_("A grant for %(person)s") % {"person": found}, verb=_("Grant"), back=_to(pk))


@require_http_methods(["GET", "POST"])
@login_required
def take_grant(request: HttpRequest, label: str, pk: int) -> HttpResponse:
    """Take an exceptional grant back."""
    require(request.actor, "grants.take")
    model = next((model for model in grants.all_models() if model.target_label() == label), None)
    if model is None:
        raise Http404
    grant = get_object_or_404(model.objects.select_related("user", "permission", "content_object"), pk=pk)
    require(request.actor, "grants.take", grant)

    def call(data: dict[str, Any]) -> str:
        granting.take(actor=request.actor, grant=grant, reason=data["reason"])
        return _to(grant.user_id)

    title = _("Take back: %(grant)s") % {"grant": f"{grant.user} · {grant.action.label} · {grant.content_object}"}
    return form_page(
        request, ReasonForm(request.POST or None), call, title=title, verb=_("Take back"), back=_to(grant.user_id), danger=True
    )


@require_safe
@login_required
def areas(request: HttpRequest) -> HttpResponse:
    """The choices of an area picker: areas of the reader's scope that fit what was typed."""
    text = next((value for name, value in request.GET.items() if name.endswith("area")), "").strip()[:40]
    return render(request, "people/area_choices.html", {"areas": queries.areas_like(request.actor.scope, text)})


@require_POST
@login_required
def switch_posting(request: HttpRequest) -> HttpResponse:
    """Work under one of my postings, or under all of them together."""
    chosen = request.POST.get("posting", "")
    if any(str(reach.posting_id) == chosen for reach in request.actor.scope.available):
        request.session[SESSION_POSTING] = int(chosen)
    else:
        request.session.pop(SESSION_POSTING, None)
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "/")
