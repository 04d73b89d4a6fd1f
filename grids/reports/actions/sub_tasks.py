"""Pieces of the work that the desk gives to its own people. The result of the report waits for all of them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError
from tongshan_portal.workflow.transitions import Transition

from .. import notices
from ..models import Report, SubTask
from ..policies import finishable
from ..routing import people_of
from .taking import take


@transaction.atomic
def give_sub_task(
    *, actor: Actor, report_id: int, assignee_id: int, text: str, due_at: datetime | None = None, now: datetime | None = None
) -> SubTask:
    """Give a piece of the work to somebody who serves on the desk, by a time if one is set."""
    now = now or clock.now()
    made: list[SubTask] = []

    def change(row: Report, _taken: Transition) -> None:
        if assignee_id not in dict(people_of(row)):
            raise DomainError(_("Choose somebody who serves on this desk."), field="recipient")
        if due_at is not None and due_at <= now:
            raise DomainError(_("Choose a time that is still to come."), field="due_at")
        open_tasks = SubTask.objects.unscoped("the sub-tasks of the locked report").filter(report=row, done_at=None)
        if open_tasks.filter(assignee_id=assignee_id, text=text.strip()).exists():
            raise Conflict(_("This person has the same sub-task already."))
        made.append(
            SubTask.objects.create(
                report=row,
                area_code=row.area_code,
                text=text.strip(),
                assignee_id=assignee_id,
                made_by_id=actor.user_id,
                made_at=now,
                due_at=due_at,
            )
        )
        if assignee_id not in row.assignees:
            row.assignees.append(assignee_id)
        row.open_parts += 1

    row = take(
        actor=actor,
        report_id=report_id,
        verb="give_sub_task",
        now=now,
        given={"recipient": assignee_id, "reason": text},
        change=change,
        reason=text,
    )
    notices.tell_person(row, assignee_id, "report.sub_task_given")
    return made[0]


def finish_sub_task(*, actor: Actor, report_id: int, result: str, part_id: int | None = None, now: datetime | None = None) -> SubTask:
    """Say what was done. Without `part_id`: the one open sub-task that the actor can finish."""
    now = now or clock.now()
    found: list[SubTask] = []

    def change(row: Report, _taken: Transition) -> None:
        tasks = list(SubTask.objects.unscoped("the sub-tasks of the locked report").filter(report=row, done_at=None).order_by("pk"))
        able = [one for one in finishable(actor, row, tasks) if part_id in (None, one.pk)]
        if len(able) != 1:
            raise Conflict(_("Say which sub-task.") if able else _("This sub-task is done already: somebody was faster."), field="part")
        task = able[0]
        task.result, task.done_by_id, task.done_at = result.strip(), actor.user_id, now
        task.save(update_fields=["result", "done_by", "done_at"])
        row.assignees = sorted({one.assignee_id for one in tasks if one.pk != task.pk})
        row.open_parts -= 1
        found.append(task)

    row = take(actor=actor, report_id=report_id, verb="finish_sub_task", now=now, given={"result": result}, change=change, reason=result)
    notices.tell_lead(row, "report.sub_task_finished", but=actor.user_id)
    return found[0]
