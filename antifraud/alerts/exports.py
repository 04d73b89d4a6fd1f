"""The list of alerts as a file. Names and numbers are masked: a list of victims leaves the portal nowhere."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grids.areas.names import name_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.exchange.public import ExportColumn, Exporter

from .filters import AlertFilter
from .models import FraudAlert


class AlertExporter(Exporter):
    """One row per alert that the reader may see, by the list's filter, the newest first."""

    name = "alerts"
    label = _("Fraud alerts")
    action = "alerts.export"
    columns = (
        ExportColumn("code", _("code"), lambda row: row.code),
        ExportColumn("received_at", _("received"), lambda row: row.received_at),
        ExportColumn("grade", _("grade"), lambda row: row.get_grade_display()),
        ExportColumn("type", _("type"), lambda row: str(row.type)),
        ExportColumn("state", _("state"), lambda row: row.get_state_display()),
        ExportColumn("area", _("area"), lambda row: name_of(row.area_code)),
        ExportColumn("name", _("name"), lambda row: row.name.masked if row.name else ""),
        ExportColumn("phone", _("phone"), lambda row: row.phone.masked),
        ExportColumn("warnings_joined", _("warnings"), lambda row: row.warnings_joined),
        ExportColumn("attempts_made", _("attempts"), lambda row: row.attempts_made),
        ExportColumn("outcome", _("outcome"), lambda row: row.get_outcome_display()),
        ExportColumn("amount_at_risk", _("amount at risk"), lambda row: row.amount_at_risk),
        ExportColumn("amount_transferred", _("amount transferred"), lambda row: row.amount_transferred),
        ExportColumn("money_went", _("when the money went"), lambda row: row.get_money_went_display()),
        ExportColumn("money_went_at", _("time of the transfer"), lambda row: row.money_went_at),
        ExportColumn("amount_stopped", _("amount stopped"), lambda row: row.amount_stopped),
        ExportColumn("loss_avoided", _("loss avoided"), lambda row: row.loss_avoided),
        ExportColumn("is_simulated", _("simulated"), lambda row: str(_("simulated")) if row.is_simulated else ""),
    )

    def rows(self, actor: Actor, filters: QueryDict) -> QuerySet:
        found = AlertFilter(filters, FraudAlert.objects.visible_to(actor.scope).select_related("type"))
        return (found.qs if found.is_valid() else found.queryset.none()).order_by("-id")

    def list_url(self) -> str:
        return reverse("alerts:index")
