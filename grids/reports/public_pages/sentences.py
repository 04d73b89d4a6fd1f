"""What a resident reads of each step. Only what stands here is said: a verb that nobody thought about is silent.

Silent on purpose: notes, proposals to void and what became of them, orders of supervision and their answers, requests for more time,
corrections of place and category, results before somebody else checked them; and every reason but that of a pause, which both sides see.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..enums import ReportState

STEPS_IN_WORDS: dict[str, Promise] = {
    "file_report": _("The report was received."),
    "open_report": _("It was looked at and taken in."),
    "dispatch": _("It was sent to %(desk)s."),
    "sign_for": _("%(desk)s took it over and is working on it."),
    "object_to": _("It belongs to somebody else: the command centre is sending it on."),
    "return_report": _("It belongs to somebody else: the command centre is sending it on."),
    "feed_back": _("%(desk)s says that it is dealt with. Somebody else is checking that."),
    "verify": _("Somebody else checked the result: it holds."),
    "send_back": _("The check found that something is still missing: %(desk)s goes on with it."),
    "close": _("It is closed. The answer stands on this page."),
    "archive": _("It was filed away."),
    "reopen": _("It was opened again."),
    "pause": _("The time limit stands still: %(reason)s"),
    "resume": _("The time limit runs again."),
    "approve_extension": _("It takes longer than planned; more time was approved."),
    "hasten": _("Whoever has it was reminded."),
    "supplement": _("You added: %(reason)s"),
    "withdraw": _("It was withdrawn."),
    "confirm_void": _("It is not followed up: the command centre and a second person decided that it counts as void."),
    "merge": _("Others raised the same matter: it is handled together with theirs."),
    "unmerge": _("It is handled on its own again."),
}

WITH_REASON = frozenset({"pause", "supplement"})
"""Verbs whose text the resident reads: what both sides see, and her own words."""

BY_THE_RESIDENT: dict[str, Promise] = {
    "file_report": _("We received your report. Thank you."),
    "reopen": _("You said that it is not solved: it was opened again."),
    "withdraw": _("You withdrew it."),
}
"""The same, where the resident did it."""

STATES_IN_WORDS: dict[str, Promise] = {
    ReportState.FILED: _("We have received it and will look at it."),
    ReportState.OPENED: _("It was taken in; we are choosing who handles it."),
    ReportState.DISPATCHED: _("It was sent to whoever handles it."),
    ReportState.HANDLING: _("Somebody is working on it."),
    ReportState.HANDLED: _("It is dealt with; somebody else is checking."),
    ReportState.VERIFIED: _("The result was checked; the answer is being written."),
    ReportState.CLOSED: _("It is closed."),
    ReportState.ARCHIVED: _("It is closed and filed away."),
    ReportState.WITHDRAWN: _("It was withdrawn. Nobody works on it."),
    ReportState.VOID: _("It is not followed up."),
    ReportState.MERGED: _("It is handled together with a report of others about the same matter."),
}
