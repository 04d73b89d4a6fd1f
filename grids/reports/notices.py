"""Who hears of what: the desk that has it, those who send, who filed it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting
from tongshan_portal.kernel import clock
from tongshan_portal.live.public import Kind, notify_desk, notify_person

from .models import Report
from .policies import DESKS

KINDS = [
    Kind("report.arrived", _("Report %(code)s was dispatched to you: sign for it.")),
    Kind("report.many_arrived", _("%(count)s reports were dispatched to you: sign for them.")),
    Kind("report.bounced", _("Report %(code)s came back: it needs another desk.")),
    Kind("report.sent_back", _("Report %(code)s was sent back: its result does not hold yet.")),
    Kind("report.hastened", _("Report %(code)s is hastened.")),
    Kind("report.supervised", _("Report %(code)s: an order of supervision waits for your answer in writing.")),
    Kind("report.closed", _("Report %(code)s that you filed is closed.")),
    Kind("report.warning", _("Report %(code)s falls due soon.")),
    Kind("report.overdue", _("Report %(code)s is overdue.")),
    Kind("report.escalated", _("Report %(code)s has been overdue for a working day.")),
    Kind("report.no_lead", _("Report %(code)s has had no accountable person for 30 minutes.")),
]


def _link(row: Report) -> str:
    return reverse("reports:show", args=[row.code])


def tell_desk(row: Report, kind: str) -> None:
    """Tell those on whose desk it stands."""
    params, link = {"code": row.code}, _link(row)
    if row.desk_code:
        notify_desk(role=DESKS[len(row.desk_code)], area_code=row.desk_code, kind=kind, params=params, link=link)
    elif row.department_id is not None:
        postings = Posting.objects.unscoped("who is told follows from the desk").in_force(clock.today())
        mine = postings.filter(role=Role.DEPARTMENT_HANDLER, department_id=row.department_id)
        for user_id, area in mine.values_list("user_id", "area_code"):
            if row.area_code.startswith(area):
                notify_person(user_id=user_id, kind=kind, params=params, link=link)


def tell_arrivals(rows: Sequence[Report]) -> None:
    """Tell every desk what was dispatched to it: of one report as ever, of many in one sentence."""
    at_desks: dict[str, list[Report]] = defaultdict(list)
    for row in rows:
        if row.desk_code:
            at_desks[row.desk_code].append(row)
    for code, listed in at_desks.items():
        notify_desk(role=DESKS[len(code)], area_code=code, **_arrival(listed))
    departments = {row.department_id for row in rows} - {None}
    postings = Posting.objects.unscoped("who is told follows from the desk").in_force(clock.today())
    mine = postings.filter(role=Role.DEPARTMENT_HANDLER, department_id__in=departments).order_by("user_id")
    for user_id, department_id, area in mine.values_list("user_id", "department_id", "area_code"):
        listed = [row for row in rows if row.department_id == department_id and row.area_code.startswith(area)]
        if listed:
            notify_person(user_id=user_id, **_arrival(listed))


def _arrival(rows: Sequence[Report]) -> dict[str, Any]:
    if len(rows) == 1:
        return {"kind": "report.arrived", "params": {"code": rows[0].code}, "link": _link(rows[0])}
    return {"kind": "report.many_arrived", "params": {"count": len(rows)}, "link": reverse("reports:index")}


def tell_senders(row: Report, kind: str) -> None:
    """Tell those who decide where it goes: the town's desk and the dispatchers."""
    params, link = {"code": row.code}, _link(row)
    notify_desk(role=Role.DISPATCHER, area_code=row.area_code[:6], kind=kind, params=params, link=link)
    if len(row.area_code) >= 9:
        notify_desk(role=Role.TOWN_OFFICER, area_code=row.area_code[:9], kind=kind, params=params, link=link)


def tell_supervisors(row: Report, kind: str) -> None:
    """Tell the supervisors of the district."""
    notify_desk(role=Role.SUPERVISOR, area_code=row.area_code[:6], kind=kind, params={"code": row.code}, link=_link(row))


def tell_filer(row: Report) -> None:
    """Tell who filed it that it is closed."""
    if row.filed_by_id is not None:
        notify_person(user_id=row.filed_by_id, kind="report.closed", params={"code": row.code}, link=_link(row))
