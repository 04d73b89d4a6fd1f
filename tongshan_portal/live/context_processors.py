"""What the layout shows of the live path."""

from django.utils.functional import SimpleLazyObject

from tongshan_portal.kernel import clock

from .queries import MOST, unread_count


def live(request):
    """`live_position` for the stream; `unread` (number, text) for the bell, counted only by a layout that shows one."""

    def unread() -> dict:
        user = getattr(request, "user", None)
        count = unread_count(user.pk, clock.now()) if user is not None and user.is_authenticated else 0
        return {"count": count, "text": f"{MOST}+" if count > MOST else str(count)}

    return {"live_position": getattr(request, "live_position", None), "unread": SimpleLazyObject(unread)}
