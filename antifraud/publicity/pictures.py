"""A photo as it comes and as it is kept: known by its content, turned upright, written anew without anything else in it."""

import warnings
from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from tongshan_portal.kernel.errors import DomainError

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP")
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, MemoryError)


def written_anew(file: IO[bytes]) -> bytes:
    """JPEG bytes without metadata, at most LONGEST_SIDE pixels wide or high. Raises DomainError (field `photo`) with what to do."""
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise DomainError(_("A photo may have at most 15 MB. Choose a smaller one, or take it again with a lower resolution."), "photo")
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(raw), formats=FORMATS) as found:
                if found.width * found.height > MAX_PIXELS:
                    raise Image.DecompressionBombError
                upright = ImageOps.exif_transpose(found)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
                sheet = Image.new("RGB", upright.size, "white")
                clear = upright.convert("RGBA") if upright.has_transparency_data else None
                sheet.paste(clear or upright.convert("RGB"), mask=clear)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            words = _("This picture has too many pixels. Take it again with a lower resolution (at most 50 million pixels).")
            raise DomainError(words, "photo") from None
        except _BROKEN:
            words = _("This file is not a photo that can be read, or it is damaged. Photos are JPEG, PNG or WebP.")
            raise DomainError(words, "photo") from None
    written = BytesIO()
    sheet.save(written, "JPEG", quality=82, optimize=True, progressive=True)
    return written.getvalue()
