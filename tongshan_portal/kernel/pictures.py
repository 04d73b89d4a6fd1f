"""Pictures as they come and as they are kept: known by their content, turned upright, written anew without anything else in them."""

import warnings
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from tongshan_portal.kernel.errors import DomainError

MAX_BYTES = 15 * 1024 * 1024
"""Of one file as it comes."""

MAX_PIXELS = 50_000_000
"""Width × height as the file says, asked before anything is decoded: 50 million are 150 MB in memory."""

LONGEST_SIDE = 1600
"""Pixels of what is kept."""

SMALL_SIDE = 400
"""Pixels of what a list shows."""

QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
"""What is decoded; everything else is refused, whatever it is called."""

_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, MemoryError)
"""What Pillow raises over files that are damaged or made to do damage."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be kept: JPEG bytes without metadata, and its size in pixels."""

    data: bytes
    width: int
    height: int

    @property
    def mark(self) -> str:
        """The same picture has the same mark, however often it is sent."""
        return sha256(self.data).hexdigest()


def read_picture(file: IO[bytes], field: str = "photos") -> Picture:
    """What is kept of a file. Raises DomainError (of `field`) with what to do instead: too large, too many pixels, no picture."""
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise DomainError(_("A photo may have at most 15 MB. Choose a smaller one, or take it again with a lower resolution."), field)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _written_anew(raw)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise DomainError(_too_many(), field) from None
        except _BROKEN:
            raise DomainError(_not_a_picture(raw), field) from None


def small(data: IO[bytes]) -> bytes:
    """A kept picture as lists show it."""
    with Image.open(data, formats=("JPEG",)) as picture:
        _decode_near(picture, SMALL_SIDE)
        picture.thumbnail((SMALL_SIDE, SMALL_SIDE))
        return _as_jpeg(picture)


def _written_anew(raw: bytes) -> Picture:
    with Image.open(BytesIO(raw), formats=FORMATS) as found:
        if found.width * found.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        _decode_near(found, LONGEST_SIDE)
        upright = ImageOps.exif_transpose(found)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        # Onto a fresh white sheet: what is transparent becomes paper, and comments, profiles and places stay behind.
        clear = upright.convert("RGBA") if upright.has_transparency_data else None
        sheet = Image.new("RGB", upright.size, "white")
        sheet.paste(clear or upright.convert("RGB"), mask=clear)
    return Picture(_as_jpeg(sheet), *sheet.size)


def _decode_near(picture: Image.Image, side: int) -> None:
    """Let a JPEG be decoded at a half, a quarter or an eighth, as long as its longest side stays above `side`."""
    share = side / max(picture.size)
    if share < 1:
        picture.draft("RGB", (round(picture.width * share) or 1, round(picture.height * share) or 1))


def _as_jpeg(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()


def _too_many() -> str:
    return _("This picture has too many pixels. Take it again with a lower resolution (at most 50 million pixels).")


def _not_a_picture(raw: bytes) -> str:
    if raw[4:8] == b"ftyp" and raw[8:12] in _HEIF_BRANDS:
        return _("HEIC photos cannot be read here. In the camera's settings choose “most compatible” (JPEG), and take it again.")
    return _("This file is not a photo that can be read, or it is damaged. Photos are JPEG, PNG or WebP.")
