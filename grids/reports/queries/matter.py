"""One report as its reader gets it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level
from grids.areas.names import name_of, path_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.accounts.querysets import within
from tongshan_portal.accounts.scope import Scope
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.parts import shown
from tongshan_portal.workflow.calendar import working_calendar
from tongshan_portal.workflow.tables import Choice
from tongshan_portal.workflow.transitions import Missing

from ..enums import DONE_STATES, LIVING, ON_A_DESK, TONES, ReportState, Source
from ..models import Report, ReportLink, ReportStep
from ..workflow import STEPS
from .clocks import ClockFace, clock_face, span_words, worked_words
from .groups import SOON
from .parts import IN_THE_PANEL, Parts, parts_of
from .worklist import claimant_of, desk_of, due_tone

ALIKE = 5
"""Similar reports that are shown."""


@dataclass(frozen=True, slots=True)
class Hop:
    """A step of the history in words. `voice` is `resident`, `officer` or `portal`; `took` how long the report had stood before it."""

    step: ReportStep
    label: str | Promise
    state: str | Promise
    changed: bool
    who: str
    voice: str
    took: str
    late_by: str


KEYS = {
    "open_report": "o", "dispatch": "d", "sign_for": "s", "object_to": "b", "return_report": "r", "feed_back": "f", "verify": "v",
    "send_back": "k", "close": "c", "hasten": "h", "supervise": "u", "answer_order": "a", "add_note": "n", "classify": "l", "place": "p",
    "ask_extension": "t", "approve_extension": "y", "reopen": "e", "merge": "m", "pause": "z", "resume": "w",
}  # fmt: skip
"""The key of each verb on the page of a report."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb that is possible now: its button."""

    label: str | Promise
    href: str
    key: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A verb of the reader's that leads nowhere now, and why."""

    verb: str
    label: str | Promise
    sentences: list[str | Promise]


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that is missing before the report can be closed, and the one click that mends it, where the reader can."""

    sentence: str | Promise
    href: str
    verb: str | Promise


@dataclass(frozen=True, slots=True)
class Alike:
    """A similar report that was closed: where, how it ended, how long it took."""

    title: str
    href: str
    area: str
    result: str
    took: str
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A matter that belongs to this one."""

    label: str
    href: str
    about: str | Promise


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report as its reader gets it."""

    row: Report
    path: list[tuple[str, str]]
    state: str | Promise
    tone: str
    due_tone: str
    desk: str
    source: str
    face: ClockFace | None
    total: ClockFace | None
    hops: list[Hop]
    primary: list[Verb]
    others: list[Verb]
    refused: list[Refused]
    """What is not possible now, with why: folded away on the page."""
    in_the_panel: int
    """How many verbs stand beside the part that they are about, and so not among the buttons."""
    lacking: list[Lacking]
    parts: Parts
    links: list[Link]
    similar: list[Alike]
    reveal: Mapping[str, str]
    claimed_by: str
    is_claimed_by_me: bool
    worked: str

    @property
    def verbs(self) -> list[Verb]:
        """Every button, the primary ones first."""
        return [*self.primary, *self.others]


def report_page(actor: Actor, row: Report) -> ReportPage:
    """Everything of a report that the reader may see; a constant number of questions."""
    now = clock.now()
    steps = list(ReportStep.objects.unscoped("the report itself was found by its reader's scope").filter(report=row).order_by("id"))
    choices = [one for one in STEPS.available(row, partial(can, actor), actor.user_id) if not one.forbidden]
    beside = [one for one in choices if one.transition.verb not in IN_THE_PANEL]
    refused = refused_of(row, beside)
    buttons = [one for one in beside if one.transition.verb not in {no.verb for no in refused}]
    may_reveal = can(actor, "reports.reveal", row)
    sealed = [name for name in ("contact", "phone") if getattr(row, name)]
    return ReportPage(
        row=row,
        path=path_of(row.area_code),
        state=ReportState(row.state).label,
        tone=TONES[row.state],
        due_tone=due_tone(row, now),
        desk=desk_of(row),
        source=row.get_source_display(),
        face=clock_face(row.clock_now(), now, SOON) if row.state in LIVING else None,
        total=clock_face(row.total_clock(), now, SOON) if row.state in LIVING else None,
        hops=hops_of(row, steps),
        primary=[_verb(row, one) for one in buttons if one.possible and one.transition.primary],
        others=[_verb(row, one) for one in buttons if one.possible and not one.transition.primary],
        refused=refused,
        in_the_panel=sum(one.possible for one in choices) - sum(one.possible for one in beside),
        lacking=lacking_of(row, choices),
        parts=parts_of(actor, row),
        links=links_of(actor, row),
        similar=alike(actor.scope, row),
        reveal={name: reverse("audit:reveal", args=["reports.report", row.pk, name]) if may_reveal else "" for name in sealed},
        claimed_by=claimant_of(row, now, actor.user_id),
        is_claimed_by_me=row.claimed_by_id == actor.user_id and row.claimed_until is not None and row.claimed_until > now,
        worked=_worked(row),
    )


POINTLESS: Mapping[str, tuple[Callable[[Report], bool], Promise]] = {
    "pause": (lambda row: _stands_still(row), _("The clock stands still already.")),
    "resume": (lambda row: not _stands_still(row), _("The clock runs.")),
    "answer_order": (lambda row: not row.open_orders, _("No order waits for an answer.")),
}
"""Verbs that the table allows and that would change nothing as the report stands."""


def _stands_still(row: Report) -> bool:
    hop = row.clock_now()
    return hop is not None and hop.is_paused


def refused_of(row: Report, choices: Sequence[Choice]) -> list[Refused]:
    """What is not possible now, or would change nothing, with the reason."""
    found = []
    for one in choices:
        verb, (pointless, why) = one.transition.verb, POINTLESS.get(one.transition.verb, (None, None))
        if not one.possible:
            found.append(Refused(verb, one.transition.label, list(one.sentences)))
        elif pointless is not None and why is not None and pointless(row):
            found.append(Refused(verb, one.transition.label, [why]))
    return found


def _verb(row: Report, choice: Choice) -> Verb:
    verb = choice.transition.verb
    return Verb(choice.transition.label, reverse("reports:step", args=[row.code, verb]), KEYS.get(verb, ""))


def _worked(row: Report) -> str:
    return worked_words(working_calendar().service_between(row.filed_at, row.closed_at)) if row.closed_at else ""


def hops_of(row: Report, steps: Sequence[ReportStep]) -> list[Hop]:
    """The history in words: what was done, by whose voice, how long the report had stood, and whether that was late."""
    labels = {item.verb: item.label for item in STEPS.transitions}
    found, since = [], row.filed_at
    for step in steps:
        changed = step.from_state != step.to_state
        found.append(
            Hop(
                step,
                labels.get(step.verb, _("File the report")),
                ReportState(step.to_state).label,
                changed,
                shown(step.actor_label),
                _voice(row, step),
                span_words(step.at - since) if changed and step.at > since else "",
                span_words(step.at - step.due_at) if step.was_late and step.due_at else "",
            )
        )
        since = step.at if changed else since
    return found


def _voice(row: Report, step: ReportStep) -> str:
    """Whose words they are: what a resident filed herself or says of the outcome, what an officer did, what the portal did."""
    if step.actor_id is not None:
        return "officer"
    by_resident = step.verb in {"file_report", "withdraw", "rate", "supplement"} or (step.verb == "reopen" and bool(step.reason))
    return "resident" if by_resident and row.source == Source.RESIDENT else "portal"


def lacking_of(row: Report, choices: Sequence[Choice]) -> list[Lacking]:
    """What is missing before it can be closed, from the desk's first moment on; each with the click that mends it."""
    if row.state not in ON_A_DESK:
        return []
    open_to_me = {one.transition.verb: one.transition.label for one in choices if one.possible}
    found: dict[str, Missing] = {}
    for transition in STEPS.transitions:
        if transition.verb in {"feed_back", "close"} and (transition.verb == "close" or row.state in transition.from_):
            for guard in transition.guards:
                found |= {str(item.sentence): item for item in guard(row)}
    return [_mended(row, item, open_to_me) for item in found.values()]


def _mended(row: Report, item: Missing, open_to_me: Mapping[str, str | Promise]) -> Lacking:
    known = {transition.verb for transition in STEPS.transitions}
    if item.fix in open_to_me:
        return Lacking(item.sentence, reverse("reports:step", args=[row.code, item.fix]), open_to_me[item.fix])
    if item.fix and item.fix not in known:  # a part of this page
        return Lacking(item.sentence, f"#{item.fix}", _("There"))
    return Lacking(item.sentence, "", "")


def links_of(actor: Actor, row: Report) -> list[Link]:
    """What the report belongs to or became; reports that were merged into it, as far as the reader may see them."""
    linked = ReportLink.objects.unscoped("as its steps").filter(report=row)
    found = [Link(one.label, one.address, one.kind) for one in linked]
    merged = Report.objects.visible_to(actor.scope).filter(merged_into=row).order_by("pk").values_list("code", "title", "state")
    return found + [Link(f"{code} {title}", reverse("reports:show", args=[code]), _("merged into this one")) for code, title, _s in merged]


def alike(scope: Scope, row: Report) -> list[Alike]:
    """Closed reports of the same category within the reader's scope, the nearest area first: how they ended, and in what time.

    Each level is an index of its own in the order wanted; levels wider than the scope are left out, for they could only repeat.
    """
    if row.category_id is None:
        return []
    rows = Report.objects.visible_to(scope).filter(category_id=row.category_id, state__in=DONE_STATES).exclude(pk=row.pk)
    rows = rows.filter(closed_at__isnull=False)  # said once more in the words of the indexes
    fields = ("pk", "title", "code", "area_code", "resolution", "filed_at", "closed_at")
    parts: list[QuerySet] = []
    for level in (Level.VILLAGE, Level.TOWN, Level.DISTRICT):
        if level > len(row.area_code) or (parts and level < _widest(scope)):
            continue
        near = rows.filter(within(row.area_code[:level])) if level > Level.DISTRICT else rows
        parts.append(near.order_by("-closed_at").values_list(*fields)[:ALIKE])
    listed = list(parts[0].union(*parts[1:], all=True)) if len(parts) > 1 else list(parts[0]) if parts else []
    nearest = sorted({one[0]: one for one in listed}.values(), key=lambda one: (_distance(row.area_code, one[3]), -one[6].timestamp()))
    return [_alike(*one) for one in nearest[:ALIKE]]


def _widest(scope: Scope) -> int:
    """The length of the shortest code in which the scope sees reports at all."""
    actions = ("reports.view", "reports.view_dispatched")
    return min((len(code) for action in actions for code in scope.areas_for(action)), default=Level.GRID)


def _distance(here: str, there: str) -> int:
    """0 in the same village, 1 in the same town, 2 elsewhere."""
    return 0 if here[:12] == there[:12] else 1 if here[:9] == there[:9] else 2


def _alike(pk: int, title: str, code: str, area_code: str, result: str, filed_at: datetime, closed_at: datetime) -> Alike:
    took = worked_words(working_calendar().service_between(filed_at, closed_at))
    return Alike(title, reverse("reports:show", args=[code]), name_of(area_code[:12]), result, took, closed_at)


def watching_words(names: Sequence[str]) -> str:
    """Who else has the page open, as a sentence; empty where nobody has."""
    if not names:
        return ""
    listed = gettext(", ").join(names[:3])
    if len(names) <= 3:
        return gettext("%(names)s also looks at this") % {"names": listed}
    more = len(names) - 3
    return ngettext("%(names)s and %(n)d more look at this", "%(names)s and %(n)d more look at this", more) % {"names": listed, "n": more}


def change_words(row: Report, now: datetime) -> str:
    """What was done last, and by whom."""
    step = ReportStep.objects.unscoped("the report itself was found by its reader's scope").filter(report=row).order_by("-id").first()
    if step is None:
        return ""
    label = {item.verb: item.label for item in STEPS.transitions}.get(step.verb, "")
    ago = span_words(max(now - step.at, timedelta()))
    return gettext("%(who)s, %(ago)s ago: %(what)s") % {"who": shown(step.actor_label), "ago": ago, "what": label}
