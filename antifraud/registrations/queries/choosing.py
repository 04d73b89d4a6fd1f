"""Choosing the community: near a place, near the registration point, or by name."""

from dataclasses import dataclass

from grids.areas.codes import Level, is_area_code
from grids.areas.models import Area, AreaShape
from grids.areas.names import name_of

from .. import communities
from ..communities import Near
from ..models import RegistrationPoint


@dataclass(frozen=True, slots=True)
class Place:
    """A community by its names."""

    area_code: str
    name: str
    town: str


def near_place(lon: float, lat: float) -> list[Near]:
    """The five communities nearest to a point in degrees."""
    return communities.near(lon, lat)


def near_point(point: RegistrationPoint | None) -> list[Near]:
    """Those nearest to the middle of a point's area: what is likely for somebody who scanned its code there."""
    if point is None or len(point.area_code) < Level.VILLAGE:
        return []
    shape = AreaShape.objects.filter(pk=point.area_code).only("label_lon", "label_lat").first()
    return communities.near(shape.label_lon, shape.label_lat) if shape else []


def towns() -> list[Area]:
    """The towns in force."""
    return list(Area.objects.filter(level=Level.TOWN, valid_to=None).order_by("pk"))


def villages_of(town: str) -> list[Place]:
    """The communities of a town in force; none for what is no town."""
    if not is_area_code(town) or len(town) != Level.TOWN:
        return []
    rows = Area.objects.filter(level=Level.VILLAGE, valid_to=None, pk__startswith=town).order_by("pk").values_list("pk", "name")
    return [Place(code, name, name_of(town)) for code, name in rows]


def community(code: str) -> Place | None:
    """A community in force; None for anything else."""
    row = Area.objects.filter(pk=code, level=Level.VILLAGE, valid_to=None).first()
    return Place(row.pk, row.name, name_of(row.pk[: Level.TOWN])) if row else None


def all_communities() -> list[str]:
    """The codes of all communities in force."""
    return list(Area.objects.filter(level=Level.VILLAGE, valid_to=None).order_by("pk").values_list("pk", flat=True))
