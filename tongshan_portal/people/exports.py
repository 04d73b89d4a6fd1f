"""The list of people and their postings as a file."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grids.areas.names import name_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.enums import Role
from tongshan_portal.exchange.public import ExportColumn, Exporter

from .filters import PostingFilter
from .policies import EXPORT
from .queries import postings_for


class PeopleExporter(Exporter):
    """One row per posting that the reader may see: the rows of the list, by its filter, in its order."""

    name = "people"
    label = _("People and postings")
    action = EXPORT.name
    columns = (
        ExportColumn("username", _("sign-in name"), lambda row: row.user.username),
        ExportColumn("name", _("name"), lambda row: row.user.name),
        ExportColumn("role", _("role"), lambda row: str(Role(row.role).label)),
        ExportColumn("area_code", _("area code"), lambda row: row.area_code),
        ExportColumn("area", _("area"), lambda row: name_of(row.area_code)),
        ExportColumn("department", _("department"), lambda row: row.department.name if row.department else ""),
        ExportColumn("starts_on", _("first day"), lambda row: row.starts_on),
        ExportColumn("ends_on", _("last day"), lambda row: row.ends_on),
    )

    def rows(self, actor: Actor, filters: QueryDict) -> QuerySet:
        found = PostingFilter(filters, postings_for(actor.scope))
        return (found.qs if found.is_valid() else found.queryset.none()).order_by("-id")

    def list_url(self) -> str:
        return reverse("people:directory")
