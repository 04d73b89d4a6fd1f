"""What the resident's pages show: areas to choose from, and one report in plain words, without anybody's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grids.areas.codes import Level
from grids.areas.models import Area
from grids.areas.names import name_of, path_of
from tongshan_portal.ledger.public import name_of_part
from tongshan_portal.workflow.calendar import local

from ..enums import DONE_STATES, LIVING, ON_A_DESK, SOMEBODY_WAITS, TONES, Moment, ReportState, Source
from ..models import Photo, Report, ReportStep
from .sentences import BY_THE_RESIDENT, STATES_IN_WORDS, STEPS_IN_WORDS, WITH_REASON

WITHDRAWABLE = (ReportState.FILED, ReportState.OPENED)


@dataclass(frozen=True, slots=True)
class Said:
    """One step as the resident reads it."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class FollowPage:
    """One report as whoever holds its key reads it."""

    code: str
    key: str
    title: str
    text: str
    category: str
    place: str
    address: str
    filed_at: datetime
    state: str | Promise
    tone: str
    who: str
    officer: str
    paused: str
    due: date | None
    is_late: bool
    said: list[Said]
    answer: str
    is_closed: bool
    rating: str | Promise
    photos: list[int]
    elsewhere: str | Promise
    may_rate: bool
    may_add: bool
    may_withdraw: bool
    may_keep_contact: bool
    is_own: bool
    contact: str
    phone: str


def children_of(code: str) -> list[tuple[str, str]]:
    """(code, name) of the areas in force one level below."""
    rows = Area.objects.filter(code__startswith=code, level=len(code) + 3, valid_to=None)
    return list(rows.order_by("code").values_list("code", "name"))


def place_of(code: str) -> str:
    """An area as one reads it aloud: town, village, grid."""
    return " · ".join(name for _code, name in path_of(code)) if len(code) > Level.DISTRICT else name_of(code)


def desk_in_words(row: Report) -> str:
    """Who has it now: a department, an area's desk, or the command centre; never a person."""
    if row.department_id is not None:
        return str(row.department)
    if row.desk_code:
        return place_of(row.desk_code)
    return _("the command centre")


def follow_page(row: Report, now: datetime) -> FollowPage:
    """Everything that may be said about a report to whoever holds its key; a constant number of questions."""
    hop, own, is_closed = row.clock_now(), row.source == Source.RESIDENT, row.state in DONE_STATES
    paused = hop.pauses[-1].reason if hop is not None and hop.is_paused and row.state in LIVING else ""
    due = row.deadline_at if row.state in LIVING and not paused else None
    shows_name = settings.SHOW_OFFICER_NAMES and row.lead_id is not None and row.state in ON_A_DESK
    is_rated = row.rated_at is not None and row.closed_at is not None and row.rated_at >= row.closed_at
    return FollowPage(
        code=row.code,
        key=row.follow_key,
        title=row.title,
        text=row.text if own else "",
        category=str(row.category) if row.category else "",
        place=place_of(row.area_code),
        address=row.address if own else "",
        filed_at=row.filed_at,
        state=STATES_IN_WORDS[ReportState(row.state)],
        tone=TONES[row.state],
        who=desk_in_words(row) if row.state in LIVING else "",
        officer=row.lead.name if shows_name and row.lead else "",
        paused=paused,
        due=local(due).date() if due else None,
        is_late=due is not None and due < now,
        said=list(_said(row)),
        answer=row.answer if is_closed else "",
        is_closed=is_closed,
        rating=row.get_rating_display() if is_closed and is_rated else "",
        photos=list(photos_of(row).values_list("pk", flat=True)),
        elsewhere=STATES_IN_WORDS[ReportState(row.merged_into.state)] if row.merged_into else "",
        may_rate=row.state == ReportState.CLOSED and not is_rated,
        may_add=row.state in LIVING,
        may_withdraw=own and row.state in WITHDRAWABLE,
        may_keep_contact=row.source in SOMEBODY_WAITS,
        is_own=own,
        contact=row.contact.masked if row.contact else "",
        phone=row.phone.masked if row.phone else "",
    )


def photos_of(row: Report):  # type: ignore[no-untyped-def]
    """Pictures that may be shown: the resident's own, and, once it is closed, those of afterwards."""
    rows = Photo.objects.unscoped("the report was opened by its key").filter(report=row)
    own = rows.filter(moment=Moment.BEFORE, added_by=None) if row.source == Source.RESIDENT else rows.none()
    return (own | rows.filter(moment=Moment.AFTER)) if row.state in DONE_STATES else own


def _said(row: Report) -> Iterable[Said]:
    steps = ReportStep.objects.unscoped("the report was opened by its key").filter(report=row).order_by("id")
    desk, resident = _("Whoever has it"), name_of_part("residents")
    for step in steps:
        if step.verb == "dispatch":
            desk = step.recipient
        words = STEPS_IN_WORDS.get(step.verb)
        if step.actor_label == resident:
            words = BY_THE_RESIDENT.get(step.verb, words)
        if words is not None:
            yield Said(step.at, str(words) % {"desk": desk, "reason": step.reason if step.verb in WITH_REASON else ""})
