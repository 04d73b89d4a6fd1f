"""The message catalogue: extraction, completeness and compilation with Babel, so that no machine needs gettext's programs.

The catalogue file is sorted and carries neither line numbers nor dates: two branches that add messages merge without conflict.
"""

import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from .punctuation import full_width

KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PYTHON_FOLDERS = ("tongshan_portal", "grids", "disputes", "deliberation", "partybuilding", "volunteers", "antifraud")
LANGUAGE = "zh_Hans"
CONTEXT_MARK = "\x04"
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)

Translation = str | list[str]


@dataclass(slots=True)
class Problems:
    """What keeps a catalogue from being complete. Each entry is a message id, or a sentence about one."""

    missing: list[str] = field(default_factory=list)
    fuzzy: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    half_width: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.missing or self.fuzzy or self.wrong or self.stale or self.half_width)


def path_of(base: Path, domain: str) -> Path:
    """The catalogue of a domain (`django` or `djangojs`)."""
    return base / "locale" / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"


def _empty() -> Catalog:
    return Catalog(
        locale=LANGUAGE,
        domain=None,
        header_comment="# The portal's messages in Chinese.",
        project="Tongshan governance portal",
        version="1",
        msgid_bugs_address="",
        last_translator="The authors of the portal",
        language_team="The authors of the portal",
        copyright_holder="The authors of the portal",
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
        fuzzy=False,
    )


def _python_messages(path: Path) -> Iterator[tuple]:
    with path.open("rb") as file:
        yield from extract("python", file, keywords=KEYWORDS, options={"encoding": "utf-8"})


def _template_messages(path: Path) -> Iterator[tuple]:
    # templatize() leaves calls of gettext between blanked text; indentation would mislead a Python tokenizer.
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    flat = "\n".join(line.strip() for line in source.splitlines())
    yield from extract("python", io.BytesIO(flat.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})


def _script_messages(path: Path) -> Iterator[tuple]:
    with path.open("rb") as file:
        yield from extract("javascript", file, keywords=KEYWORDS)


def messages(base: Path, domain: str) -> Iterator[tuple[str | None, str | tuple[str, ...]]]:
    """(context, id or (singular, plural)) of every message in the sources of a domain."""
    if domain == "djangojs":
        sources = [(path, _script_messages) for path in sorted((base / "static" / "js").rglob("*.js"))]
    else:
        python = [path for folder in PYTHON_FOLDERS for path in sorted((base / folder).rglob("*.py"))]
        templates = [path for path in sorted((base / "templates").rglob("*")) if path.suffix in {".html", ".txt", ".svg", ".xml"}]
        sources = [(path, _python_messages) for path in python if "migrations" not in path.parts]
        sources += [(path, _template_messages) for path in templates]
    for path, reader in sources:
        for _line, message, _comments, context in reader(path):
            if message and message != ("",):
                yield context, message


def read(path: Path) -> Catalog:
    """The catalogue of a file; an empty one where there is none."""
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def build(base: Path, domain: str, filled: dict[str, Translation]) -> Catalog:
    """The catalogue as it should stand: every message of the sources, with what is known of it.

    `filled` gives translations by id, or by context + "\\x04" + id; they win over what the file says.
    """
    old, catalogue = read(path_of(base, domain)), _empty()
    for context, message in messages(base, domain):
        identity = message[0] if isinstance(message, tuple) else message
        known = old.get(identity, context)
        key = f"{context}{CONTEXT_MARK}{identity}" if context else identity
        text = filled.get(key, known.string if known and not known.fuzzy else "")
        if isinstance(message, tuple):
            text = tuple(full_width(one) for one in ((text,) if isinstance(text, str) else text))
        else:
            text = full_width(text if isinstance(text, str) else text[0])
        catalogue.add(message, text, context=context)
    return catalogue


def _written(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, no_location=True, sort_output=True, width=0, ignore_obsolete=True)
    return buffer.getvalue()


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def update(base: Path, domain: str, filled: dict[str, Translation]) -> None:
    """Bring the file up to the sources."""
    catalogue = build(base, domain, filled)
    if len(catalogue) or path_of(base, domain).exists():
        _replace(path_of(base, domain), _written(catalogue))


def _label(message: Message) -> str:
    identity = message.id[0] if isinstance(message.id, tuple) else message.id
    return f"{message.context}: {identity}" if message.context else identity


def _texts(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def problems(base: Path, domain: str) -> Problems:
    """What is missing, fuzzy, wrong (placeholders), stale, or written with half-width marks in the file of a domain."""
    found, old, wanted = Problems(), read(path_of(base, domain)), build(base, domain, {})
    found.fuzzy = [_label(message) for message in old if message.id and message.fuzzy]
    found.stale = [_label(message) for message in old if message.id and wanted.get(message.id, message.context) is None]
    found.missing = [_label(message) for message in wanted if message.id and not all(_texts(message))]
    found.half_width = [_label(message) for message in old if message.id and any(full_width(text) != text for text in _texts(message))]
    found.wrong = [f"{_label(message)}: {error}" for message, errors in wanted.check() for error in errors if all(_texts(message))]
    return found


def compile_stale(base: Path) -> list[Path]:
    """Write the .mo beside each .po that is newer; answers what was written."""
    written = []
    for source in sorted((base / "locale").rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        buffer = io.BytesIO()
        write_mo(buffer, read(source))
        _replace(target, buffer.getvalue())
        written.append(target)
    return written
