"""The map as the home of a desk shows it: where the reader's postings lie, with the matters that wait there."""

from django.conf import settings

from tongshan_portal.accounts.actor import Actor

from . import context, queries


def map_for(actor: Actor) -> dict[str, object]:
    """The settings of a map that opens on the actor's areas, with the points of matters that she may see; for `net/_map.html`."""
    points = [layer.name for layer in queries.layers_for(actor) if layer.waits]
    return context.map_settings(at=queries.home_area(actor, settings.DISTRICT_CODE), level="", measure="", points=points, mark=None)
