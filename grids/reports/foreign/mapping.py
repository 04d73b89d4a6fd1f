"""The mapping: a TOML file that says which files there are, and what their headings and values mean. docs/import-reports.md explains it."""

import tomllib
from collections.abc import Mapping as AnyMapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.translation import gettext as _

from grids.areas.codes import Level, is_area_code
from grids.areas.shapes.coordinates import Datum
from grids.areas.shapes.reading import require_system
from tongshan_portal.kernel.errors import DomainError

from ..evaluation.working_time import Hours as OfficeHours
from ..evaluation.working_time import hours_of_place, own_hours
from ..incoming import EXTERNAL_ID, FACTS

COLUMNS = {column.name: column for column in (EXTERNAL_ID, *FACTS)}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class District:
    """The district that the reports belong to: six digits and a name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Areas:
    """A file of boundaries; `code` and `name` are made of a shape's properties by Python's format (`250250{WARD:03d}`)."""

    file: str
    code: str
    name: str
    crs: str = ""
    datum: str = Datum.WGS84


@dataclass(frozen=True, slots=True)
class Reports:
    """A file of reports: heading of each of the portal's columns, and what the file's values are called here."""

    file: str
    origin: str
    columns: AnyMapping[str, str]
    values: AnyMapping[str, AnyMapping[str, str]] = field(default_factory=dict)
    crs: str = "EPSG:4326"
    datum: str = Datum.WGS84
    time_zone: str = "Asia/Shanghai"
    time_format: str = ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Hours:
    """When the other system's offices are open, on its own clock: periods of a working day and days off beside weekends.

    `source` says whose rule it is. Without this part, and in another time zone, nothing is said about working time.
    """

    periods: list[str]
    source: str
    holidays: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Categories:
    """Categories made of one heading, or of two: the second's lie below the first's."""

    prefix: str
    columns: list[str]
    in_use: bool = False


@dataclass(frozen=True, slots=True)
class Departments:
    """Departments made of the heading of `reports.columns.department`; `name` names those that `names` does not."""

    prefix: str
    name: str = "{value}"
    names: AnyMapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compare:
    """A heading that names the area as well, in any of the words that `words` make of its shape: only to say how often both agree."""

    column: str
    words: list[str]


@dataclass(frozen=True, slots=True)
class Mapping:
    """The whole of it. Paths are absolute, or relative to where the mapping lies."""

    folder: Path
    label: str
    district: District
    reports: Reports
    areas: Areas | None = None
    categories: Categories | None = None
    departments: Departments | None = None
    compare: Compare | None = None
    hours: Hours | None = None

    def path(self, name: str) -> Path:
        """The path of one of its files. Raises DomainError when there is none."""
        path = (self.folder / name).resolve()
        if not path.is_file():
            raise DomainError(_("There is no file %(name)s.") % {"name": name})
        return path


def read_mapping(path: Path, *, reports: str = "", areas: str = "") -> Mapping:
    """The mapping of a file, with other paths of its files where some are given. Raises DomainError with what is wrong in it."""
    try:
        with path.open("rb") as file:
            raw = tomllib.load(file)
    except OSError as error:
        raise DomainError(_("The mapping cannot be read: %(error)s") % {"error": error.strerror}) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DomainError(_("The mapping cannot be read: %(error)s") % {"error": error}) from error
    for section, other in (("reports", reports), ("areas", areas)):
        if other and isinstance(raw.get(section), dict):
            raw[section]["file"] = str(Path(other).resolve())
    sections: dict[str, type] = {
        "district": District,
        "reports": Reports,
        "areas": Areas,
        "categories": Categories,
        "departments": Departments,
        "compare": Compare,
        "hours": Hours,
    }
    if unknown := set(raw) - {*sections, "label"}:
        raise DomainError(_("The mapping has no part “%(name)s”.") % {"name": sorted(unknown)[0]})
    made = {name: _section(kind, raw[name], name) for name, kind in sections.items() if name in raw}
    for name in ("district", "reports"):
        if name not in made:
            raise DomainError(_("The mapping lacks [%(name)s].") % {"name": name})
    mapping = Mapping(folder=path.parent, label=str(raw.get("label", "")), **made)
    _check(mapping)
    return mapping


def _section(kind: type[T], raw: Any, name: str) -> T:
    """A part of the mapping. Raises DomainError for a word it does not know, one that is missing or of another kind."""
    if not isinstance(raw, dict):
        raise DomainError(_("[%(part)s] is a part with words of its own.") % {"part": name})
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
    for word in raw:
        if word not in known:
            raise DomainError(_("[%(part)s] has no word “%(word)s”.") % {"part": name, "word": word})
    for word, one in known.items():
        needed = one.default is MISSING and one.default_factory is MISSING
        if needed and not raw.get(word):
            raise DomainError(_("[%(part)s] lacks “%(word)s”.") % {"part": name, "word": word})
        if word in raw and not isinstance(raw[word], _plain(one.type)):
            raise DomainError(_("[%(part)s] “%(word)s” is of another kind.") % {"part": name, "word": word})
    return kind(**raw)


def _plain(kind: Any) -> type:
    """What TOML gives for a field: text, a list, yes or no, or a table."""
    return kind if kind in (str, bool) else list if kind == list[str] else dict


def _check(mapping: Mapping) -> None:
    """What one part says must fit the others. Raises DomainError."""
    reports = mapping.reports
    if not is_area_code(mapping.district.code) or len(mapping.district.code) != Level.DISTRICT:
        raise DomainError(_("The district's code has six digits."))
    for name in (*reports.columns, *reports.values):
        if name not in COLUMNS:
            raise DomainError(_("[reports] has no column “%(name)s”; there are: %(known)s.") % {"name": name, "known": ", ".join(COLUMNS)})
    for name, column in COLUMNS.items():
        if column.required and name not in reports.columns:
            raise DomainError(_("[reports.columns] lacks “%(name)s”.") % {"name": name})
    if mapping.categories is not None and not 1 <= len(mapping.categories.columns) <= 2:
        raise DomainError(_("Categories are made of one heading, or of two."))
    _check_places(mapping)
    hours_of(mapping)


def _check_places(mapping: Mapping) -> None:
    """Time zone, coordinate systems and datums are known ones. Raises DomainError."""
    try:
        ZoneInfo(mapping.reports.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise DomainError(f"time_zone: {mapping.reports.time_zone}") from error
    for part in (mapping.reports, mapping.areas):
        if part is not None and part.crs:
            require_system(part.crs)
        if part is not None and part.datum not in list(Datum):
            raise DomainError(f"datum: {', '.join(Datum)}")


def hours_of(mapping: Mapping) -> OfficeHours | None:
    """By which hours of service its matters took their time: its own, or the portal's where it keeps the same clock; None: not known.

    Raises DomainError for hours that are none.
    """
    zone, part = mapping.reports.zone, mapping.hours
    if part is None:
        return own_hours() if zone.key == settings.TIME_ZONE else None
    try:
        return hours_of_place(zone, part.periods, part.holidays, part.source)
    except ValueError as error:
        raise DomainError(_("[hours] says no hours of service: %(error)s") % {"error": error}) from error
