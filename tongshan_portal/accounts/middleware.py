"""Gives each request its actor, computed at most once and only when asked for."""

from django.utils.functional import SimpleLazyObject

from .actor import actor_for


class ActorMiddleware:
    """Sets `request.actor`: who asks, with the scope of this request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = SimpleLazyObject(
            lambda: actor_for(request.user, ip=request.META.get("REMOTE_ADDR", ""), request_id=request.request_id)
        )
        return self.get_response(request)
