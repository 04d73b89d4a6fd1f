"""Where a report lies, from what its sender said: an address of the list, an area, a point, or nothing that is known."""

from dataclasses import dataclass

from grids.areas.codes import Level
from grids.elements.models import Address
from tongshan_portal.accounts.scope import Scope

from .enums import Located
from .suggesting import area_of


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as a report keeps it: area code, how it was found, degrees (CGCS2000) or None, address."""

    area_code: str
    located: Located
    lon: float | None
    lat: float | None
    address: str


def spot_of(scope: Scope, *, place: Address | None, area: str, lon: float | None, lat: float | None, address: str) -> Spot | None:
    """The place that was meant: the address that was picked, else the area, else the grid of the point; None where nothing was said.

    A point that lies nowhere belongs to the whole area of the sender's posting: the desk decides.
    """
    if lon is None or lat is None:
        lon = lat = None
    if place is not None:
        return Spot(place.area_code[: Level.GRID], Located.CHOSEN, place.lon, place.lat, place.text)
    if area:
        return Spot(area, Located.CHOSEN, lon, lat, address)
    if lon is None or lat is None:
        return None
    code, located = area_of(lon, lat)
    return Spot(code or scope.reaches_for("reports.file")[0].area_code, located, lon, lat, address)
