"""The default advice and issuing unit, written where there are none yet."""

from typing import Any

from django.db import router, transaction

from tongshan_portal.kernel import clock

from .models import Advice, AdviceText, IssuingUnit
from .texts import ADVICE

UNIT = {
    "name_zh": "区社会治理现代化指挥中心反诈专班（默认名称，待核定）",
    "name_en": "Anti-fraud desk of the district's command centre (default)",
}


@transaction.atomic
def write_defaults(**signal: Any) -> None:
    """After a migration: fill what is empty. What the desk wrote is left alone."""
    using = signal.get("using", "default")
    if not router.allow_migrate_model(using, Advice):
        return
    IssuingUnit.objects.using(using).get_or_create(pk=1, defaults=UNIT)
    if Advice.objects.using(using).exists():
        return
    now = clock.now()
    for place, words in enumerate(ADVICE, start=1):
        given = {name: text for name, text in words.items() if name != "code"}
        row = Advice.objects.using(using).create(code=words["code"], order=place * 10)
        row.text = AdviceText.objects.using(using).create(advice=row, version=1, is_default=True, written_at=now, **given)
        row.save(update_fields=["text"])
