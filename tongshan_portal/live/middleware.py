"""Tells each page where the stream was when its request began: what came later, the page may not show yet."""

from .hub import event_id_now


class LivePositionMiddleware:
    """Sets `request.live_position`, for the layout. A look at memory; None where no stream runs in this process."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.live_position = event_id_now()
        return self.get_response(request)
