"""Photos of a report: added before and after the work, taken away by whoever added them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can, require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, InvalidTransition, NotAllowed
from tongshan_portal.kernel.pictures import Picture
from tongshan_portal.ledger.public import record

from .. import hearing
from ..enums import LIVING, MAX_PER_MOMENT, Moment, ReportState
from ..models import Photo, Report

STATES: dict[str, tuple[str, ...]] = {Moment.BEFORE: LIVING, Moment.AFTER: (ReportState.HANDLING, ReportState.HANDLED)}
"""When photos of each kind come and go: what somebody has verified stays as it was verified."""


def why_not(actor: Actor, row: Report, moment: str) -> str | Promise | None:
    """Why the actor may not add a photo of this moment now; None where she may.

    Before: whoever files or notes in the area. After: the desk on which the report stands.
    """
    if row.state not in STATES[moment]:
        return _("“%(state)s”: photos of this kind are not added any more, or not yet.") % {"state": row.get_state_display()}
    if moment == Moment.AFTER:
        decision = can(actor, "reports.handle", row)
        return None if decision else decision.reason
    decision = can(actor, "reports.note", row)
    return None if decision or can(actor, "reports.file", row) else decision.reason


@transaction.atomic
def add_photo(
    *, actor: Actor, report_id: int, key: UUID, pictures: Sequence[Picture], moment: str, now: datetime | None = None
) -> list[Photo]:
    """Add pictures to a report. `key` is the sender's: sent again, the same pictures are there once.

    Raises Report.DoesNotExist, InvalidTransition, NotAllowed, DomainError (field `photos`: none, or more than six of a moment).
    """
    row = Report.objects.locked(pk=report_id)
    refusal = why_not(actor, row, moment)
    if refusal:
        raise InvalidTransition(refusal) if row.state not in STATES[moment] else NotAllowed(refusal)
    if not pictures:
        raise DomainError(_("Choose a photo first."), "photos")
    return put(actor=actor, row=row, key=key, pictures=pictures, moment=moment, now=now or clock.now())


def put(*, actor: Actor, row: Report, key: UUID, pictures: Sequence[Picture], moment: str, now: datetime) -> list[Photo]:
    """Keep pictures with a locked or new report, inside the caller's transaction. Raises DomainError."""
    known = {photo.key for photo in Photo.objects.unscoped("the report was found and locked by its action").filter(report=row)}
    wanted = {uuid5(key, picture.mark): picture for picture in pictures}
    fresh = {one: picture for one, picture in wanted.items() if one not in known}
    counter = f"photos_{moment}"
    if getattr(row, counter) + len(fresh) > MAX_PER_MOMENT:
        raise DomainError(_("At most %(number)s photos: leave some out.") % {"number": MAX_PER_MOMENT}, "photos")
    if not fresh:
        return []
    made: list[Photo] = []
    try:
        for one, picture in fresh.items():
            photo = Photo(
                report=row, area_code=row.area_code, key=one, moment=moment, width=picture.width, height=picture.height,
                size=len(picture.data), added_by_id=actor.user_id, added_at=now,
            )  # fmt: skip
            photo.file.save("", ContentFile(picture.data), save=False)
            made.append(photo)
            photo.save(force_insert=True)
    except BaseException:
        for photo in made:  # the transaction takes the rows back, nobody the files
            photo.file.storage.delete(photo.file.name)
        raise
    setattr(row, counter, getattr(row, counter) + len(made))
    _note(actor, row, "report.photo_added", counter, now, {"moment": moment, "number": len(made)})
    return made


@transaction.atomic
def remove_photo(*, actor: Actor, report_id: int, photo_id: int, now: datetime | None = None) -> Report:
    """Take a photo away: only who added it, before the report is closed; one of the result only while that is not verified.

    Raises Report.DoesNotExist, Photo.DoesNotExist, InvalidTransition, NotAllowed.
    """
    row = Report.objects.locked(pk=report_id)
    photo = Photo.objects.unscoped("found by its report, which is locked").get(pk=photo_id, report=row)
    require(actor, "reports.file" if can(actor, "reports.file", row) else "reports.note", row)
    if actor.user_id is None or photo.added_by_id != actor.user_id:
        raise NotAllowed(_("Only who added a photo may take it away."))
    if row.state not in STATES[photo.moment]:
        raise InvalidTransition(_("“%(state)s”: photos stay as they are.") % {"state": row.get_state_display()})
    counter = f"photos_{photo.moment}"
    setattr(row, counter, getattr(row, counter) - 1)
    storage, name = photo.file.storage, photo.file.name
    photo.delete()
    transaction.on_commit(lambda: storage.delete(name))
    _note(actor, row, "report.photo_removed", counter, now or clock.now(), {"moment": photo.moment})
    return row


def _note(actor: Actor, row: Report, verb: str, counter: str, now: datetime, detail: dict[str, object]) -> None:
    """The report's counter, the ledger, the live path."""
    row.changed_at = now
    row.save(update_fields=[counter, "changed_at"])
    record(actor=actor, verb=verb, row=row, area_code=row.area_code, detail=detail)
    hearing.announce(row, verb)
