"""Advice on fraud: public in both languages, edited by the desk, every version kept."""

import re

import pytest
from django.db import InternalError, transaction

from antifraud.alerts.models import FraudType
from antifraud.publicity.actions import advising
from antifraud.publicity.actions.advising import MOST_ITEMS, WORDS
from antifraud.publicity.models import Advice, AdviceText, IssuingUnit
from antifraud.publicity.texts import ADVICE
from tongshan_portal.kernel.errors import Conflict, DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


def held(code: str = "loan") -> dict[str, str]:
    """The words in force."""
    text = Advice.objects.get(code=code).text
    return {name: getattr(text, name) for name in WORDS}


def test_the_types_that_come_with_the_portal_are_those_of_the_alerts_and_name_no_other_number():
    assert list(Advice.objects.values_list("code", flat=True)) == list(
        FraudType.objects.filter(is_default=True).values_list("code", flat=True)
    )
    numbers = {number for words in ADVICE for text in words.values() for number in re.findall(r"\d{3,}", text)}
    assert numbers == {"110", "96110"}
    shapes = {(name[:-3], len(text.splitlines()) <= MOST_ITEMS, bool(text.strip())) for words in ADVICE for name, text in words.items()}
    assert {fits for _name, fits, _there in shapes} == {fits for _name, _fits, fits in shapes} == {True}


def test_everybody_reads_it_in_both_languages_and_as_a_poster(client):
    pages = {}
    for language, title, now in (("zh-hans", "虚假贷款", "立即挂断电话"), ("en", "False loan", "Hang up")):
        client.cookies["django_language"] = language
        listed, one = client.get("/antifraud/types/"), client.get("/antifraud/types/loan/")
        pages[language] = (
            listed.status_code,
            title in listed.content.decode(),
            now in one.content.decode(),
            "96110" in one.content.decode(),
        )
    assert pages == {"zh-hans": (200, True, True, True), "en": (200, True, True, True)}
    posters = {}
    for query in ("size=a4&language=zh", "size=a3&language=en", "size=a3&language=both"):
        page = client.get(f"/antifraud/types/loan/poster/?{query}").content.decode()
        posters[query] = (
            page.count("<article"),
            page.count("sheet--a3"),
            page.count("虚假贷款</h2>"),
            page.count("False loan</h2>"),
            page.count('class="qr"'),
        )
    assert posters == {
        "size=a4&language=zh": (1, 0, 1, 0, 1), "size=a3&language=en": (1, 1, 0, 1, 1), "size=a3&language=both": (2, 2, 1, 1, 2),
    }  # fmt: skip
    refused = (
        "/antifraud/types/nothing/",
        "/antifraud/types/loan/poster/?size=a9",
        "/antifraud/types/loan/poster/?language=fr",
        "/antifraud/notices/?area=1",
    )
    assert [client.get(path).status_code for path in refused] == [404] * 4


def test_the_desk_writes_versions_that_stay(act, client):
    first = AdviceText.objects.get(advice__code="loan")
    advising.write_advice(actor=act("officer"), code="loan", expected=1, **held() | {"summary_zh": "先收钱的贷款都是骗局。"})
    advising.write_advice(actor=act("officer"), code="loan", expected=2, **held())  # says the same
    with pytest.raises(Conflict):
        advising.write_advice(actor=act("second_officer"), code="loan", expected=1, **held() | {"summary_zh": "另一句"})
    versions = AdviceText.objects.filter(advice__code="loan").order_by("version").values_list("version", "is_default", "summary_zh")
    assert list(versions) == [(1, True, first.summary_zh), (2, False, "先收钱的贷款都是骗局。")]
    assert "先收钱的贷款都是骗局。" in client.get("/antifraud/types/loan/").content.decode()
    assert LedgerEntry.objects.filter(verb="fraud_advice.changed").count() == 1
    with pytest.raises(InternalError), transaction.atomic():
        AdviceText.objects.filter(pk=first.pk).update(summary_zh="改写历史")
    advising.write_advice(actor=act("officer"), code="loan", in_use=False, **held())
    assert (client.get("/antifraud/types/loan/").status_code, AdviceText.objects.filter(advice__code="loan").count()) == (404, 2)


def test_only_the_desk_edits_and_advice_says_everything_in_both_languages(act):
    for who in ("director", "supervisor", "village_officer", "system_admin", "stranger"):
        with pytest.raises(NotAllowed):
            advising.write_advice(actor=act(who), code="loan", **held() | {"title_zh": "改"})
        with pytest.raises(NotAllowed):
            advising.name_unit(actor=act(who), name_zh="单位", name_en="Unit")
    wrong = [({"how_en": " "}, "how_en"), ({"signs_zh": "\n".join("一二三四五六七")}, "signs_zh"), ({"now_zh": "打13800001234"}, "now_zh")]
    found = []
    for given, _field in wrong:
        with pytest.raises(DomainError) as refused:
            advising.write_advice(actor=act("officer"), code="loan", **held() | given)
        found.append(refused.value.field)
    with pytest.raises(DomainError):
        advising.write_advice(actor=act("officer"), code="Loan 2", **held())
    assert (found, AdviceText.objects.count()) == ([field for _given, field in wrong], len(ADVICE))
    assert IssuingUnit.objects.get(pk=1).is_default
