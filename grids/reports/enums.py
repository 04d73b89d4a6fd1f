"""Words of case reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    """Where a report stands; the words are those that grid workers know."""

    FILED = "filed", _("awaiting acceptance")
    OPENED = "opened", _("opened, to be dispatched")
    DISPATCHED = "dispatched", _("dispatched, to be signed for")
    HANDLING = "handling", _("being handled")
    HANDLED = "handled", _("awaiting verification")
    VERIFIED = "verified", _("verified, awaiting the answer")
    CLOSED = "closed", _("closed, awaiting rating")
    ARCHIVED = "archived", _("filed away")
    WITHDRAWN = "withdrawn", _("withdrawn")
    VOID = "void", _("void")
    MERGED = "merged", _("merged into another")


TONES = {
    "filed": "soon", "opened": "soon", "dispatched": "active", "handling": "active", "handled": "active", "verified": "active",
    "closed": "done", "archived": "done", "withdrawn": "neutral", "void": "neutral", "merged": "neutral",
}  # fmt: skip
"""The colour token of each state."""

LIVING = (
    ReportState.FILED, ReportState.OPENED, ReportState.DISPATCHED, ReportState.HANDLING, ReportState.HANDLED, ReportState.VERIFIED,
)  # fmt: skip
"""States in which somebody has something to do."""

ON_A_DESK = (ReportState.DISPATCHED, ReportState.HANDLING, ReportState.HANDLED, ReportState.VERIFIED)
"""States in which a department or an area's desk answers for the report."""

WORKED_ON = (ReportState.DISPATCHED, ReportState.HANDLING)
"""States in which it stands on a desk that has not fed back: it may move to another desk, or take others in."""


class Urgency(models.TextChoices):
    """How fast somebody must go."""

    LOW = "low", _("can wait")
    NORMAL = "normal", _("normal")
    HIGH = "high", _("urgent")
    EMERGENCY = "emergency", _("emergency")


class Source(models.TextChoices):
    """Where a report came from."""

    FIELD = "field", _("seen on the spot")
    CALL = "call", _("taken by staff for a caller")
    RESIDENT = "resident", _("filed by a resident")
    HOTLINE = "hotline", _("hotline order")
    POLICE = "police", _("handed over by the police")
    SENSOR = "sensor", _("alarm of a device")
    SYSTEM = "system", _("another system")
    PART = "part", _("part of another report")


SOMEBODY_WAITS = (Source.CALL, Source.RESIDENT, Source.HOTLINE)
"""Sources behind which a person waits for an answer."""


class Located(models.TextChoices):
    """How the area of a report was found."""

    POINT = "point", _("by its point")
    NEAREST = "nearest", _("nearest grid; the point lies outside")
    CHOSEN = "chosen", _("chosen by a person")
    DESK = "desk", _("not known: the desk decides")


class Stage(models.TextChoices):
    """What a time limit is about: one hop of the loop, or the whole of it."""

    ACCEPT = "accept", _("to open")
    DISPATCH = "dispatch", _("to dispatch")
    SIGN_FOR = "sign_for", _("to sign for")
    HANDLE = "handle", _("to handle")
    VERIFY = "verify", _("to verify")
    ANSWER = "answer", _("to answer and close")
    TOTAL = "total", _("from filing to closing")
    RATE = "rate", _("to be rated, before it is filed away")
    ORDER = "order", _("to answer an order of supervision")


STAGE_OF = {
    ReportState.FILED: Stage.ACCEPT,
    ReportState.OPENED: Stage.DISPATCH,
    ReportState.DISPATCHED: Stage.SIGN_FOR,
    ReportState.HANDLING: Stage.HANDLE,
    ReportState.HANDLED: Stage.VERIFY,
    ReportState.VERIFIED: Stage.ANSWER,
}
"""The hop that runs in each state."""


class Hours(models.TextChoices):
    """When a dispatch rule holds."""

    ALWAYS = "always", _("always")
    SERVICE = "service", _("during hours of service")
    OUTSIDE = "outside", _("outside hours of service")


class Desk(models.TextChoices):
    """Who gets what a dispatch rule sends."""

    DEPARTMENT = "department", _("a department")
    TOWN = "town", _("the town's desk")
    VILLAGE = "village", _("the village's desk")
    GRID = "grid", _("the grid worker")


DONE_STATES = (ReportState.CLOSED, ReportState.ARCHIVED)
"""Handled, verified and answered."""


class AnswerKind(models.TextChoices):
    """What kind of answer a question of a category takes."""

    TEXT = "text", _("text")
    NUMBER = "number", _("number")
    YES_NO = "yes_no", _("yes or no")
    CHOICE = "choice", _("one of several")


class Moment(models.TextChoices):
    """When a photo was taken."""

    BEFORE = "before", _("before")
    AFTER = "after", _("after")


MAX_PER_MOMENT = 6
"""Photos of one moment that a report may have."""


class CoHandlingState(models.TextChoices):
    """Where a request to co-handle stands."""

    ASKED = "asked", _("asked")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    DONE = "done", _("done")
    DROPPED = "dropped", _("done without")


CO_HANDLING_TONES = {"asked": "soon", "accepted": "active", "refused": "neutral", "done": "done", "dropped": "neutral"}
OPEN_CO_HANDLING = (CoHandlingState.ASKED, CoHandlingState.ACCEPTED)
"""States of a request to co-handle that the result of the report waits for."""


class Satisfaction(models.TextChoices):
    """What the resident says of the outcome. Satisfied ÷ answered is the indicator; "not solved" reopens the report."""

    SATISFIED = "satisfied", _("satisfied")
    FAIR = "fair", _("fair")
    UNSATISFIED = "unsatisfied", _("unsatisfied")
    NOT_SOLVED = "not_solved", _("not solved")


class Digest(models.TextChoices):
    """How often a saved view tells its owner."""

    NONE = "none", _("never")
    DAILY = "daily", _("every working morning")
