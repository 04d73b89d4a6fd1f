"""Words of fraud alerts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role


class Grade(models.TextChoices):
    """How likely and how urgent, as the police graded the warning. What follows from it stands in the grade policies."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


RANK = {Grade.HIGH: 0, Grade.MEDIUM: 1, Grade.LOW: 2}
"""The order of grades; the smaller the more urgent."""

GRADE_TONES = {"high": "late", "medium": "soon", "low": "plain"}


class AlertState(models.TextChoices):
    """Where an alert stands."""

    NEW = "new", _("new, to be assigned")
    ASSIGNED = "assigned", _("assigned, to be accepted")
    BEING_REACHED = "being_reached", _("being reached")
    SNOOZED = "snoozed", _("snoozed")
    HANDED_OVER = "handed_over", _("handed over to the police")
    RECORDED = "recorded", _("outcome recorded, to be checked")
    CHECKED = "checked", _("checked, awaiting the return call")
    CLOSED = "closed", _("closed")
    MERGED = "merged", _("merged into another alert")


TONES = {
    "new": "soon", "assigned": "soon", "being_reached": "active", "snoozed": "neutral", "handed_over": "active", "recorded": "active",
    "checked": "active", "closed": "done", "merged": "neutral",
}  # fmt: skip
"""The colour token of each state."""

OPEN = (AlertState.NEW, AlertState.ASSIGNED, AlertState.BEING_REACHED, AlertState.SNOOZED, AlertState.HANDED_OVER)
"""States in which the person has not been dealt with: of one person and type at most one alert is in them."""

TO_REACH = (AlertState.NEW, AlertState.ASSIGNED, AlertState.BEING_REACHED)
"""States in which the person is still to be reached."""

LIVING = (*OPEN, AlertState.RECORDED, AlertState.CHECKED)
"""States in which somebody has something to do."""

DECIDED = (AlertState.CHECKED, AlertState.CLOSED)
"""States in which a second person has confirmed the outcome."""


class MatchKind(models.TextChoices):
    """How the area of a warned person was found."""

    REGISTRATION = "registration", _("by her registration")
    FAMILY = "family", _("by a family member's registration")
    HOUSEHOLD = "household", _("by her household")
    ADDRESS = "address", _("by the stated address")
    STATED = "stated", _("by the stated area")
    CHOSEN = "chosen", _("chosen by a person")
    DESK = "desk", _("not known: the desk decides")


class Goes(models.TextChoices):
    """Who goes: the desk to which the dissuasion of a person falls."""

    GRID_WORKER = "grid_worker", _("the grid worker")
    COMMUNITY_POLICE = "community_police", _("the community police")
    DESK = "desk", _("the anti-fraud desk")
    DUTY = "duty", _("the duty officer")


ROLE_OF = {
    Goes.GRID_WORKER: Role.GRID_WORKER,
    Goes.COMMUNITY_POLICE: Role.COMMUNITY_POLICE,
    Goes.DESK: Role.ANTIFRAUD_OFFICER,
    Goes.DUTY: Role.DUTY_OFFICER,
}
"""The role that sits at each desk."""


class Channel(models.TextChoices):
    """How somebody tried to reach a person."""

    CALL = "call", _("call")
    VISIT = "visit", _("visit")
    SMS = "sms", _("text message")
    FAMILY = "family", _("through the family")
    OTHER = "other", _("another way")


class Reached(models.TextChoices):
    """What came of an attempt."""

    YES = "yes", _("reached")
    NO = "no", _("not reached")
    REFUSED = "refused", _("refused")
    EMPTY_NUMBER = "empty_number", _("empty number")
    NOT_IN_AREA = "not_in_area", _("not in the area")
    SENT = "sent", _("sent, no answer yet")


TRIED = tuple(one for one in Reached if one is not Reached.SENT)
"""What a person says of her own attempt; a message that the portal sent is neither reached nor not."""


class Outcome(models.TextChoices):
    """What became of the person: real or not, stopped or not."""

    STOPPED = "stopped", _("real and stopped")
    NOT_LISTENING = "not_listening", _("real and not listening")
    DEFRAUDED = "defrauded", _("already defrauded")
    FALSE_ALARM = "false_alarm", _("false alarm")
    UNREACHABLE = "unreachable", _("unreachable and handed over")
    DUPLICATE = "duplicate", _("duplicate")


NEEDS_RETURN_CALL = (Outcome.STOPPED, Outcome.NOT_LISTENING, Outcome.DEFRAUDED)
"""Outcomes after which the person is called once more before the alert is closed."""

REAL = (Outcome.STOPPED, Outcome.NOT_LISTENING, Outcome.DEFRAUDED)
"""Outcomes of an alert behind which there was a fraud: the denominator of the share defrauded after a warning."""


class MoneyWent(models.TextChoices):
    """When the money that was transferred went, measured at the first warning that came in here; what nobody knows is said to be so."""

    BEFORE = "before", _("before the warning came in")
    AFTER = "after", _("after the warning came in")
    UNKNOWN = "unknown", _("not known")


class TaskState(models.TextChoices):
    """Where a dissuasion task stands."""

    OFFERED = "offered", _("offered")
    ACCEPTED = "accepted", _("accepted")
    PASSED_ON = "passed_on", _("passed on")
    DONE = "done", _("done")


class EscalationTo(models.TextChoices):
    """Whom one turns to when the person does not listen or cannot be reached."""

    FAMILY = "family", _("the family")
    OFFICER = "officer", _("the community police officer")
    BANK = "bank", _("the bank: payment stop")
    POLICE = "police", _("the criminal police")


class Came(models.TextChoices):
    """What a warning did when it came in: it opened an alert, or joined the open one of its person and type, which is never doubled."""

    OPENED = "opened", _("opened the alert")
    COUNTED = "counted", _("came within the window: counted, the clock runs on")
    GRAVER = "graver", _("was graver: the grade was raised")
    RENEWED = "renewed", _("came after the window: the clock of the first contact began anew")


class ShiftState(models.TextChoices):
    """Where a hand-over between shifts (交接班) stands."""

    DRAFTED = "drafted", _("written, to be taken over")
    TAKEN_OVER = "taken_over", _("taken over")


SHIFT_TONES = {"drafted": "soon", "taken_over": "done"}


class Stage(models.TextChoices):
    """What a clock of an alert is about."""

    CONTACT = "contact", _("to the first contact")
    OUTCOME = "outcome", _("to the outcome")
    CHECK = "check", _("to the check")
    RETURN_CALL = "return_call", _("to the return call")


class Rung(models.TextChoices):
    """The rungs of escalation, in their order."""

    WARNING = "warning", _("before it is due")
    OVERDUE = "overdue", _("when it is due")
    ESCALATED = "escalated", _("after it was due")
