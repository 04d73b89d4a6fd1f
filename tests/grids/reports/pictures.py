"""Pictures for tests, made here: nothing is downloaded."""

import struct
import zlib
from io import BytesIO

from PIL import Image

GPS = 0x8825


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), colour: str = "red", *, orientation: int = 1, mode: str = "RGB") -> bytes:
    """A file of a format; a JPEG with a device, a place, a comment and an orientation in it."""
    image = Image.new(mode, size, colour)
    image.paste("blue", (0, 0, size[0] // 2, size[1]))  # the left half is blue
    written = BytesIO()
    more = {}
    if kind == "JPEG":
        exif = Image.Exif()
        exif[0x010F], exif[0x0112] = "PHONE-OF-SOMEBODY", orientation
        exif.get_ifd(GPS)[2] = (34.0, 5.0, 12.0)
        more = {"exif": exif, "comment": b"SECRET-COMMENT", "quality": 95}
    image.save(written, kind, **more)
    return written.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that says it is 3.6 thousand million pixels large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 40
