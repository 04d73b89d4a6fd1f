"""Categories and departments that a file names: rows of the dictionaries, marked with where they come from."""

import zlib
from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.models import Department
from tongshan_portal.accounts.policy import require
from tongshan_portal.ledger.public import Line, record_many

from ..models import Category
from .mapping import Categories, Departments, Mapping

CODE_LENGTH = {Category: 60, Department: 40}


def code_of(prefix: str, path: tuple[str, ...], length: int) -> str:
    """The code of a word of another system: readable where it can be; with a checksum where it is cut, has a path or no Latin letters."""
    plain = slugify(path[-1])
    code = f"{prefix}-{plain}"
    if plain and len(path) == 1 and len(code) <= length:
        return code
    mark = f"{zlib.crc32('/'.join(path).encode()):08x}"
    return f"{code[: length - 9].rstrip('-')}-{mark}"


@transaction.atomic
def bring_categories(*, actor: Actor, part: Categories, origin: str, words: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """The code of every path of words (the word alone, or the one above it and it); what is missing is made. Raises NotAllowed."""
    require(actor, "reports.configure")
    paths = sorted({path[:depth] for path in words for depth in range(1, len(path) + 1)}, key=len)
    codes = {path: code_of(part.prefix, path, CODE_LENGTH[Category]) for path in paths}
    held = {row.code: row for row in Category.objects.filter(code__in=codes.values())}
    made = []
    for path in paths:
        code = codes[path]
        if code not in held:
            parent = held[codes[path[:-1]]] if len(path) > 1 else None
            labels = {"label_zh": path[-1][:60], "label_en": path[-1][:80]}
            held[code] = Category.objects.create(code=code, parent=parent, in_use=part.in_use, origin=origin, **labels)
            made.append(held[code])
    lines = [Line(row, detail={"fields": ["imported"]}) for row in made]
    record_many(actor=actor, verb="report_settings.changed", lines=lines)
    return codes


@transaction.atomic
def bring_departments(*, actor: Actor, part: Departments, words: Iterable[str]) -> dict[str, str]:
    """The code of every department that the file names; what is missing is made, what is there keeps its name. Raises NotAllowed."""
    require(actor, "departments.change")
    codes = {word: code_of(part.prefix, (word,), CODE_LENGTH[Department]) for word in set(words)}
    there = set(Department.objects.filter(code__in=codes.values()).values_list("code", flat=True))
    made = [
        Department(code=code, name=part.names.get(word, part.name.format(value=word))[:80])
        for word, code in sorted(codes.items())
        if code not in there
    ]
    Department.objects.bulk_create(made)
    record_many(actor=actor, verb="department.created", lines=[Line(row, detail={"code": row.code}) for row in made])
    return codes


def paths_of(mapping: Mapping, cells: dict[str, str]) -> tuple[str, ...]:
    """The path of a row's category, without what is empty."""
    return tuple(word for word in (cells[heading] for heading in mapping.categories.columns) if word) if mapping.categories else ()
