"""The page "why can I (not) see or do this?"."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongshan_portal.accounts import policy
from tongshan_portal.accounts.models import User
from tongshan_portal.accounts.policy import can, require

from .explaining import explain
from .fields import AreaField


class WhyForm(forms.Form):
    action = forms.ChoiceField(label=_("What"), choices=lambda: [(item.name, item.label) for item in policy.all_actions()])
    area = AreaField(label=_("Where"), required=False, help_text=_("Empty: anywhere."))
    row = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    person = forms.CharField(label=_("Who"), required=False, max_length=60, help_text=_("A sign-in name. Empty: yourself."))

    def __init__(self, *args, others: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not others:
            del self.fields["person"]

    def clean_person(self) -> User | None:
        username = self.cleaned_data["person"].strip()
        found = User.objects.filter(username=username).first() if username else None
        if username and found is None:
            raise forms.ValidationError(_("Nobody has this sign-in name."))
        return found


@require_safe
@login_required
def why(request: HttpRequest) -> HttpResponse:
    """The answer in words, from the same rules as the query. Of another person only security and audit administrators may ask."""
    if request.GET.get("person"):
        require(request.actor, "access.explain")
    others = bool(can(request.actor, "access.explain"))
    form = WhyForm(request.GET if "action" in request.GET else None, others=others)
    answer = None
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        answer = explain(
            asker=request.actor, about=data.get("person"), action=policy.action(data["action"]), row=data["row"], area_code=data["area"]
        )
    return render(request, "people/why.html", {"form": form, "answer": answer})
