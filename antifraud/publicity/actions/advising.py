"""The dictionary of advice: every change is a new version."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError
from tongshan_portal.ledger.public import record
from tongshan_portal.live.publish import carries_personal_data

from ..languages import TONGUES
from ..models import Advice, AdviceText, IssuingUnit
from ..models.advice import CODE, PARTS

MOST_ITEMS = 6
"""Items of a part: more do not fit on a poster, and nobody reads them."""
WORDS = tuple(f"{part}_{tongue}" for part in PARTS for tongue in TONGUES)


def _checked(words: dict[str, str]) -> dict[str, str]:
    kept = {name: "\n".join(line.strip() for line in words.get(name, "").splitlines() if line.strip()) for name in WORDS}
    for name, text in kept.items():
        if not text:
            raise DomainError(_("Advice says every part in both languages."), field=name)
        if len(text.splitlines()) > MOST_ITEMS:
            raise DomainError(_("At most %(limit)d items: the poster has one page.") % {"limit": MOST_ITEMS}, field=name)
        if carries_personal_data(text):
            raise DomainError(_("Leave out telephone and identity numbers of persons: everybody reads this."), field=name)
    return kept


@transaction.atomic
def write_advice(
    *, actor: Actor, code: str, in_use: bool = True, expected: int | None = None, now: datetime | None = None, **words: str
) -> Advice:
    """Write the next version of an advice, or a new type. `expected` is the version that was read: Conflict when there is a later one.

    `words` are title, summary, how, signs and now with `_zh` and `_en`. What says the same makes no version.

    Raises NotAllowed, DomainError.
    """
    require(actor, "fraud_advice.change")
    given = _checked(words)
    if not CODE.regex.match(code):
        raise DomainError(CODE.message, field="code")
    row, _created = Advice.objects.select_for_update(of=("self",)).get_or_create(code=code)
    latest = row.texts.order_by("-version").first()
    if expected is not None and expected != (latest.version if latest else 0):
        raise Conflict(_("Somebody wrote another version meanwhile. Look at it first."))
    if latest is None or any(getattr(latest, name) != text for name, text in given.items()):
        row.text = latest = AdviceText.objects.create(
            advice=row, version=(latest.version if latest else 0) + 1, written_at=now or clock.now(), written_by=actor.user,
            written_label=actor.name, **given,
        )  # fmt: skip
    elif row.in_use == in_use:
        return row
    row.in_use = in_use
    row.save(update_fields=["text", "in_use"])
    record(actor=actor, verb="fraud_advice.changed", row=row, detail={"version": latest.version, "in_use": in_use})
    return row


@transaction.atomic
def name_unit(*, actor: Actor, name_zh: str, name_en: str) -> IssuingUnit:
    """Say who issues posters and notices. Raises NotAllowed, DomainError."""
    require(actor, "fraud_advice.change")
    for field, name in (("name_zh", name_zh), ("name_en", name_en)):
        if not name.strip():
            raise DomainError(_("Say it in both languages."), field=field)
    row = IssuingUnit.objects.select_for_update().get(pk=1)
    row.name_zh, row.name_en, row.is_default = name_zh.strip(), name_en.strip(), False
    row.save(update_fields=["name_zh", "name_en", "is_default"])
    record(actor=actor, verb="issuing_unit.changed", row=row)
    return row
