"""Gives each request its actor, computed at most once and only when asked for, and turns the scope guard on."""

from django.utils.functional import SimpleLazyObject

from .actor import actor_for
from .guard import guarded

SESSION_POSTING = "posting"
"""Where the session keeps the posting that its person switched to."""


class ActorMiddleware:
    """Sets `request.actor`: who asks, with the scope of this request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = SimpleLazyObject(lambda: _actor_of(request))
        with guarded():
            return self.get_response(request)


def _actor_of(request):
    return actor_for(
        request.user,
        ip=request.META.get("REMOTE_ADDR", ""),
        request_id=getattr(request, "request_id", ""),
        posting_id=request.session.get(SESSION_POSTING) if request.user.is_authenticated else None,
    )
