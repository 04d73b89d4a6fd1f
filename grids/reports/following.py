"""The resident's way to a report: code and follow key in one address (一案一码), and the same as a QR code."""

import segno

from .models import Report


def follow_path(row: Report) -> str:
    """The address of the resident's page (`reports_public:follow`). Whoever knows it may read there: never in lists, events, the ledger."""
    return f"/r/{row.code}/{row.follow_key}/"


def qr_svg(address: str) -> str:
    """An address as an `<svg>` element: black on white in either theme, because cameras want it so; no style attribute."""
    return segno.make(address, error="m").svg_inline(border=3, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
