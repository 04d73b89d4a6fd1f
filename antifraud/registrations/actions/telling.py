"""Messages that an alert causes: to the warned person, or to the family, who are asked to call and learn nothing else."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tongshan_portal.kernel.sealed import Sealed, open_sealed

from ..enums import Sending, State
from ..models import FamilyMember, Message, Registration
from .registering import members_of
from .sending import queue_message

WHY = "a family is asked to call by the word of its own members"


def send_words(*, phone: str, words: str, lasts: timedelta, now: datetime) -> int:
    """Write one message into the outbox, in the caller's transaction; answers its key. Whether it may be sent the caller has asked."""
    return queue_message(phone=phone, words=words, code=None, lasts=lasts, now=now).pk


def tell_family(*, registration_id: int, member_id: int | None, words: str, lasts: timedelta, now: datetime) -> list[int]:
    """Ask the family of a protected number to call it; `{who}` in `words` becomes its masked number. Answers the keys of the messages.

    By consent alone: a holder's family where the holder agreed to it (个人信息保护法 23), and of it who confirmed and is no child; of a
    family member the holder who asked for the protection, as the member was told before saying yes. Withdrawn is withdrawn.
    """
    row = Registration.objects.unscoped(WHY).filter(pk=registration_id, state=State.REGISTERED).first()
    if row is None:
        return []
    who, others = _to_call(row, member_id)
    return [
        send_words(phone=open_sealed(phone), words=words.replace("{who}", who), lasts=lasts, now=now)
        for phone in others
        if phone is not None
    ]


def _to_call(row: Registration, member_id: int | None) -> tuple[str, list[Sealed | None]]:
    """The masked number of whom to call, and the numbers of those who are asked."""
    confirmed = members_of(row).confirmed()
    if member_id is None:
        asked = list(confirmed.filter(is_child=False).order_by("pk")) if row.tells_family else []
        return row.phone.masked if row.phone else "", [one.phone for one in asked]
    member: FamilyMember | None = confirmed.filter(pk=member_id).first()
    if member is None or member.phone is None:
        return "", []
    return member.phone.masked, [row.phone]


def delivery_of(message_ids: Iterable[int]) -> dict[int, str]:
    """How far messages got: key → the state's word, for those that are kept still (a day)."""
    rows = Message.objects.filter(pk__in=list(message_ids)).values_list("pk", "state")
    return {pk: str(Sending(state).label) for pk, state in rows}
