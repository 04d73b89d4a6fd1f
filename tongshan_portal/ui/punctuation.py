"""Chinese punctuation (GB/T 15834): full-width marks in Chinese sentences; half-width ones stay in numbers, times, codes and Latin text."""

import re

_CJK = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_KEPT = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|<[^<>]*>|https?://[^\s，。）]+|`[^`]*`|“[A-Za-z][\w .:/-]*”")
_HOLD = "\ue000"
"""Stands for a placeholder, a tag or an address while the marks around it are looked at."""

_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_BEFORE = rf"[{_CJK}{_HOLD}”’%]"
_MARK = re.compile(rf"(?<={_BEFORE})\s*([,;:?!])(?!\d)\s*|(?<=\S)([,;])\s*(?=[{_CJK}])")
_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*")


def _bracket(found: re.Match) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    wide = rf"[{_CJK}]"
    if re.search(wide, found[1]) or re.match(wide, before) or (re.match(wide, after) and not before.isascii()):
        return f"（{found[1]}）"
    return found[0]


def full_width(text: str) -> str:
    """A Chinese text with the marks that belong into it. A text without a Chinese character is left as it is."""
    if not re.search(r"[\u4e00-\u9fff]", text):
        return text
    kept: list[str] = []

    def hold(found: re.Match) -> str:
        kept.append(found[0])
        return _HOLD

    held = _KEPT.sub(hold, text)
    held = _BRACKETS.sub(_bracket, held)
    held = _MARK.sub(lambda found: _WIDE[found[1] or found[2]], held)
    return re.sub(_HOLD, lambda _found: kept.pop(0), held)
