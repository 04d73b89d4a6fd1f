"""Publishing a CAP message: made once from the notice and its areas, then kept as it is."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from ..enums import MessageKind
from ..languages import TONGUES
from ..models import CapMessage, FraudNotice, IssuingUnit
from .document import CapAlert, CapText, write
from .ground import areas_of

EXERCISE = "Synthetic: made for a demonstration, no such warning was given. 合成数据，仅供演示，并非真实预警。"


def publish(row: FraudNotice, codes: Sequence[str], kind: MessageKind, now: datetime) -> CapMessage:
    """Write the message of a publication, update or cancellation, in the caller's transaction."""
    now = now.replace(microsecond=0)
    unit = IssuingUnit.objects.get(pk=1)
    alert = CapAlert(
        identifier=f"{settings.DISTRICT_CODE}-{row.number}-{kind.value.lower()}",
        sender=settings.CAP_SENDER,
        sent=now,
        kind=kind.value,
        status="Exercise" if row.is_synthetic else "Actual",
        note=_note(row, kind),
        references=references_of(row, kind),
        event_code=row.advice.code,
        urgency=row.urgency,
        effective=row.published_at or now,
        expires=row.valid_until,
        web=public_address(reverse("fraud_public:notice", args=[row.number])),
        texts={tongue: _text(row, unit, kind, tongue) for tongue in TONGUES},
        areas=areas_of(codes),
    )
    document = write(alert)
    return CapMessage.objects.create(
        notice=row, kind=kind, identifier=alert.identifier, sender=alert.sender, sent_at=now, document=document,
        digest=hashlib.sha256(document.encode()).hexdigest(),
    )  # fmt: skip


def references_of(row: FraudNotice, kind: MessageKind) -> tuple[tuple[str, str, datetime], ...]:
    """The earlier messages of the same warning, the first one first: all that an update or a cancellation is about."""
    chain, one = [], row if kind is MessageKind.CANCEL else row.replaces
    while one is not None:
        chain.append(one.pk)
        one = one.replaces
    rows = CapMessage.objects.filter(notice__in=chain).order_by("sent_at", "pk")
    return tuple(rows.values_list("sender", "identifier", "sent_at"))


def public_address(path: str) -> str:
    """An address for everybody, where the installation says under which name it is reached; else nothing."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}" if settings.PUBLIC_URL else ""


def _note(row: FraudNotice, kind: MessageKind) -> str:
    why = row.end_reason if kind is MessageKind.CANCEL else ""
    return " ".join(part for part in (EXERCISE if row.is_synthetic else "", why) if part)


def _text(row: FraudNotice, unit: IssuingUnit, kind: MessageKind, tongue: str) -> CapText:
    advice = row.advice.text
    assert advice is not None  # a type in use has a text
    headline, instruction = row.headline(tongue), advice.items("now", tongue)
    if kind is MessageKind.CANCEL:
        headline, instruction = {"zh": f"已撤销：{headline}", "en": f"Cancelled: {headline}"}[tongue], []
    name = {"zh": f"电信网络诈骗：{advice.title_zh}", "en": f"Telecom and online fraud: {advice.title_en}"}[tongue]
    return CapText(name, headline, row.body(tongue), "\n".join(instruction), unit.say(tongue))
