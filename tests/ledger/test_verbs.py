"""Verbs and what they say."""

import pytest
from django.utils import translation

from tests.ledger.conftest import SUITE
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ledger.public import Verb, all_verbs, changes_of, label_of, present, record, register_verbs, says


def sample(verb: str = "", **values) -> LedgerEntry:
    return LedgerEntry(**{"actor_label": "王五", "verb": verb, "object_label": "矛盾 1", "reason": "因为", "detail": {}, **values})


@pytest.mark.django_db  # verbs of areas read the names of areas
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_verb_has_a_label_and_a_sentence(language):
    with translation.override(language):
        silent = [verb.name for verb in all_verbs() if not str(verb.label).strip() or not verb.presenter(sample(verb.name)).strip()]
    assert silent == []
    assert len(all_verbs()) > 3


def test_every_verb_is_said_in_chinese():
    with translation.override("zh-hans"):
        english = [verb.name for verb in all_verbs() if not verb.name.startswith("suite.") and str(verb.label).isascii()]
    assert english == []


@pytest.mark.parametrize("name", ["signin", "Sign.in", "a.b.c", "sign in.done", ""])
def test_misshapen_names_are_refused(name):
    with pytest.raises(ValueError, match=r"noun\.past_participle"):
        register_verbs([Verb(name, "x", says("x"))])


def test_two_verbs_cannot_share_a_name():
    with pytest.raises(ValueError, match=r"suite\.tried"):
        register_verbs([Verb("suite.tried", "other", says("x"))])


@pytest.mark.django_db
def test_unregistered_verb_is_an_error_here_and_a_warning_in_production(settings, caplog):
    settings.LEDGER_STRICT = True
    with pytest.raises(LookupError):
        record(actor=SUITE, verb="nobody.registered")
    assert LedgerEntry.objects.count() == 0
    settings.LEDGER_STRICT = False
    record(actor=SUITE, verb="nobody.registered")
    assert (LedgerEntry.objects.count(), "nobody.registered" in caplog.text) == (1, True)


def test_entry_of_a_forgotten_verb_is_readable():
    entry = sample("gone.away")
    assert (present(entry), label_of("gone.away")) == ("王五 · gone.away · 矛盾 1", "gone.away")


def test_sentence_takes_words_from_the_entry_and_its_detail():
    presenter = says("%(who)s | %(object)s | %(reason)s | %(n)s | %(nothing)s | %(ip)s")
    assert presenter(sample(detail={"n": 3})) == "王五 | 矛盾 1 | 因为 | 3 | – | –"


def test_changes_are_shown_with_the_labels_of_the_fields():
    detail = {"changed": {"ends_on": [None, "2026-12-01"], "odd": ["a", "b"], "broken": "x"}}
    with translation.override("en"):
        found = [(c.label, c.before, c.after) for c in changes_of(sample(object_type="accounts.posting", detail=detail))]
    assert found == [("Last day", "–", "2026-12-01"), ("odd", "a", "b")]
    assert changes_of(sample(object_type="no.such", detail={})) == []


@pytest.mark.django_db
def test_entry_keeps_what_was_true_then(areas):
    area = areas["320312106"]
    entry = record(actor=SUITE, verb="suite.tried", row=area, area_code="320312106", reason="a\x00b")
    entry.refresh_from_db()
    assert (entry.object_type, entry.object_id, entry.object_label) == ("areas.area", "320312106", "柳新镇")
    assert (entry.area_code, entry.town_code, entry.reason, entry.actor_label, entry.ip) == (
        "320312106",
        "320312106",
        "ab",
        "portal/the suite",
        "10.0.0.1",
    )
