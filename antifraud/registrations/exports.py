"""The list of registrations as a file: masked, as the list is."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level
from grids.areas.names import name_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.exchange.public import ExportColumn, Exporter

from .enums import State
from .filters import RegistrationFilter
from .queries import staff


class RegistrationExporter(Exporter):
    """One row per registration that the reader may see, by the list's filter, in its order."""

    name = "antifraud_registrations"
    label = _("Registrations for fraud protection")
    action = "registrations.export"
    private_filters = frozenset({"phone"})
    columns = (
        ExportColumn("number", _("number"), lambda row: row.number),
        ExportColumn("area_code", _("area code"), lambda row: row.area_code),
        ExportColumn("town", _("town"), lambda row: name_of(row.area_code[: Level.TOWN])),
        ExportColumn("area", _("village or community"), lambda row: name_of(row.area_code)),
        ExportColumn("phone", _("phone"), lambda row: row.phone.masked if row.phone else ""),
        ExportColumn("name", _("name"), lambda row: row.name.masked if row.name else ""),
        ExportColumn("state", _("state"), lambda row: str(State(row.state).label)),
        ExportColumn("follows", _("follows notices"), lambda row: _("yes") if row.follows else _("no")),
        ExportColumn("point", _("registration point"), lambda row: row.point.code if row.point else ""),
        ExportColumn("consented_at", _("consented"), lambda row: row.consented_at),
        ExportColumn("registered_at", _("registered"), lambda row: row.registered_at),
    )

    def rows(self, actor: Actor, filters: QueryDict) -> QuerySet:
        found = RegistrationFilter(filters, staff.rows_for(actor).select_related("point"))
        return (found.qs if found.is_valid() else found.queryset.none()).order_by("-id")

    def list_url(self) -> str:
        return reverse("registrations:index")
