"""What the map on which a resident taps is told. It is loaded when somebody asks for it, so that the page stays light."""

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from grids.areas.codes import Level
from grids.net.context import frame
from grids.net.published import published_levels


def for_tapping() -> dict[str, object]:
    """The JSON that the script reads."""
    levels = published_levels()
    return {
        "script": static("leaflet/leaflet.js"),
        "style": static("leaflet/leaflet.css"),
        "frame": frame.get().get(settings.DISTRICT_CODE),
        "outline": reverse("net:open_areas", args=["town"]) if Level.TOWN in levels else "",
        "tiles": settings.MAP_TILES,
        "subdomains": settings.MAP_TILES_SUBDOMAINS,
        "attribution": " · ".join(filter(None, [settings.MAP_TILES_ATTRIBUTION, settings.MAP_ATTRIBUTION, settings.MAP_APPROVAL_NUMBER])),
        "words": {
            "closer": _("Closer"),
            "farther": _("Farther"),
            "failed": _("The map could not be loaded. Choose the area from the list."),
            "found": _("The point is marked."),
            "noPlace": _("The device did not say where it is. Tap the map, or choose the area from the list."),
            "asking": _("Asking the device …"),
        },
    }
