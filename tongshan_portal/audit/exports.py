"""The ledger as a file."""

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.exchange.public import ExportColumn, Exporter
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ledger.public import label_of, present

from .forms import LedgerFilter
from .queries import entries_for


class LedgerExporter(Exporter):
    """The filtered list, entry by entry, with the hash that verifies each."""

    name = "ledger"
    label = _("ledger")
    action = "ledger.export"
    columns = (
        ExportColumn("at", _("time"), lambda entry: entry.at),
        ExportColumn("who", _("who"), lambda entry: entry.who),
        ExportColumn("what", _("what"), lambda entry: label_of(entry.verb)),
        ExportColumn("sentence", _("sentence"), present),
        ExportColumn("object", _("of what"), lambda entry: entry.object_label),
        ExportColumn("area", _("area"), lambda entry: entry.area_code),
        ExportColumn("reason", _("reason"), lambda entry: entry.reason),
        ExportColumn("ip", _("address"), lambda entry: entry.ip),
        ExportColumn("place", _("place in the chain"), lambda entry: f"{entry.strand}:{entry.seq}"),
        ExportColumn("hash", _("hash"), lambda entry: bytes(entry.hash).hex()),
    )
    private_filters = frozenset({"who"})

    def rows(self, actor: Actor, filters: QueryDict):
        form = LedgerFilter(filters)
        return form.apply(entries_for(actor) if actor.scope.reaches_for("ledger.view") else LedgerEntry.objects.none())

    def list_url(self) -> str:
        return reverse("audit:ledger")
