"""The worklist as a file: exactly its rows, in its order. Contacts are masked, unless a further right and a reason open them."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grids.areas.names import name_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.exchange.public import ExportColumn, Exporter
from tongshan_portal.kernel.errors import DomainError

from .actions.opening_contacts import contact_in_the_clear, phone_in_the_clear
from .queries.listing import UnknownView, listing
from .queries.worklist import desk_of


def _masked(value: Any) -> str:
    return value.masked if value else ""


class ReportExporter(Exporter):
    """One row per report of the list that its address names."""

    name = "reports"
    label = _("Case reports")
    action = "reports.export"
    reveal_action = "reports.export_contacts"
    columns = (
        ExportColumn("code", _("case code"), lambda row: row.code),
        ExportColumn("title", _("what happened"), lambda row: row.title),
        ExportColumn("state", _("state"), lambda row: str(row.get_state_display())),
        ExportColumn("category", _("category"), lambda row: str(row.category) if row.category else ""),
        ExportColumn("urgency", _("urgency"), lambda row: str(row.get_urgency_display())),
        ExportColumn("source", _("source"), lambda row: str(row.get_source_display())),
        ExportColumn("area_code", _("area code"), lambda row: row.area_code),
        ExportColumn("area", _("area"), lambda row: name_of(row.area_code)),
        ExportColumn("address", _("address"), lambda row: row.address),
        ExportColumn("desk", _("desk"), desk_of),
        ExportColumn("lead", _("lead"), lambda row: row.lead.name if row.lead else ""),
        ExportColumn("filed_at", _("filed"), lambda row: row.filed_at),
        ExportColumn("due_at", _("due"), lambda row: row.due_at),
        ExportColumn("deadline_at", _("deadline"), lambda row: row.deadline_at),
        ExportColumn("closed_at", _("closed"), lambda row: row.closed_at),
        ExportColumn("returns", _("returns"), lambda row: row.returns + row.bounces),
        ExportColumn("rework", _("rework"), lambda row: row.rework),
        ExportColumn("resolution", _("result"), lambda row: row.resolution),
        ExportColumn("contact", _("who raised it"), lambda row: _masked(row.contact), contact_in_the_clear),
        ExportColumn("phone", _("phone"), lambda row: _masked(row.phone), phone_in_the_clear),
        ExportColumn("synthetic", _("synthetic"), lambda row: gettext("demo data") if row.is_synthetic else ""),
    )

    def rows(self, actor: Actor, filters: QueryDict) -> QuerySet:
        try:
            found = listing(actor, filters)
        except UnknownView as error:
            raise DomainError(gettext("This address names no list of reports.")) from error
        return found.rows.select_related("category", "department", "lead").order_by(*found.order)

    def list_url(self) -> str:
        return reverse("reports:index")
