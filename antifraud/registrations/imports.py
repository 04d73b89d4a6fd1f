"""Existing registrations from a file, each with the basis of its consent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.areas.codes import Level
from grids.areas.models import Area
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.exchange.public import Column, Importer, Outcome, Row, parsers

from .actions import importing
from .enums import ConsentBasis

_BASES = [(basis.value, basis.label) for basis in (ConsentBasis.PAPER, ConsentBasis.ELSEWHERE)]


class RegistrationImporter(Importer):
    """Registrations of another system or from paper. The same number twice is one registration: the newest consent wins."""

    name = "antifraud_registrations"
    label = gettext_lazy("Registrations for fraud protection")
    description = gettext_lazy(
        "Numbers whose holders consented already. Every row says on what basis. Of two rows with one number the newest consent wins; who "
        "withdrew later than the consent stays withdrawn."
    )
    action = "registrations.import"
    columns = (
        Column("external_id", gettext_lazy("number in the file"), parsers.code(60), required=True,
               aliases=("编号", "注册编号", "序号"), example="ZC-000001"),
        Column("phone", gettext_lazy("phone"), parsers.phone(), required=True, aliases=("手机号", "手机号码", "电话", "联系电话"),
               example="13800001234"),
        Column("name", gettext_lazy("name"), parsers.text(40), aliases=("姓名",), example="王秀英"),
        Column("area_code", gettext_lazy("code of the village or community"), parsers.area_code(), required=True,
               aliases=("村居代码", "社区代码", "村（社区）代码", "区划代码"), example="320312106201",
               help=gettext_lazy("Twelve digits.")),
        Column("consented_on", gettext_lazy("consented on"), parsers.day(), required=True, aliases=("同意日期", "注册日期"),
               example="2025-06-30"),
        Column("consent_basis", gettext_lazy("basis of the consent"), parsers.choice(lambda: _BASES), required=True,
               aliases=("同意依据", "同意方式"), example="paper",
               help=gettext_lazy("“signed on paper” or “given in another system”: where the consent can be found.")),
        Column("follows", gettext_lazy("follows notices"), parsers.yes_no(), aliases=("关注", "是否关注"), example="是"),
    )  # fmt: skip
    external_id = ("external_id",)
    chunk_rows = 10_000
    results_label = gettext_lazy("Rows that were merged with another one of the same number")

    def validate_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Mapping[int, Sequence[str]]:
        known = context.cache.setdefault("areas", {})
        asked = {row["area_code"] for row in rows} - known.keys()
        if asked:
            there = set(Area.objects.filter(pk__in=asked, valid_to=None, level=Level.VILLAGE).values_list("pk", flat=True))
            held = tuple(actor.scope.areas_for(self.action))
            for code in asked:
                if code not in there:
                    known[code] = _("There is no village or community %(code)s in force.") % {"code": code}
                else:
                    known[code] = None if code.startswith(held) else _("The area lies outside your scope.")
        today, problems = timezone.localdate(context.now), {}
        for row in rows:
            if known[row["area_code"]]:
                problems[row.number] = [known[row["area_code"]]]
            elif row["consented_on"] > today:
                problems[row.number] = [_("The consent lies in the future.")]
        return problems

    def plan_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Counter[Outcome]:
        return importing.plan_registrations(rows=_given(rows))

    def write_batch(self, actor: Actor, rows: Sequence[Row], context: Any) -> Counter[Outcome]:
        outcome, merged = importing.import_registrations(actor=actor, rows=_given(rows), now=context.now)
        by_id = {row["external_id"]: row for row in rows}
        for external_id, reason in merged:
            context.hand_back(by_id[external_id], {_("number in the file"): external_id, _("what became of it"): str(reason)})
        return outcome

    def list_url(self) -> str:
        return reverse("registrations:index")


def _given(rows: Sequence[Row]) -> list[importing.Given]:
    return [
        importing.Given(
            row["external_id"], row["phone"], row["name"] or "", row["area_code"], row["consented_on"], row["consent_basis"],
            bool(row["follows"]),
        )
        for row in rows
    ]  # fmt: skip
