"""Security headers of every answer (OWASP ASVS 3.4). Nothing comes from outside, nothing is inline.

The one exception is the map's background, where an installation names a tile server: its pictures, from its address alone.
"""

from urllib.parse import urlsplit

from django.conf import settings

STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
PERMISSIONS = "camera=(self), geolocation=(self), publickey-credentials-get=(self), microphone=(), payment=(), usb=()"


def tile_origins(address: str) -> list[str]:
    """The origin of a tile server as the policy writes it: `https://t{s}.example.org/…` → `https://*.example.org`. None without one."""
    if not address or address.startswith("/"):
        return []
    parts = urlsplit(address)
    host = "*" + parts.netloc[parts.netloc.index(".") :] if "{s}" in parts.netloc else parts.netloc
    return [f"{parts.scheme}://{host}"]


class SecurityHeadersMiddleware:
    """Sets the Content Security Policy and its companions, and forbids keeping pages of people who are signed in."""

    def __init__(self, get_response):
        self.get_response = get_response
        form_targets = " ".join(["'self'", *settings.CSP_FORM_TARGETS])
        policy = STRICT | {"form-action": form_targets, "img-src": " ".join(["'self'", "data:", *tile_origins(settings.MAP_TILES)])}
        self.policy = "; ".join(f"{name} {value}" for name, value in policy.items())

    def __call__(self, request):
        response = self.get_response(request)
        response["Content-Security-Policy"] = self.policy
        response["Permissions-Policy"] = PERMISSIONS
        signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
        if signed_in and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response
