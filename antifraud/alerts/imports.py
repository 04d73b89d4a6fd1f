"""Warnings from a file, through the same action as those of other systems."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.exchange.public import Column, Importer, Outcome, Row, parsers

from .actions.receiving import AHEAD, receive_warnings
from .models import FraudWarning
from .rows import WarningRow, amount, digest_of, grade, types_by_word

FILE = "file"
"""The source of rows that name none."""
NUMBER = Column(
    "external_id", gettext_lazy("number there"), parsers.code(80), required=True, aliases=("预警编号", "编号", "id"), example="W-2026-0001"
)
SOURCE = Column("source", gettext_lazy("source"), parsers.code(40), aliases=("来源", "来源系统"), example="police")
FACTS = (
    Column("phone", gettext_lazy("phone"), parsers.phone(), required=True, aliases=("手机号", "电话", "被害人电话"), example="13800001234"),
    Column(
        "happened_at",
        gettext_lazy("happened"),
        parsers.moment(),
        required=True,
        aliases=("预警时间", "发生时间"),
        example="2026-01-31 08:30",
    ),
    # Which words are types the dictionary says, once for a batch.
    Column("type", gettext_lazy("type"), parsers.text(80), required=True, aliases=("诈骗类型", "类型"), example="冒充公检法"),
    Column("grade", gettext_lazy("grade"), grade, required=True, aliases=("预警等级", "等级"), example="高"),
    Column("name", gettext_lazy("name"), parsers.text(60), aliases=("姓名", "被害人姓名"), example="王秀英"),
    Column("address", gettext_lazy("stated address"), parsers.text(200), aliases=("地址", "住址"), example="柳新镇示例01村3组12号"),
    Column("area_code", gettext_lazy("area code"), parsers.area_code(), aliases=("区划代码", "网格代码"), example="320312106201001"),
    Column("amount", gettext_lazy("amount at risk"), amount, aliases=("涉案金额", "金额", "风险金额"), example="50000"),
    Column(
        "claimed",
        gettext_lazy("claimed sender or site"),
        parsers.text(120),
        aliases=("冒充主体", "涉诈网址", "来电号码"),
        example="某电商客服",
    ),
)
"""What a warning says, from a file as over HTTP."""


class WarningImporter(Importer):
    """Warnings: each once, by source and number there; a second run of the same file takes nothing in."""

    name = "antifraud_warnings"
    label = gettext_lazy("Fraud warnings")
    description = gettext_lazy(
        "Warnings of the police, banks or telecoms. Each opens an alert, or joins the one that is open for its person."
    )
    action = "alerts.import"
    columns = (NUMBER, SOURCE, *FACTS)
    external_id = ("source", "external_id")
    chunk_rows = 1_000

    def validate_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Mapping[int, Sequence[str]]:
        types, problems = types_by_word(), defaultdict(list)
        for row in rows:
            if row["happened_at"] > context.now + AHEAD:
                problems[row.number].append(_("This time lies in the future."))
            if row["type"].casefold() not in types:
                problems[row.number].append(_("“%(value)s” is no fraud type that is in use.") % {"value": row["type"][:60]})
        return problems

    def plan_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Counter[Outcome]:
        known = 0
        for source, some in _by_source(rows).items():
            kept = FraudWarning.objects.unscoped("a source's own numbers").filter(source=source)
            known += kept.filter(external_id__among=[row["external_id"] for row in some]).count()
        return Counter({Outcome.UNCHANGED: known, Outcome.CREATED: len(rows) - known})

    def write_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Counter[Outcome]:
        done: Counter[Outcome] = Counter()
        for source, some in sorted(_by_source(rows).items()):
            received = receive_warnings(actor=actor, source=source, rows=[warning_of(row.values) for row in some], now=context.now)
            done += Counter({Outcome.CREATED: received.accepted, Outcome.UNCHANGED: received.repeated})
        return done

    def list_url(self) -> str:
        return reverse("alerts:index")


def _by_source(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["source"] or FILE].append(row)
    return found


def warning_of(values: Mapping[str, Any]) -> WarningRow:
    """The warning in the parsed values of a row."""
    given = {name: value for name, value in values.items() if name != SOURCE.name and value is not None}
    return WarningRow(**given, digest=digest_of(given))
