"""What the layout of every page shows. No queries beyond the scope's own, which the page needs anyhow."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise

from grids.areas.names import name_of

from . import banner, navigation, preferences


@dataclass(frozen=True, slots=True)
class PostingLine:
    """A posting in force as the head of the page names it."""

    posting_id: int
    role: str | Promise
    area: str


def _postings(scope) -> list[PostingLine]:
    return [PostingLine(reach.posting_id, reach.role.label, name_of(reach.area_code)) for reach in scope.reaches]


def shell(request):
    """The values of the page shell. Error pages render without a user, so everything here copes with half a request."""
    actor = getattr(request, "actor", None)
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {
        "demo_mode": settings.DEMO_MODE,
        "preferences": preferences.of(request),
        "kiosk": request.COOKIES.get("kiosk") == "1" and not signed_in,
        "banners": banner.present(),
        "nav_sections": navigation.sections_for(actor.scope) if signed_in else [],
        "postings_in_force": _postings(actor.scope) if signed_in else [],
        "help_contact": settings.HELP_CONTACT,
    }
