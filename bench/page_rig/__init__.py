"""The peers of the portal's list page: a bare view of the same rows, and the same page under Django's own ASGI handler."""
