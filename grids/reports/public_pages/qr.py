"""The QR code of a report's own address."""

import segno
from django.utils.safestring import SafeString, mark_safe


def picture(address: str) -> SafeString:
    """An `<svg>` without a style attribute; black on white in either theme, because cameras want it so."""
    made = segno.make(address, error="m", micro=False)
    drawn = made.svg_inline(border=3, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 - segno writes paths and numbers, nothing of the address
