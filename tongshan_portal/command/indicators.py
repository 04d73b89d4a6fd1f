"""docs/indicators.md: every indicator that an app registered, with its definition, in both languages."""

from django.utils import translation

from tongshan_portal.ui.board import Indicator, all_indicators

HEAD = """# Indicators

Written from the registry by `./portal manage indicator_table`; a test fails when it is stale. A percentage of fewer than five cases is
not shown, its two counts are. Nobody is ranked by any of them.
"""


def _row(one: Indicator) -> str:
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append([str(words) for words in (one.label, one.numerator, one.denominator, one.unit, one.definition)])
    chinese, english = said
    parts = (
        f"\n## {chinese[0]} · {english[0]}\n",
        f"`{one.name}` · {english[3] if english[3] == chinese[3] else f'{chinese[3]} · {english[3]}'}\n",
        f"{' ÷ '.join(filter(None, chinese[1:3]))}。{chinese[4]}\n",
        f"{' ÷ '.join(filter(None, english[1:3]))}. {english[4]}\n",
    )
    return "\n".join(parts)


def render() -> str:
    """The page."""
    return HEAD + "".join(_row(one) for one in all_indicators())
