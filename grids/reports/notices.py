"""Who hears of what: the desk that has it, those who send, who filed it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting
from tongshan_portal.kernel import clock
from tongshan_portal.live.actions import Told, notify_many
from tongshan_portal.live.public import Kind, notify_desk, notify_person

from .models import Report
from .policies import DESKS, desk_key

KINDS = [
    Kind("report.arrived", _("Report %(code)s was dispatched to you: sign for it.")),
    Kind("report.many_arrived", _("%(count)s reports were dispatched to you: sign for them.")),
    Kind("report.bounced", _("Report %(code)s came back: it needs another desk.")),
    Kind("report.sent_back", _("Report %(code)s was sent back: its result does not hold yet.")),
    Kind("report.hastened", _("Report %(code)s is hastened.")),
    Kind("report.supplemented", _("Report %(code)s: the resident added something.")),
    Kind("report.supervised", _("Report %(code)s: an order of supervision waits for your answer in writing.")),
    Kind("report.closed", _("Report %(code)s that you filed is closed.")),
    Kind("report.warning", _("Report %(code)s falls due soon.")),
    Kind("report.overdue", _("Report %(code)s is overdue.")),
    Kind("report.escalated", _("Report %(code)s has been overdue for a working day.")),
    Kind("report.view_daily", _("Your view “%(name)s” this morning: %(number)s reports, %(late)s of them overdue.")),
    Kind("report.view_filled", _("Your view “%(name)s” now holds %(threshold)s reports or more.")),
    Kind("report.lead_lost", _("Report %(code)s: its lead left, sign for it again.")),
    Kind("report.no_lead", _("Report %(code)s has had no accountable person for 30 minutes.")),
    Kind("report.sent_up", _("Report %(code)s was sent up to your desk: sign for it.")),
    Kind("report.sent_up_to_centre", _("Report %(code)s was sent up by the town: dispatch it.")),
    Kind("report.co_handling_asked", _("You are asked to co-handle report %(code)s: accept or refuse.")),
    Kind("report.co_handling_accepted", _("A desk accepted to co-handle report %(code)s.")),
    Kind("report.co_handling_refused", _("A desk refused to co-handle report %(code)s.")),
    Kind("report.co_handling_finished", _("A desk finished its part of report %(code)s.")),
    Kind("report.co_handling_dropped", _("Your part in report %(code)s is not needed any more.")),
    Kind("report.sub_task_given", _("A sub-task of report %(code)s is yours.")),
    Kind("report.sub_task_finished", _("A sub-task of report %(code)s is done.")),
    Kind("report.extension_asked", _("Report %(code)s: more time is asked for.")),
    Kind("report.extended", _("Report %(code)s: more time was approved.")),
    Kind("report.extension_refused", _("Report %(code)s: more time was refused.")),
    Kind("report.deferral_asked", _("Report %(code)s: a deferral is asked for.")),
    Kind("report.deferred", _("Report %(code)s: the deferral was approved, its clocks stand still.")),
    Kind("report.deferral_refused", _("Report %(code)s: the deferral was refused.")),
    Kind("report.deferral_over", _("Report %(code)s: the deferral is over, its clocks run again.")),
    Kind("report.order_answered", _("Report %(code)s: your order of supervision was answered.")),
    Kind("report.order_overdue", _("Report %(code)s: an order of supervision was not answered in time.")),
    Kind("report.reopened", _("Report %(code)s was reopened: it needs a desk.")),
    Kind("report.not_solved", _("Report %(code)s: the resident says that it is not solved.")),
]


def _link(row: Report) -> str:
    return reverse("reports:show", args=[row.code])


def tell_desk(row: Report, kind: str) -> None:
    """Tell those on whose desk it stands."""
    if key := desk_key(row):
        tell_recipient(row, key, kind)


def tell_recipient(row: Report, key: str, kind: str) -> None:
    """Tell a desk, as forms name it: `department:3`, `desk:320312106`. Of a department those in whose area the report lies."""
    params, link = {"code": row.code}, _link(row)
    what, _colon, which = key.partition(":")
    if what == "desk":
        notify_desk(role=DESKS[len(which)], area_code=which, kind=kind, params=params, link=link)
        return
    postings = Posting.objects.unscoped("who is told follows from the desk").in_force(clock.today())
    mine = postings.filter(role=Role.DEPARTMENT_HANDLER, department_id=int(which))
    for user_id, area in mine.values_list("user_id", "area_code"):
        if row.area_code.startswith(area):
            notify_person(user_id=user_id, kind=kind, params=params, link=link)


def tell_person(row: Report, user_id: int, kind: str) -> None:
    """Tell one person."""
    notify_person(user_id=user_id, kind=kind, params={"code": row.code}, link=_link(row))


def tell_lead(row: Report, kind: str, but: int | None = None) -> None:
    """Tell who leads it; the desk where nobody does. `but`: not this person, who did it herself."""
    if row.lead_id is None:
        tell_desk(row, kind)
    elif row.lead_id != but:
        tell_person(row, row.lead_id, kind)


def tell_dispatchers(row: Report, kind: str) -> None:
    """Tell the command centre's dispatchers."""
    notify_desk(role=Role.DISPATCHER, area_code=row.area_code[:6], kind=kind, params={"code": row.code}, link=_link(row))


def tell_approvers(row: Report, kind: str) -> None:
    """Tell those who approve: the town's desk and the supervisors."""
    tell_supervisors(row, kind)
    if len(row.area_code) >= 9:
        notify_desk(role=Role.TOWN_OFFICER, area_code=row.area_code[:9], kind=kind, params={"code": row.code}, link=_link(row))


class Arrival(NamedTuple):
    """A report that came to a desk, as far as telling needs it."""

    code: str
    area_code: str
    department_id: int | None
    desk_code: str


def tell_arrivals(rows: Sequence[Arrival]) -> None:
    """Tell every desk what was dispatched to it: of one report as ever, of many in one sentence. As many statements for all as for one."""
    at_desks: dict[str, list[Arrival]] = defaultdict(list)
    at_departments: dict[int, list[Arrival]] = defaultdict(list)
    for row in rows:
        if row.desk_code:
            at_desks[row.desk_code].append(row)
        elif row.department_id is not None:
            at_departments[row.department_id].append(row)
    told = [Told((), role=DESKS[len(code)], area_code=code, **_arrival(listed)) for code, listed in at_desks.items()]
    if at_departments:
        postings = Posting.objects.unscoped("who is told follows from the desk").in_force(clock.today())
        mine = postings.filter(role=Role.DEPARTMENT_HANDLER, department_id__in=at_departments).order_by("user_id")
        for user_id, department_id, area in mine.values_list("user_id", "department_id", "area_code"):
            listed = [row for row in at_departments[department_id] if row.area_code.startswith(area)]
            if listed:
                told.append(Told((user_id,), **_arrival(listed)))
    if told:
        notify_many(told)


def _arrival(rows: Sequence[Arrival]) -> dict[str, Any]:
    if len(rows) == 1:
        return {"kind": "report.arrived", "params": {"code": rows[0].code}, "link": reverse("reports:show", args=[rows[0].code])}
    return {"kind": "report.many_arrived", "params": {"count": len(rows)}, "link": reverse("reports:index")}


def tell_senders(row: Report, kind: str) -> None:
    """Tell those who decide where it goes: the town's desk and the dispatchers."""
    tell_dispatchers(row, kind)
    if len(row.area_code) >= 9:
        notify_desk(role=Role.TOWN_OFFICER, area_code=row.area_code[:9], kind=kind, params={"code": row.code}, link=_link(row))


def tell_supervisors(row: Report, kind: str) -> None:
    """Tell the supervisors of the district."""
    notify_desk(role=Role.SUPERVISOR, area_code=row.area_code[:6], kind=kind, params={"code": row.code}, link=_link(row))


def tell_filer(row: Report) -> None:
    """Tell who filed it that it is closed."""
    if row.filed_by_id is not None:
        notify_person(user_id=row.filed_by_id, kind="report.closed", params={"code": row.code}, link=_link(row))
