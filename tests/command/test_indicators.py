"""docs/indicators.md is what the apps registered, and every indicator says what it divides, in both languages."""

from django.conf import settings
from django.utils import translation

from tongshan_portal.command.indicators import render
from tongshan_portal.ui.board import all_indicators


def test_the_page_is_not_stale():
    assert (settings.BASE_DIR / "docs" / "indicators.md").read_text("utf-8") == render()


def test_every_indicator_speaks_both_languages():
    def said(language: str) -> dict[str, list[str]]:
        with translation.override(language):
            return {one.name: [str(one.label), str(one.definition), str(one.numerator), str(one.denominator)] for one in all_indicators()}

    chinese, english = said("zh-hans"), said("en")
    assert chinese.keys() == english.keys() != set()
    assert [name for name in chinese if any(a == b != "" for a, b in zip(chinese[name], english[name], strict=True))] == []
