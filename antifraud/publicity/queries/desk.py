"""What the desk's pages show of notices."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grids.areas.codes import ancestors_of, covers
from grids.areas.names import name_of, path_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.kernel import clock
from tongshan_portal.workflow.tables import Choice

from ..enums import PUBLIC, TONES, URGENCY_TONES, WRITING, NoticeState, Urgency
from ..models import Broadcast, CapMessage, FraudNotice, MessageRun, NoticeArea
from ..workflow import STEPS
from .figures import to_approve

ORDER = ("-id",)
HELD = "areas of a notice that the reader may see"


def rows_of(actor: Actor, view: str) -> QuerySet[FraudNotice]:
    """The rows of a tab."""
    rows = FraudNotice.objects.visible_to(actor.scope)
    if view == "force":
        return rows.in_force(clock.now())
    if view == "approve":
        return to_approve(actor)
    if view == "draft":
        return rows.filter(state__in=WRITING)
    return rows.filter(state__in=[NoticeState.UPDATED, NoticeState.CANCELLED, NoticeState.EXPIRED, NoticeState.DISCARDED])


@dataclass(frozen=True, slots=True)
class Line:
    """A notice in a list."""

    row: FraudNotice
    state: str
    tone: str
    urgency: str
    urgency_tone: str
    areas: str
    broadcasts: int


def lines_of(rows: Sequence[FraudNotice], actor: Actor) -> list[Line]:
    """Notices as lines: two questions, however many they are."""
    areas: dict[int, list[str]] = defaultdict(list)
    found = NoticeArea.objects.unscoped(HELD).filter(notice__in=rows).order_by("area_code")
    for notice_id, code in found.values_list("notice_id", "area_code"):
        areas[notice_id].append(code)
    made = Broadcast.objects.visible_to(actor.scope).filter(notice__in=rows).order_by().values_list("notice_id", flat=True)
    counted = Counter(made)
    return [
        Line(
            row,
            str(NoticeState(row.state).label),
            TONES[NoticeState(row.state)],
            str(Urgency(row.urgency).label),
            URGENCY_TONES[Urgency(row.urgency)],
            _few(areas[row.pk]),
            counted[row.pk],
        )
        for row in rows
    ]


def _few(codes: Sequence[str]) -> str:
    """The names of the first areas."""
    return _(", ").join(name_of(code) for code in codes[:3]) + ("…" if len(codes) > 3 else "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One notice with what its reader may do and know."""

    row: FraudNotice
    line: Line
    areas: list[list[tuple[str, str]]]
    choices: list[Choice]
    broadcasts: list[tuple[Broadcast, str]]
    run: MessageRun | None
    messages: list[CapMessage]
    update: FraudNotice | None
    is_public: bool
    is_desk: bool


def codes_of(row: FraudNotice) -> list[str]:
    """The areas of a notice that the reader may see."""
    return list(NoticeArea.objects.unscoped(HELD).filter(notice=row).order_by("area_code").values_list("area_code", flat=True))


def own_areas(actor: Actor, codes: Sequence[str]) -> list[str]:
    """The areas of the actor's postings for which a notice is: there she may record that it was made known."""
    own = actor.scope.areas_for("publicity.broadcast")
    return [code for code in own if any(covers(code, one) or one in [*ancestors_of(code), code] for one in codes)]


def sheet(actor: Actor, row: FraudNotice) -> Sheet:
    """The page of a notice that the actor may see."""
    codes = codes_of(row)
    may_record = bool(own_areas(actor, codes))

    def may(name: str, held: Any) -> Any:
        return may_record if name == "publicity.broadcast" else can(actor, name, held)

    choices = [one for one in STEPS.available(row, may, actor.user_id) if not one.forbidden or one.transition.verb == "publish"]
    if not can(actor, "publicity.approve", row):
        choices = [one for one in choices if one.transition.verb != "publish"]
    made = Broadcast.objects.visible_to(actor.scope).filter(notice=row).select_related("recorded_by").order_by("-on", "-id")[:100]
    is_desk = bool(can(actor, "publicity.approve", row))
    updates = FraudNotice.objects.visible_to(actor.scope).filter(replaces=row).exclude(state=NoticeState.DISCARDED)
    return Sheet(
        row=row,
        line=lines_of([row], actor)[0],
        areas=[path_of(code) for code in codes],
        choices=choices,
        broadcasts=[(one, name_of(one.area_code)) for one in made],
        run=MessageRun.objects.filter(notice=row).first() if is_desk else None,
        messages=list(CapMessage.objects.filter(notice=row).order_by("sent_at", "pk").defer("document")),
        update=updates.first(),
        is_public=row.state in PUBLIC and row.to_residents,
        is_desk=is_desk,
    )
