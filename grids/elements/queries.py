"""What the pages of elements show, what the map and the pages of areas are told of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level
from grids.areas.names import name_of, path_of
from grids.net.public import Fact, Found, MapPoint
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.evaluation.rollup import numbers_by_area

from .actions.correcting import content_of
from .actions.recording import RECORD
from .dictionary import words
from .enums import CorrectionState, Dictionary
from .models import KINDS, Address, Correction, Element, ElementTally, Facility, Organisation, Place
from .search import with_words
from .workflow import CORRECTION_STEPS

LABELS: dict[str, Promise] = {
    "household": _("Households"),
    "place": _("Places"),
    "facility": _("Facilities"),
    "organisation": _("Organisations"),
}
VIEW = {"household": "households.view", "place": "elements.view", "facility": "elements.view", "organisation": "elements.view"}
TERMS = {"place": Dictionary.PLACE_KIND, "facility": Dictionary.FACILITY_KIND, "organisation": Dictionary.ORGANISATION_KIND}


def rows_for(actor: Actor, kind: str) -> QuerySet:
    """The elements of a kind that the actor may see, with their addresses."""
    return KINDS[kind].objects.visible_to(actor.scope).select_related("address")


@dataclass(frozen=True, slots=True)
class Line:
    """An element as a line of its list."""

    pk: int
    label: str
    kind: str
    area: str
    address: str
    more: str
    collected_on: str
    href: str


def lines_of(kind: str, rows: Sequence[Any]) -> list[Line]:
    """Elements as lines; words of dictionaries are looked up in memory."""
    known, base = words(TERMS[kind]) if kind in TERMS else words(Dictionary.NEED), reverse("elements:element", args=[kind, 0])[: -len("0/")]
    return [
        Line(
            row.pk,
            getattr(row, "name", "") or row.number,
            str(known.get(row.kind, row.kind)) if kind in TERMS else "",
            name_of(row.area_code),
            row.address.text if row.address else "",
            _more(kind, row, known),
            row.collected_on.isoformat(),
            f"{base}{row.pk}/",
        )
        for row in rows
    ]


def _more(kind: str, row: Any, known: Mapping[str, Any]) -> str:
    if kind == "household":
        return "、".join(str(known.get(code, code)) for code in row.needs)
    return getattr(row, "sensor_id", None) or getattr(row, "credit_code", None) or ""


@dataclass(frozen=True, slots=True)
class ElementPage:
    """One element: the row, where it lies, its words, what waits for a decision."""

    row: Any
    kind: str
    kind_word: str
    needs: list[str]
    path: list[tuple[str, str]]
    waiting: Correction | None
    may_correct: bool
    reveal: Mapping[str, str]


def element_page(actor: Actor, kind: str, row: Element) -> ElementPage:
    """The page of an element that the actor may see."""
    waiting = Correction.objects.visible_to(actor.scope).filter(kind=kind, element_id=row.pk, state=CorrectionState.PROPOSED).first()
    sealed = [name for name in ("contact", "phone") if getattr(row, name, None)]
    may_reveal = kind == "household" and can(actor, "households.reveal", row)
    return ElementPage(
        row=row,
        kind=kind,
        kind_word=str(words(TERMS[kind]).get(row.kind, row.kind)) if kind in TERMS else "",  # type: ignore[attr-defined]
        needs=[str(words(Dictionary.NEED).get(code, code)) for code in getattr(row, "needs", [])],
        path=path_of(row.area_code),
        waiting=waiting,
        may_correct=waiting is None and bool(can(actor, RECORD[kind], row)),
        reveal={name: reverse("audit:reveal", args=[row._meta.label_lower, row.pk, name]) if may_reveal else "" for name in sealed},
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction as whoever decides reads it: what is held, what is proposed; sealed texts masked."""

    row: Correction
    changes: list[tuple[str, str, str]]
    choices: list[Any]
    href: str


def proposals(actor: Actor, rows: Sequence[Correction]) -> list[Proposal]:
    """Corrections with what is held beside them; one query for each kind of element."""
    elements = {
        kind: model.objects.unscoped("the corrections' own door was passed; they lie in the same areas")
        .select_related("address")
        .in_bulk([row.element_id for row in rows if row.kind == kind])
        for kind, model in KINDS.items()
        if any(row.kind == kind for row in rows)
    }
    return [_proposal(actor, row, elements[row.kind][row.element_id]) for row in rows]


def _proposal(actor: Actor, row: Correction, element: Any) -> Proposal:
    given = content_of(row)
    changes = [
        (_label(element, name), _shown(element, name, _held(element, name)), _shown(element, name, given[name])) for name in row.fields
    ]

    def may(name: str, subject: Any) -> Any:
        return can(actor, name, subject)

    href = reverse("elements:element", args=[row.kind, row.element_id])
    return Proposal(row, changes, CORRECTION_STEPS.available(row, may, actor.user_id), href)


def _held(element: Any, name: str) -> Any:
    if name == "area":
        return element.area_code
    if name == "address":
        return element.address.text if element.address else ""
    return getattr(element, name)


def _label(element: Any, name: str) -> str:
    return str(element._meta.get_field("area_code" if name == "area" else name).verbose_name)


def _shown(element: Any, name: str, value: Any) -> str:
    """A value for the eye: sealed texts masked, codes in words."""
    if value in (None, "", []):
        return "–"
    if name in ("contact", "phone"):
        return str(element._meta.get_field(name).wrap(value).masked)
    if name == "area":
        return f"{name_of(value)} {value}"
    if name == "needs":
        return "、".join(str(words(Dictionary.NEED).get(code, code)) for code in value)
    if name == "kind":
        found = next((words(terms).get(value) for terms in TERMS.values() if value in words(terms)), None)
        return str(found or value)
    return str(value)


def facts_of(actor: Actor, code: str) -> list[Fact]:
    """How many elements an area holds, each number leading to its rows; none of those that the actor may not see."""
    kinds = [kind for kind in KINDS if actor.scope.holds(VIEW[kind], code)]
    if not kinds:
        return []
    rows = ElementTally.objects.unscoped("the scope holds the whole area for each of these kinds").filter(found_under(code), kind__in=kinds)
    numbers = dict(rows.order_by().values_list("kind").annotate(total=Sum("number")))
    return [Fact(LABELS[kind], numbers.get(kind, 0), f"{reverse('elements:list', args=[kind])}?area={code}") for kind in kinds]


def households_by_area(actor: Actor, level: Level, under: str) -> Mapping[str, float]:
    """Code → households, of the areas that the actor's postings hold."""
    rows = ElementTally.objects.visible_to(actor.scope).filter(kind="household", number__gt=0)
    return numbers_by_area(rows, level, under)


def _points(model: Any, kind: str) -> Any:
    def points(actor: Actor, under: str, limit: int) -> Sequence[MapPoint]:
        rows = model.objects.visible_to(actor.scope).filter(found_under(under), address__lon__isnull=False).order_by("-id")
        listed = rows.values_list("pk", "name", "area_code", "address__lon", "address__lat")[:limit]
        base = reverse("elements:element", args=[kind, 0])[: -len("0/")]
        return [MapPoint(lon, lat, name, f"{base}{pk}/", area_code) for pk, name, area_code, lon, lat in listed]

    return points


POINTS = {
    "places": _points(Place, "place"),
    "facilities": _points(Facility, "facility"),
    "organisations": _points(Organisation, "organisation"),
}


def find_addresses(actor: Actor, text: str, limit: int) -> list[Found]:
    """Addresses that hold the words, for the picker beside the map."""
    if len(text) < 2 or not actor.scope.reaches_for("elements.view"):
        return []
    rows = with_words(Address.objects.visible_to(actor.scope), text).order_by("key")[:limit]
    map_page = reverse("net:map")
    return [Found(row.text, name_of(row.area_code), row.area_code, f"{map_page}?at={row.area_code}", row.lon, row.lat) for row in rows]
