"""The closed loop as a table. Whoever handles does not verify; a void takes two; what is sent back counts as rework."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongshan_portal.workflow.tables import Table
from tongshan_portal.workflow.transitions import Missing, Need, Transition

from .enums import DONE_STATES, LIVING, ON_A_DESK, TONES, WORKED_ON, Satisfaction
from .enums import ReportState as S

BEFORE_HANDLED = (S.FILED, S.OPENED, S.DISPATCHED, S.HANDLING)
WITH_PARTS = (S.OPENED, *WORKED_ON)
"""Where co-handlings and sub-tasks are answered: also while the report itself looks for another desk."""

CALLED_BACK = (S.HANDLED, S.VERIFIED, *DONE_STATES)
"""There is a result that the resident can be asked about."""


def has_area(row: Any) -> Iterator[Missing]:
    """The report lies in a grid, village or town."""
    if len(row.area_code) <= 6:
        yield Missing(_("Say in which area it lies first."), fix="place")


def has_answered_order(row: Any) -> Iterator[Missing]:
    """Every supervision order was answered in writing."""
    if row.open_orders:
        yield Missing(_("A supervision order waits for its answer in writing."), fix="answer_order")


def has_void_proposal(row: Any) -> Iterator[Missing]:
    """Somebody proposed to void it."""
    if row.void_asked_by_id is None:
        yield Missing(_("Nobody has proposed to void it."), fix="propose_void")


def has_no_void_proposal(row: Any) -> Iterator[Missing]:
    """Nobody proposed to void it yet."""
    if row.void_asked_by_id is not None:
        yield Missing(_("A proposal to void it waits for a second person already."), fix="confirm_void")


def has_extension_request(row: Any) -> Iterator[Missing]:
    """More time was asked for."""
    if row.extension_asked_by_id is None:
        yield Missing(_("Nobody has asked for more time."), fix="ask_extension")


def has_no_extension_request(row: Any) -> Iterator[Missing]:
    """No request for more time waits."""
    if row.extension_asked_by_id is not None:
        yield Missing(_("A request for more time waits already."), fix="approve_extension")


def has_deferral_request(row: Any) -> Iterator[Missing]:
    """A deferral was asked for."""
    if row.deferral_asked_by_id is None:
        yield Missing(_("Nobody has asked for a deferral."), fix="ask_deferral")


def has_no_deferral_request(row: Any) -> Iterator[Missing]:
    """No request for a deferral waits."""
    if row.deferral_asked_by_id is not None:
        yield Missing(_("A request for a deferral waits already."), fix="approve_deferral")


def has_no_open_parts(row: Any) -> Iterator[Missing]:
    """Every sub-task and every co-handling is done, refused or done without."""
    if row.open_parts:
        yield Missing(_("Sub-tasks or co-handlings are not done yet."), fix="parts")


def has_after_photo(row: Any) -> Iterator[Missing]:
    """There is a photo afterwards where the category, or one above it, asks for it."""
    category, seen = None if row.photos_after else row.category, set()
    while category is not None and category.pk not in seen:
        if category.after_photo:
            yield Missing(_("This category needs a photo of how it looks afterwards."), fix="photos")
            return
        seen.add(category.pk)
        category = category.parent


def has_no_objection(row: Any) -> Iterator[Missing]:
    """The resident did not say in a return call that this result solves nothing."""
    if row.rating == Satisfaction.NOT_SOLVED:
        yield Missing(_("The resident says that it is not solved: send it back."), fix="send_back")


STEPS = Table(
    name="report",
    title=_("Case report"),
    states=S,
    tones=TONES,
    initial=S.FILED,
    final=frozenset([S.WITHDRAWN, S.VOID]),
    people={
        "handled_by_id": _("whoever handled it"),
        "void_asked_by_id": _("whoever proposed to void it"),
        "extension_asked_by_id": _("whoever asked for more time"),
        "deferral_asked_by_id": _("whoever asked for the deferral"),
    },
    transitions=(
        Transition("open_report", (S.FILED,), S.OPENED, _("Open the report"), "reports.open", guards=(has_area,), primary=True),
        Transition("place", (S.FILED, S.OPENED), None, _("Say where it lies"), "reports.open", needs=(Need.AREA,)),
        Transition("classify", (S.FILED, S.OPENED), None, _("Change the category"), "reports.open", needs=(Need.CATEGORY,)),
        Transition("dispatch", (S.OPENED,), S.DISPATCHED, _("Dispatch"), "reports.dispatch", needs=(Need.RECIPIENT,), primary=True),
        Transition("sign_for", (S.DISPATCHED,), S.HANDLING, _("Sign for"), "reports.handle", primary=True),
        Transition("lose_lead", (S.HANDLING,), S.DISPATCHED, _("The lead left"), by_system=True),
        Transition("object_to", (S.DISPATCHED, S.HANDLING), S.OPENED, _("Not ours"), "reports.object", needs=(Need.REASON,)),
        Transition("return_report", (S.DISPATCHED, S.HANDLING), S.OPENED, _("Return"), "reports.handle", needs=(Need.REASON,)),
        Transition("send_up", WORKED_ON, S.DISPATCHED, _("Send up"), "reports.send_up", needs=(Need.REASON,)),
        Transition(
            "send_up_to_centre",
            WORKED_ON,
            S.OPENED,
            _("Send up to the command centre"),
            "reports.send_up_to_centre",
            needs=(Need.REASON,),
        ),
        Transition("send_down", WORKED_ON, S.DISPATCHED, _("Send down"), "reports.send_down", needs=(Need.RECIPIENT,)),
        Transition("transfer", WORKED_ON, S.DISPATCHED, _("Transfer"), "reports.transfer", needs=(Need.RECIPIENT, Need.REASON)),
        Transition(
            "ask_co_handling", WORKED_ON, None, _("Ask to co-handle"), "reports.ask_co_handling", needs=(Need.RECIPIENT, Need.REASON)
        ),
        Transition("accept_co_handling", WITH_PARTS, None, _("Accept to co-handle"), "reports.answer_co_handling", primary=True),
        Transition("refuse_co_handling", WITH_PARTS, None, _("Refuse to co-handle"), "reports.answer_co_handling", needs=(Need.REASON,)),
        Transition(
            "finish_co_handling",
            WITH_PARTS,
            None,
            _("Finish co-handling"),
            "reports.finish_co_handling",
            needs=(Need.RESULT,),
            primary=True,
        ),
        Transition("drop_co_handling", WITH_PARTS, None, _("Do without co-handling"), "reports.ask_co_handling", needs=(Need.REASON,)),
        Transition("give_sub_task", (S.HANDLING,), None, _("Give a sub-task"), "reports.handle", needs=(Need.RECIPIENT, Need.REASON)),
        Transition("finish_sub_task", WITH_PARTS, None, _("Finish a sub-task"), "reports.finish_sub_task", needs=(Need.RESULT,)),
        Transition("split_off", WITH_PARTS, None, _("Split off a part"), "reports.split", needs=(Need.RECIPIENT, Need.REASON)),
        Transition(
            "feed_back",
            (S.HANDLING,),
            S.HANDLED,
            _("Feed back"),
            "reports.handle",
            needs=(Need.RESULT,),
            guards=(has_no_open_parts, has_answered_order, has_after_photo),
            primary=True,
        ),
        Transition("verify", (S.HANDLED,), S.VERIFIED, _("Verify"), "reports.verify", differs_from=("handled_by_id",), primary=True),
        Transition(
            "send_back",
            (S.HANDLED, S.VERIFIED),
            S.HANDLING,
            _("Send back"),
            "reports.verify",
            needs=(Need.REASON,),
            differs_from=("handled_by_id",),
        ),
        Transition("make_return_call", CALLED_BACK, None, _("Make a return call"), "reports.call_back", differs_from=("handled_by_id",)),
        Transition(
            "close",
            (S.VERIFIED,),
            S.CLOSED,
            _("Close"),
            "reports.close",
            guards=(has_no_open_parts, has_answered_order, has_after_photo, has_no_objection),
            primary=True,
        ),
        Transition("rate", DONE_STATES, None, _("Rate"), by_system=True),
        Transition("archive", (S.CLOSED,), S.ARCHIVED, _("File away"), by_system=True),
        Transition("reopen", (S.CLOSED, S.ARCHIVED), S.OPENED, _("Reopen"), "reports.reopen", needs=(Need.REASON,)),
        Transition("pause", (S.HANDLING,), None, _("Pause the clock"), "reports.handle", needs=(Need.REASON,)),
        Transition("resume", (S.HANDLING,), None, _("Let the clock run"), "reports.handle"),
        Transition(
            "ask_extension",
            (S.HANDLING,),
            None,
            _("Ask for more time"),
            "reports.handle",
            needs=(Need.REASON,),
            guards=(has_no_extension_request,),
        ),
        Transition(
            "approve_extension",
            (S.HANDLING,),
            None,
            _("Approve more time"),
            "reports.approve",
            guards=(has_extension_request,),
            differs_from=("extension_asked_by_id",),
        ),
        Transition(
            "refuse_extension",
            (S.HANDLING,),
            None,
            _("Refuse more time"),
            "reports.approve",
            needs=(Need.REASON,),
            guards=(has_extension_request,),
            differs_from=("extension_asked_by_id",),
        ),
        Transition(
            "ask_deferral",
            (S.HANDLING,),
            None,
            _("Ask for a deferral"),
            "reports.handle",
            needs=(Need.UNTIL, Need.REASON),
            guards=(has_no_deferral_request,),
        ),
        Transition(
            "approve_deferral",
            (S.HANDLING,),
            None,
            _("Approve the deferral"),
            "reports.approve",
            guards=(has_deferral_request,),
            differs_from=("deferral_asked_by_id",),
        ),
        Transition(
            "refuse_deferral",
            (S.HANDLING,),
            None,
            _("Refuse the deferral"),
            "reports.approve",
            needs=(Need.REASON,),
            guards=(has_deferral_request,),
            differs_from=("deferral_asked_by_id",),
        ),
        Transition("apply_limit", LIVING, None, _("Apply a changed time limit"), by_system=True),
        Transition("link", tuple(S), None, _("Link"), by_system=True),
        Transition("hasten", ON_A_DESK, None, _("Hasten"), "reports.hasten", needs=(Need.REASON,)),
        Transition("supervise", ON_A_DESK, None, _("Supervise"), "reports.supervise", needs=(Need.REASON,)),
        Transition("answer_order", ON_A_DESK, None, _("Answer the order"), "reports.handle", needs=(Need.RESULT,)),
        Transition("add_note", LIVING, None, _("Add a note"), "reports.note", needs=(Need.REASON,)),
        Transition("supplement", LIVING, None, _("Addition of the resident"), needs=(Need.REASON,), by_system=True),
        Transition("withdraw", (S.FILED, S.OPENED), S.WITHDRAWN, _("Withdraw"), "reports.withdraw", needs=(Need.REASON,)),
        Transition(
            "propose_void", BEFORE_HANDLED, None, _("Propose to void"), "reports.void", needs=(Need.REASON,), guards=(has_no_void_proposal,)
        ),
        Transition(
            "confirm_void",
            BEFORE_HANDLED,
            S.VOID,
            _("Void"),
            "reports.void",
            guards=(has_void_proposal,),
            differs_from=("void_asked_by_id",),
        ),
        Transition(
            "reject_void", BEFORE_HANDLED, None, _("Do not void"), "reports.void", needs=(Need.REASON,), guards=(has_void_proposal,)
        ),
        Transition("merge", BEFORE_HANDLED, S.MERGED, _("Merge into another"), "reports.merge", needs=(Need.RECIPIENT, Need.REASON)),
        Transition("unmerge", (S.MERGED,), S.OPENED, _("Take out again"), "reports.merge", needs=(Need.REASON,)),
    ),
)

DONE = {
    "open_report": "report.opened",
    "place": "report.placed",
    "classify": "report.classified",
    "dispatch": "report.dispatched",
    "sign_for": "report.signed_for",
    "lose_lead": "report.lead_lost",
    "object_to": "report.objected_to",
    "return_report": "report.returned",
    "send_up": "report.sent_up",
    "send_up_to_centre": "report.sent_up_to_centre",
    "send_down": "report.sent_down",
    "transfer": "report.transferred",
    "ask_co_handling": "report.co_handling_asked",
    "accept_co_handling": "report.co_handling_accepted",
    "refuse_co_handling": "report.co_handling_refused",
    "finish_co_handling": "report.co_handling_finished",
    "drop_co_handling": "report.co_handling_dropped",
    "give_sub_task": "report.sub_task_given",
    "finish_sub_task": "report.sub_task_finished",
    "split_off": "report.split",
    "feed_back": "report.fed_back",
    "verify": "report.verified",
    "send_back": "report.sent_back",
    "make_return_call": "report.called_back",
    "close": "report.closed",
    "rate": "report.rated",
    "archive": "report.archived",
    "reopen": "report.reopened",
    "pause": "report.paused",
    "resume": "report.resumed",
    "ask_extension": "report.extension_asked",
    "approve_extension": "report.extended",
    "refuse_extension": "report.extension_refused",
    "ask_deferral": "report.deferral_asked",
    "approve_deferral": "report.deferred",
    "refuse_deferral": "report.deferral_refused",
    "apply_limit": "report.limit_applied",
    "link": "report.linked",
    "hasten": "report.hastened",
    "supervise": "report.supervised",
    "answer_order": "report.order_answered",
    "add_note": "report.noted",
    "supplement": "report.supplemented",
    "withdraw": "report.withdrawn",
    "propose_void": "report.void_proposed",
    "confirm_void": "report.voided",
    "reject_void": "report.kept",
    "merge": "report.merged",
    "unmerge": "report.unmerged",
}
"""What each verb is called in the ledger and on the live path, once it is done."""
