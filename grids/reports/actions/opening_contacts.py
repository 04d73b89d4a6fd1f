"""Contacts in the clear for an export whose order has the further right and a reason: the exchange asked for both and the ledger has it."""

from tongshan_portal.kernel.sealed import open_sealed

from ..models import Report


def contact_in_the_clear(row: Report) -> str:
    return open_sealed(row.contact) if row.contact else ""


def phone_in_the_clear(row: Report) -> str:
    return open_sealed(row.phone) if row.phone else ""
