"""One report into several, and its ties to other matters."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.transitions import Transition

from ..enums import Source
from ..models import Report, ReportLink
from ..routing import Recipient
from . import filing, handling
from .taking import take


@transaction.atomic
def split_off(*, actor: Actor, report_id: int, key: UUID, title: str, recipient: Recipient, now: datetime | None = None) -> Report:
    """Make a part of a report one of its own, opened and dispatched to another desk; the two are linked both ways. Answers the new one.

    `key` makes it once, as in filing. What is known of the matter goes along; whoever raised it stays with the first report.
    """
    now = now or clock.now()
    parent = Report.objects.locked(pk=report_id)
    require(actor, "reports.split", parent)
    child = Report.objects.unscoped("the sender's own key").filter(key=key, filed_by_id=actor.user_id).first()
    if child is not None:
        return child
    take(
        actor=actor,
        report_id=report_id,
        verb="split_off",
        now=now,
        given={"recipient": str(recipient), "reason": title},
        reason=title,
        recipient=str(recipient),
    )
    child = filing.file_report(
        actor=actor,
        key=key,
        title=title,
        area_code=parent.area_code,
        category=parent.category,
        urgency=parent.urgency,
        located=parent.located,
        source=Source.PART,
        address=parent.address,
        lon=parent.lon,
        lat=parent.lat,
        text=_("Part of %(code)s: %(title)s") % {"code": parent.code, "title": parent.title},
        follows_rules=False,
        now=now,
    )
    handling.open_report(actor=actor, report_id=child.pk, now=now)
    child = handling.dispatch(actor=actor, report_id=child.pk, recipient=recipient, now=now)
    for one, other in ((parent, child), (child, parent)):
        link_report(
            actor=actor, report_id=one.pk, kind="report", label=other.code, address=reverse("reports:show", args=[other.code]), now=now
        )
    return child


@transaction.atomic
def link_report(*, actor: Actor, report_id: int, kind: str, label: str, address: str, now: datetime | None = None) -> ReportLink:
    """Say what a report became or belongs to; the same address again answers the link that is there.

    `kind` is a word (`report`, `dispute`, `alert`, `topic`), `address` leads there within the portal. The actor sees the report, or is
    the portal itself. Raises Report.DoesNotExist for a report outside the scope.
    """
    now = now or clock.now()
    if not address.startswith("/") or address.startswith("//"):
        raise DomainError(_("A link leads to a page of the portal."), field="address")
    seen = Report.objects.unscoped("the portal itself") if actor.is_system else Report.objects.visible_to(actor.scope)
    row = seen.select_for_update(of=("self",)).get(pk=report_id)
    known = ReportLink.objects.unscoped("the links of the locked report").filter(report=row, address=address).first()
    if known is not None:
        return known
    made: list[ReportLink] = []

    def change(row: Report, _taken: Transition) -> None:
        made.append(
            ReportLink.objects.create(
                report=row, area_code=row.area_code, kind=kind, label=label[:120], address=address, made_by_id=actor.user_id, made_at=now
            )
        )

    take(actor=actor, report_id=report_id, verb="link", now=now, change=change, recipient=label[:120])
    return made[0]
