"""docs/exchange.md and docs/intake.md name every limit, with its default."""

import re

from django.conf import settings

from tongshan_portal.exchange.conf import DEFAULTS
from tongshan_portal.exchange.intake import presenters as intake
from tongshan_portal.exchange.presenters import VERBS
from tongshan_portal.exchange.public import __all__ as public_names
from tongshan_portal.kernel import queues


def test_every_limit_is_documented():
    text = "".join((settings.BASE_DIR / "docs" / name).read_text(encoding="utf-8") for name in ("exchange.md", "intake.md"))
    assert sorted(re.findall(r"^\| `EXCHANGE_(\w+)`", text, re.MULTILINE)) == sorted(DEFAULTS)


def test_names_in_flight_are_frozen():
    assert (queues.BULK, queues.RUN_IMPORT, queues.RUN_EXPORT, queues.SWEEP_EXCHANGE) == (
        "bulk", "exchange.run_import", "exchange.run_export", "exchange.sweep",
    )  # fmt: skip


def test_public_door_is_narrow():
    assert len(public_names) <= 10


def test_every_verb_the_exchange_records_has_a_presenter():
    sources = "".join(path.read_text(encoding="utf-8") for path in (settings.BASE_DIR / "tongshan_portal" / "exchange").rglob("*.py"))
    recorded = set(re.findall(r'(?:verb=|_change\(actor, run_id, "\w+", )"(\w+\.\w+)"', sources))
    assert recorded == {verb.name for verb in [*VERBS, *intake.VERBS]}
