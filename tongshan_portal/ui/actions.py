"""Posting, changing and ending the banners of the site."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError
from tongshan_portal.ledger.public import record

from . import banner
from .models import Banner, Severity


def _check(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise DomainError(_("The end lies before the beginning."), field="ends_at")
    if ends_at <= now:
        raise DomainError(_("The end lies in the past: nobody would see it."), field="ends_at")


@transaction.atomic
def post_banner(
    *,
    actor: Actor,
    text_zh: str,
    text_en: str,
    severity: Severity | str,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime | None = None,
) -> Banner:
    """Show a sentence at the head of every page between two moments.

    Raises NotAllowed, DomainError for times out of order.
    """
    require(actor, "banners.change")
    _check(starts_at, ends_at, now or clock.now())
    row = Banner(text_zh=text_zh, text_en=text_en, severity=severity, starts_at=starts_at, ends_at=ends_at)
    row.save(force_insert=True)
    record(actor=actor, verb="banner.posted", row=row, detail={"until": ends_at.isoformat()})
    transaction.on_commit(banner.forget)
    return row


@transaction.atomic
def change_banner(
    *,
    actor: Actor,
    banner_id: int,
    text_zh: str,
    text_en: str,
    severity: Severity | str,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime | None = None,
) -> Banner:
    """Correct a banner. Raises NotAllowed, Conflict once it has ended, DomainError for times out of order."""
    row = Banner.objects.select_for_update().get(pk=banner_id)
    require(actor, "banners.change", row)
    moment = now or clock.now()
    if row.ends_at <= moment:
        raise Conflict(_("This banner has ended. Post a new one."))
    _check(starts_at, ends_at, moment)
    given = {"text_zh": text_zh, "text_en": text_en, "severity": severity, "starts_at": starts_at, "ends_at": ends_at}
    changed = {name: [str(getattr(row, name)), str(value)] for name, value in given.items() if getattr(row, name) != value}
    if not changed:
        return row
    for name, value in given.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    record(actor=actor, verb="banner.changed", row=row, detail={"changed": changed})
    transaction.on_commit(banner.forget)
    return row


@transaction.atomic
def end_banner(*, actor: Actor, banner_id: int, now: datetime | None = None) -> Banner:
    """Take a banner down at once; one that has not begun never shows. Ending twice is once. Raises NotAllowed."""
    row = Banner.objects.select_for_update().get(pk=banner_id)
    require(actor, "banners.change", row)
    moment = now or clock.now()
    if row.ends_at <= moment:
        return row
    if row.starts_at >= moment:
        row.starts_at = moment - (row.ends_at - row.starts_at)
    row.ends_at = moment
    row.save(update_fields=["starts_at", "ends_at"])
    record(actor=actor, verb="banner.ended", row=row)
    transaction.on_commit(banner.forget)
    return row
