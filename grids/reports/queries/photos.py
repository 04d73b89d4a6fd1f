"""The photos of a report as its page shows them, before and after side by side."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from tongshan_portal.accounts.actor import Actor

from ..actions.photographing import STATES, why_not
from ..enums import Moment
from ..models import Photo, Report
from ..questions import in_words


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """One photo: its number among those of its moment, who added it when, whether the reader may take it away."""

    pk: int
    number: int
    width: int
    height: int
    by: str
    at: datetime
    may_remove: bool


@dataclass(frozen=True, slots=True)
class Wall:
    """The photos of one moment, and whether the reader may add to them."""

    moment: str
    label: str | Promise
    photos: list[PhotoLine]
    may_add: bool


@dataclass(frozen=True, slots=True)
class Filed:
    """What came with a report: photos by moment, and the answers to its category's questions in words."""

    walls: list[Wall]
    answers: list[tuple[str, str]]


def filed_with(actor: Actor, row: Report) -> Filed:
    """Photos and answers of a report that the reader may see; two questions at most."""
    photos = list(Photo.objects.unscoped("the report itself was found by its reader's scope").filter(report=row).select_related("added_by"))
    return Filed([_wall(actor, row, moment, photos) for moment in Moment], in_words(row))


def _wall(actor: Actor, row: Report, moment: Moment, photos: list[Photo]) -> Wall:
    living = row.state in STATES[moment]
    lines = [
        PhotoLine(
            photo.pk,
            number,
            photo.width,
            photo.height,
            str(photo.added_by or ""),
            photo.added_at,
            living and photo.added_by_id is not None and photo.added_by_id == actor.user_id,
        )
        for number, photo in enumerate((one for one in photos if one.moment == moment), 1)
    ]
    return Wall(moment.value, moment.label, lines, why_not(actor, row, moment) is None)
