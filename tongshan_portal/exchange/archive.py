"""A guard in front of every XLSX: it is a zip of XML, and both can be weapons.

What is refused: too many entries, too much when unpacked (counted while unpacking, not as declared), a packing ratio that only a bomb has,
a document type or entity declaration in any part (the door of external entities), macros, and what is not a workbook at all.
"""

import zipfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError

from .conf import limit

_BLOCK = 1 << 18
_RATIO_FROM = 1 << 20
_MARKS = ("<!DOCTYPE", "<!ENTITY")
_FORBIDDEN = tuple(mark.encode(coding) for mark in _MARKS for coding in ("utf-8", "utf-16-le", "utf-16-be"))
_LONGEST = max(len(mark) for mark in _FORBIDDEN)


def guard_workbook(file: BinaryIO) -> None:
    """Raise DomainError unless the file is a workbook that can be opened safely. The position of `file` is moved."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > limit("MAX_ARCHIVE_ENTRIES"):
                raise DomainError(_("The workbook has too many parts to be a table."))
            if "xl/workbook.xml" not in names:
                raise DomainError(_("This is an archive, not an Excel workbook. Save the table as .xlsx or .csv."))
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise DomainError(_("The workbook contains macros. Save it as .xlsx without macros."))
            left = limit("MAX_UNPACKED_BYTES")
            for entry in entries:
                left -= _read_through(archive, entry, left)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise DomainError(_("The workbook is damaged or protected by a password. Open it in Excel and save it again.")) from error
    finally:
        file.seek(0)


def _read_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """Unpack one entry to nowhere, looking at it; answers its size in bytes. Stops as soon as it is too much."""
    allowed = min(left, max(_RATIO_FROM, entry.compress_size * limit("MAX_PACKING_RATIO")))
    looks_at = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    size, tail = 0, b""
    with archive.open(entry) as part:
        while block := part.read(_BLOCK):
            size += len(block)
            if size > allowed:
                raise DomainError(_("The workbook unpacks to more than is allowed. It is damaged, or not an ordinary table."))
            if looks_at:
                window = tail + block
                if any(mark in window for mark in _FORBIDDEN):
                    raise DomainError(_("The workbook contains declarations that no spreadsheet program writes. It was not opened."))
                tail = window[-_LONGEST:]
    return size
