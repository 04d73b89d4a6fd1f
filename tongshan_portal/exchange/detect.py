"""What a file is, told from its content and never from its name."""

import codecs
import csv
from collections import Counter
from dataclasses import dataclass
from typing import BinaryIO

import charset_normalizer
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError

from .archive import guard_workbook
from .enums import FileFormat

_BLOCK = 1 << 20
_SAMPLE = 1 << 16
DELIMITERS = (",", ";", "\t", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CANDIDATES = ["gb18030", "big5", "utf_16_le", "utf_16_be"]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What was found: the format, and for text its encoding and (CSV) delimiter."""

    format: FileFormat
    encoding: str = ""
    delimiter: str = ""


def detect(file: BinaryIO) -> FileFacts:
    """The facts of a seekable binary file; raises DomainError with a sentence for what is not a table. Rewinds the file."""
    file.seek(0)
    start = file.read(_SAMPLE)
    file.seek(0)
    if not start.strip():
        raise DomainError(_("The file is empty."))
    if start.startswith(b"PK\x03\x04"):
        guard_workbook(file)
        return FileFacts(FileFormat.XLSX)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise DomainError(_("This is an old .xls file or one protected by a password. Save it as .xlsx and try again."))
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"SQLite format")):
        raise DomainError(_("This is not a table. Save the table as .xlsx or .csv."))
    encoding = encoding_of(file, start)
    sample = _decode_sample(start, encoding)
    if sample.lstrip().startswith("{"):
        if '"FeatureCollection"' not in sample and '"features"' not in sample:
            raise DomainError(_("This JSON file is not a GeoJSON feature collection."))
        if encoding not in ("utf-8", "utf-8-sig"):
            raise DomainError(_("A GeoJSON file must be in UTF-8 (RFC 7946)."))
        return FileFacts(FileFormat.GEOJSON, encoding)
    return FileFacts(FileFormat.CSV, encoding, delimiter_of(sample))


def encoding_of(file: BinaryIO, start: bytes) -> str:
    """The encoding in which the *whole* file can be read: a byte order mark, else UTF-8, else what the statistics say; each is verified."""
    for mark, name in _BOMS:
        if start.startswith(mark):
            _verify(file, name)
            return name
    if _reads(file, "utf-8") and b"\0" not in start:
        return "utf-8"
    found = charset_normalizer.from_bytes(start[: len(start) - len(start) % 2], cp_isolation=_CANDIDATES)
    order = [match.encoding for match in found]
    if b"\0" in start:  # Latin digits and commas of UTF-16 without a mark: the zero is the high byte
        order = ["utf_16_le" if start[1::2].count(0) >= start[::2].count(0) else "utf_16_be"]
    for name in dict.fromkeys([*order, *([] if b"\0" in start else ["gb18030"])]):
        if _reads(file, name) and _plausible(_decode_sample(start, name)):
            return name
    raise DomainError(_("The file is not text in UTF-8, GBK/GB18030 or UTF-16. Save it in Excel as “CSV UTF-8” or as .xlsx."))


def _decode_sample(start: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("ignore").decode(start)


def _plausible(sample: str) -> bool:
    """Whether decoded text looks like text: a wrong encoding shows in control and private-use characters."""
    odd = sum(1 for char in sample if (char < " " and char not in "\r\n\t\f") or "\ue000" <= char <= "\uf8ff" or char == "\x7f")
    return odd <= len(sample) // 200


def _reads(file: BinaryIO, encoding: str) -> bool:
    """Whether the whole file decodes strictly; in blocks, so in bounded memory."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _verify(file: BinaryIO, encoding: str) -> None:
    if not _reads(file, encoding):
        message = _("The file says that it is %(encoding)s, but parts of it are not. Save it again in one encoding.")
        raise DomainError(message % {"encoding": encoding.upper()})


def delimiter_of(sample: str) -> str:
    """The delimiter with which the first lines split into the same number (at least two) of cells most often; a comma when none does."""
    lines = [line for line in sample.splitlines()[:20] if line.strip()]
    if len(sample) >= _SAMPLE // 4 and len(lines) > 1:
        lines = lines[:-1]  # the last one may be cut off

    def score(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
        return (count, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=score)
