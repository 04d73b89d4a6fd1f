"""A lead whose posting ended leads nothing: what she had waits on its desk to be signed for again, and the alarm of half an hour begins."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.accounts.models import Posting, User
from tongshan_portal.accounts.scope import scopes_of
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError

from .. import notices
from ..enums import ReportState
from ..models import Report
from ..policies import desk_key, desks_of
from .taking import take

WHY = "whoever left leads nothing, wherever it lies"


def release_leads(*, now: datetime | None = None) -> int:
    """Put back what is led by somebody who does not serve on its desk any more; answers how many reports."""
    now, released = now or clock.now(), 0
    for row in _without_lead():
        try:
            with transaction.atomic():
                notices.tell_desk(take(actor=system_actor("reports"), report_id=row.pk, verb="lose_lead", now=now), "report.lead_lost")
            released += 1
        except DomainError:  # somebody moved it meanwhile
            continue
    return released


def _without_lead() -> Iterable[Report]:
    """What is being handled under a lead who left its desk; looked at are only leads of whom some posting ended, once for each desk."""
    ended = Posting.objects.unscoped(WHY).filter(ends_on__lt=clock.today()).order_by().values("user_id")
    disabled = User.objects.filter(is_active=False).values("pk")
    rows = Report.objects.unscoped(WHY).filter(Q(lead__in=ended) | Q(lead__in=disabled), state=ReportState.HANDLING)
    desks = list(rows.order_by().values_list("lead_id", "department_id", "desk_code").distinct())
    scopes = scopes_of({lead for lead, _department, _desk in desks}, clock.today())
    for lead, department, desk in desks:
        if desk_key(Report(department_id=department, desk_code=desk)) not in desks_of(scopes[lead]):
            yield from rows.filter(lead_id=lead, department_id=department, desk_code=desk).order_by("pk")
