"""Which column of a file is which column of the importer: suggested from the headings, confirmed by a person."""

import re
import unicodedata

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError

from .importers import Column, Importer

Mapping = dict[str, int]
"""Column name → position in the file, from 0."""

_NOISE = re.compile(r"[\s_\-:：*＊()（）\[\]【】.,，、/]+")


def _plain(heading: str) -> str:
    """A heading without what people add to it: case, width, spaces, stars, brackets."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", heading)).casefold()


def _words(column: Column) -> set[str]:
    words = {_plain(column.name), *map(_plain, column.aliases)}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words.add(_plain(str(column.label)))
    return words


def suggest(importer: Importer, header: list[str]) -> Mapping:
    """The columns whose heading is the label (in any language), the name or an alias; each position once, first come."""
    plain = [_plain(heading) for heading in header]
    mapping: Mapping = {}
    for column in importer.columns:
        words = _words(column)
        found = next((at for at, word in enumerate(plain) if word in words and at not in mapping.values()), None)
        if found is not None:
            mapping[column.name] = found
    return mapping


def apply_saved(saved: dict[str, str], header: list[str]) -> Mapping:
    """A named mapping (column name → heading) on the headings of this file; headings that are missing are left out."""
    plain = {_plain(heading): at for at, heading in reversed(list(enumerate(header)))}
    return {name: plain[_plain(heading)] for name, heading in saved.items() if _plain(heading) in plain}


def check(importer: Importer, mapping: Mapping, width: int) -> None:
    """Raise DomainError when a compulsory column has no place, or a place is given twice or lies outside the file."""
    known = {column.name for column in importer.columns}
    if not known.issuperset(mapping) or any(not 0 <= at < width for at in mapping.values()):
        raise DomainError(_("The file has no such column."))
    if len(set(mapping.values())) != len(mapping):
        raise DomainError(_("One column of the file is used twice."))
    missing = [str(column.label) for column in importer.columns if column.required and column.name not in mapping]
    if missing:
        raise DomainError(_("Say which column of the file holds: %(columns)s.") % {"columns": ", ".join(missing)})
