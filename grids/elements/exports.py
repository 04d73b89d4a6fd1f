"""The list of households as a file. Contacts are masked: a list of them leaves the portal nowhere."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grids.areas.names import name_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.exchange.public import ExportColumn, Exporter

from . import queries
from .dictionary import words
from .enums import Dictionary
from .filters import HouseholdFilter


class HouseholdExporter(Exporter):
    """One row per household that the reader may see, by the list's filter, in its order."""

    name = "households"
    label = _("Households")
    action = "households.export"
    columns = (
        ExportColumn("number", _("number"), lambda row: row.number),
        ExportColumn("area_code", _("area code"), lambda row: row.area_code),
        ExportColumn("area", _("area"), lambda row: name_of(row.area_code)),
        ExportColumn("address", _("address"), lambda row: row.address.text if row.address else ""),
        ExportColumn("contact", _("contact"), lambda row: row.contact.masked if row.contact else ""),
        ExportColumn("phone", _("phone"), lambda row: row.phone.masked if row.phone else ""),
        ExportColumn("size", _("people"), lambda row: row.size),
        ExportColumn("needs", _("service needs"), lambda row: "、".join(str(words(Dictionary.NEED).get(code, code)) for code in row.needs)),
        ExportColumn("collected_on", _("collected on"), lambda row: row.collected_on),
    )

    def rows(self, actor: Actor, filters: QueryDict) -> QuerySet:
        found = HouseholdFilter(filters, queries.rows_for(actor, "household"))
        return (found.qs if found.is_valid() else found.queryset.none()).order_by("-id")

    def list_url(self) -> str:
        return reverse("elements:list", args=["household"])
