"""The resident's own contact: corrected, erased, and gone when its time is over (个保法 19, 44–47). The ledger never holds the value."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor, system_actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.sealed import open_sealed
from tongshan_portal.ledger.public import record

from .. import hearing
from ..enums import LIVING, SOMEBODY_WAITS
from ..models import Report
from .resident_filing import NOTICE

FIELDS = ("contact", "phone")
BATCH = 500


@transaction.atomic
def change_own_contact(*, actor: Actor, report_id: int, contact: str = "", phone: str = "") -> Report:
    """Put another name or phone in place; what is left empty stays. Raises DomainError where nothing is given, or nobody waits outside."""
    row = _locked(report_id)
    given = {name: text.strip() for name, text in (("contact", contact), ("phone", phone)) if text.strip()}
    if not given:
        raise DomainError(_("Write the new name or phone number."), field="phone")
    for name, text in given.items():
        setattr(row, name, text)
    _keep(actor, row, "report.contact_changed", sorted(given))
    return row


@transaction.atomic
def open_own_contact(*, actor: Actor, report_id: int) -> dict[str, str]:
    """Name and phone in the clear, for the resident who asks to see what is kept of her (个保法 45); the ledger keeps that it was shown."""
    row = _locked(report_id)
    held = {name: open_sealed(getattr(row, name)) for name in FIELDS if getattr(row, name) is not None}
    if held:
        record(
            actor=actor, verb="report.contact_shown", row=row, area_code=row.area_code, detail={"fields": sorted(held), "notice": NOTICE}
        )
    return held


@transaction.atomic
def erase_own_contact(*, actor: Actor, report_id: int, fields: tuple[str, ...] = FIELDS) -> Report:
    """Erase name, phone or both. Erasing what is not there changes nothing."""
    row = _locked(report_id)
    held = [name for name in FIELDS if name in fields and getattr(row, name) is not None]
    for name in held:
        setattr(row, name, None)
    if held:
        _keep(actor, row, "report.contact_erased", held)
    return row


@transaction.atomic
def erase_old_contacts(*, now: datetime | None = None) -> int:
    """Erase names and phones `RESIDENT_CONTACT_DAYS` after their report was over, whoever wrote them down; answers of how many reports.

    One batch a call.
    """
    before = (now or clock.now()) - timedelta(days=settings.RESIDENT_CONTACT_DAYS)
    rows = Report.objects.unscoped("the notice promises it for all").select_for_update(skip_locked=True, of=("self",))
    over = Q(closed_at__lt=before) | Q(closed_at=None, changed_at__lt=before)
    held = Q(contact__isnull=False) | Q(phone__isnull=False)
    old = rows.filter(held, over).exclude(state__in=LIVING)
    found = list(old.order_by("pk")[:BATCH])
    for row in found:
        fields = [name for name in FIELDS if getattr(row, name) is not None]
        row.contact = row.phone = None
        _keep(system_actor("residents"), row, "report.contact_erased", fields)
    return len(found)


def _locked(report_id: int) -> Report:
    row: Report = Report.objects.locked(pk=report_id)
    if row.source not in SOMEBODY_WAITS:
        raise DomainError(_("No resident's contact belongs to this report."))
    return row


def _keep(actor: Actor, row: Report, verb: str, fields: list[str]) -> None:
    row.save(update_fields=fields)
    record(actor=actor, verb=verb, row=row, area_code=row.area_code, detail={"fields": fields, "notice": NOTICE})
    hearing.announce(row, verb)
