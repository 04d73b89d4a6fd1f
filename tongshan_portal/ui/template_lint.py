"""What a template must not hold: inline code or style, outside addresses, words without translation, parts that do not exist."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from tongshan_portal.kernel.lint import Fault

_TAG = re.compile(r"{%-?\s*(\w+)(.*?)-?%}", re.S)
_VARIABLE = re.compile(r"{{.*?}}", re.S)
_COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", re.S)
_BLOCK_TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?%}.*?{%\s*endblocktrans(?:late)?\s*%}", re.S)
_ADDRESS_ATTRIBUTES = {"src", "href", "action", "formaction", "poster", "srcset", "hx-get", "hx-post"}
_SPOKEN_ATTRIBUTES = {"alt", "title", "aria-label", "placeholder"}
_WORDS = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
_OUTSIDE = re.compile(r"(?:https?:)?//", re.I)
_NOT_SPOKEN = {"script", "style", "code"}


def _blank(match: re.Match) -> str:
    """As many line breaks as were there, and nothing else, so that later lines keep their numbers."""
    return "\n" * match.group(0).count("\n")


def _without_template_language(source: str) -> str:
    """The markup alone: what is translated or computed is blanked out."""
    for pattern in (_COMMENT, _BLOCK_TRANSLATED, _TAG, _VARIABLE):
        source = pattern.sub(_blank, source)
    return source


class _Reader(HTMLParser):
    def __init__(self, path: Path):
        super().__init__(convert_charrefs=True)
        self.path, self.faults, self._open = path, [], []

    def _fault(self, words: str) -> None:
        self.faults.append(Fault(self.path, self.getpos()[0], words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _value in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self._fault(f"inline <{tag}>")
        for name, value in attrs:
            if name == "style":
                self._fault("inline style attribute")
            if name.startswith("on"):
                self._fault(f"inline handler {name}")
            if name in _ADDRESS_ATTRIBUTES and value and _OUTSIDE.match(value):
                self._fault(f"outside address {value}")
            if name in _SPOKEN_ATTRIBUTES and value and _WORDS.search(value):
                self._fault(f"words without translation in {name}: {value}")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            continue

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1] in _NOT_SPOKEN) and _WORDS.search(data):
            self._fault(f"words without translation: {' '.join(data.split())[:60]}")


def _parts(path: Path, source: str, folder: Path) -> Iterator[Fault]:
    """Includes and parents that do not exist."""
    for match in _TAG.finditer(source):
        name, rest = match.group(1), match.group(2).strip()
        if name in {"include", "extends"} and rest[:1] in "\"'":
            wanted = rest[1:].split(rest[0], 1)[0]
            if not (folder / wanted).exists():
                yield Fault(path, source[: match.start()].count("\n") + 1, f"{name} of {wanted}, which does not exist")


def faults_in(path: Path, folder: Path) -> list[Fault]:
    """What is wrong in one template; `folder` is the root that includes are relative to."""
    source = path.read_text(encoding="utf-8")
    reader = _Reader(path.relative_to(folder))
    reader.feed(_without_template_language(source))
    return [*reader.faults, *_parts(path.relative_to(folder), source, folder)]


def faults(folder: Path) -> list[Fault]:
    """What is wrong in all templates below a folder."""
    return [fault for path in sorted(folder.rglob("*.html")) for fault in faults_in(path, folder)]
