"""A notice as a table. Whoever wrote or submitted it does not publish it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel import clock
from tongshan_portal.workflow.tables import Table
from tongshan_portal.workflow.transitions import Missing, Need, Transition

from .enums import TONES
from .enums import NoticeState as S


def has_time_left(row: Any) -> Iterator[Missing]:
    """Its period of validity is not over."""
    if row.valid_until <= clock.now():
        yield Missing(_("Its period of validity is over: set a later end."), fix="correct")


def has_words_for_followers(row: Any) -> Iterator[Missing]:
    """Where it goes to registered followers, the short message is written."""
    if row.to_followers and not row.sms_text.strip():
        yield Missing(_("The short message for registered followers is missing."), fix="correct")


WRITE, APPROVE = "publicity.write", "publicity.approve"
STEPS = Table(
    name="fraud_notice",
    title=_("Notice against fraud"),
    states=S,
    tones=TONES,
    initial=S.DRAFT,
    final=frozenset([S.UPDATED, S.CANCELLED, S.EXPIRED, S.DISCARDED]),
    people={"written_by_id": _("whoever wrote it"), "submitted_by_id": _("whoever submitted it")},
    transitions=(
        Transition("correct", (S.DRAFT,), None, _("Correct"), WRITE),
        Transition(
            "submit", (S.DRAFT,), S.SUBMITTED, _("Submit for approval"), WRITE, guards=(has_time_left, has_words_for_followers),
            primary=True,
        ),
        Transition("discard", (S.DRAFT,), S.DISCARDED, _("Discard"), WRITE),
        Transition("take_back", (S.SUBMITTED,), S.DRAFT, _("Take back"), WRITE),
        Transition(
            "publish", (S.SUBMITTED,), S.PUBLISHED, _("Approve and publish"), APPROVE, guards=(has_time_left, has_words_for_followers),
            differs_from=("written_by_id", "submitted_by_id"), primary=True,
        ),
        Transition("send_back", (S.SUBMITTED,), S.DRAFT, _("Send back to the writer"), APPROVE, needs=(Need.REASON,)),
        Transition("draft_update", (S.PUBLISHED,), None, _("Write an update"), WRITE),
        Transition("cancel", (S.PUBLISHED,), S.CANCELLED, _("Cancel the notice"), "publicity.cancel", needs=(Need.REASON,)),
        Transition("record_broadcast", (S.PUBLISHED,), None, _("Record that it was made known"), "publicity.broadcast", primary=True),
        Transition("replace", (S.PUBLISHED,), S.UPDATED, _("its update was published"), by_system=True),
        Transition("expire", (S.PUBLISHED,), S.EXPIRED, _("its period of validity ended"), by_system=True),
    ),
)  # fmt: skip

DONE = {
    "correct": "fraud_notice.corrected",
    "submit": "fraud_notice.submitted",
    "discard": "fraud_notice.discarded",
    "take_back": "fraud_notice.taken_back",
    "publish": "fraud_notice.published",
    "send_back": "fraud_notice.sent_back",
    "cancel": "fraud_notice.cancelled",
    "replace": "fraud_notice.replaced",
    "expire": "fraud_notice.expired",
}
"""Verb → how the ledger and the live path call what was done. Drafting (also of an update) and broadcasting write their own rows."""
