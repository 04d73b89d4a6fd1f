"""The form of an announcement."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level
from grids.areas.models import Area
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.scope import Scope

from .actions import DAYS, TEXT_LENGTH


class AnnouncementForm(forms.Form):
    """To whom, what, for how long. Areas are those of the sender, down to villages."""

    role = forms.ChoiceField(label=_("To everybody who is"), choices=Role.choices)
    area = forms.ModelChoiceField(label=_("in"), queryset=Area.objects.none())
    text = forms.CharField(label=_("What they should know"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))
    days = forms.IntegerField(label=_("Days until it disappears"), min_value=1, max_value=DAYS, initial=7)

    def __init__(self, *args, scope: Scope, **kwargs):
        super().__init__(*args, **kwargs)
        within = Q(pk__in=[])
        for code in scope.areas_for("notices.announce"):
            within |= Q(code__startswith=code)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Area.objects.filter(within, level__lte=Level.VILLAGE).order_by("code")
