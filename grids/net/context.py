"""What the map component is told: addresses, the district's frame, tiles, words."""

from collections import defaultdict

import shapely
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from grids.areas import edition
from grids.areas.codes import Level
from grids.areas.edition import Kept
from grids.areas.locating import in_force, to_shape
from grids.areas.models import AreaShape
from tongshan_portal.kernel import clock


def _frames() -> dict[str, tuple[float, ...]]:
    """District → west, south, east, north of its towns (of itself where no town has a ground): where to look before any border is drawn."""
    found: dict[str, tuple[float, ...]] = {}
    for level in (Level.DISTRICT, Level.TOWN):
        shapes = defaultdict(list)
        for code, geometry in AreaShape.objects.filter(in_force(clock.today()), area__level=level).values_list("pk", "geometry"):
            shapes[code[: Level.DISTRICT]].append(to_shape(geometry))
        for district, listed in shapes.items():
            found[district] = tuple(round(float(number), 5) for number in shapely.total_bounds(listed))
    return found


frame = Kept(_frames)


def map_settings(**given: object) -> dict[str, object]:
    """The JSON that the map's script reads. `given` adds what this page shows: `at`, `level`, `measure`, `points`, `mark`."""
    present = edition.present()
    return {
        "layers": reverse("net:layer", args=["LEVEL"]),
        "edition": f"{present.number}-{present.day:%Y%m%d}",
        "measures": reverse("net:measure", args=["NAME", "LEVEL"]),
        "pointLayers": reverse("net:points", args=["NAME"]),
        "area": reverse("net:area", args=["100000"]).replace("100000", "CODE"),
        "page": reverse("net:map"),
        "frame": frame.get().get(str(given.get("at", settings.DISTRICT_CODE))[: Level.DISTRICT]),
        "tiles": settings.MAP_TILES,
        "subdomains": settings.MAP_TILES_SUBDOMAINS,
        "attribution": " · ".join(
            filter(None, [settings.MAP_TILES_ATTRIBUTION, settings.MAP_ATTRIBUTION or _sources(), settings.MAP_APPROVAL_NUMBER])
        ),
        "words": {
            "zoomIn": _("Closer"),
            "zoomOut": _("Farther"),
            "failed": _("The map could not be loaded. The list beside it is complete."),
            "none": _("no figure"),
            "more": _("Only some of the points are shown: look closer."),
            "open": _("Open the page of this area"),
            "tooClose": _("Micro-grids are shown near only."),
        },
        **given,
    }


def _sources() -> str:
    return _("Demo boundaries, no official map") if settings.DEMO_MODE else ""
