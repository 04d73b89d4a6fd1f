"""Names of areas, kept in memory: a page that shows fifty codes asks the database for none of their names."""

from collections.abc import Mapping

from .codes import Level, ancestors_of
from .edition import Kept
from .models import Area


def _load() -> dict[str, str]:
    """Every area down to the grid; micro-grids are many, and are shown by their number within the grid."""
    return dict(Area.objects.filter(level__lte=Level.GRID).values_list("code", "name"))


kept = Kept(_load)


def name_of(code: str, names: Mapping[str, str] | None = None) -> str:
    """The name of an area; the code itself where no name is known, the number where it is a micro-grid."""
    known = kept.get() if names is None else names
    if code not in known and len(code) == Level.MICRO_GRID:
        return f"{known.get(code[:-3], code[:-3])}-{code[-3:]}"
    return known.get(code, code)


def path_of(code: str) -> list[tuple[str, str]]:
    """(code, name) of every area from the town down to `code`; of the district alone for a district."""
    known = kept.get()
    codes = [*ancestors_of(code)[1:], code] if len(code) > Level.DISTRICT else [code]
    return [(step, name_of(step, known)) for step in codes]
