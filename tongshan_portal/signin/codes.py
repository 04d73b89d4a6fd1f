"""The secret of an authenticator app, for the eye and for the camera."""

import segno


def qr_svg(text: str) -> str:
    """A QR code as an `<svg>` element: black on white in either theme, because cameras want it so; no style attribute."""
    return segno.make(text, error="m").svg_inline(border=3, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)


def in_groups(secret: str) -> str:
    """The secret in groups of four, as one types it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
