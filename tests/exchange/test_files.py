"""Files: what they are is told from their content; hostile ones are refused before anything opens them."""

import io
import json
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongshan_portal.exchange.archive import guard_workbook
from tongshan_portal.exchange.detect import FileFacts, detect
from tongshan_portal.exchange.enums import FileFormat
from tongshan_portal.exchange.readers import open_table
from tongshan_portal.exchange.writers import write_table
from tongshan_portal.kernel.cells import as_text, clean, neutral
from tongshan_portal.kernel.errors import DomainError

CHINESE = "姓名,地址\n王秀英,江苏省徐州市铜山区柳新镇试验村\n李伟,茅村镇檀山村三组\n张建国,汉王镇北望村\n"


def workbook(*rows, sheet="数据") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(content: bytes) -> list[list[str]]:
    file = io.BytesIO(content)
    facts = detect(file)
    opened = open_table(file, facts.format, encoding=facts.encoding, delimiter=facts.delimiter)
    return [opened.header, *opened.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_in_every_usual_encoding_and_delimiter(encoding, delimiter):
    content = CHINESE.replace(",", delimiter)
    if encoding in ("utf-16-le", "utf-16-be"):
        content = content.replace("试验村", "试验村 12-3")  # without a mark, some Latin text is needed to tell the byte order
    rows = read(content.encode(encoding))
    assert (rows[0], rows[2], len(rows)) == (["姓名", "地址"], ["李伟", "茅村镇檀山村三组"], 4)


def test_broken_encoding_late_in_the_file_is_refused():
    content = "a,b\n" + "好,好\n" * 50_000
    with pytest.raises(DomainError, match=r"UTF-8|编码"):
        detect(io.BytesIO(content.encode() + b"\xff\xfe\xff,\x81"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n",
        b"\xd0\xcf\x11\xe0" + b"x" * 600,
        b'{"type": "Topology"}',
        b"a,b\n\x00\x01\x02\x03" * 9,
    ],
)
def test_what_is_not_a_table_is_refused_with_a_sentence(content):
    with pytest.raises(DomainError):
        read(content)


def test_xlsx_is_known_by_its_content_whatever_its_name():
    assert detect(io.BytesIO(workbook(["a"], ["b"]))) == FileFacts(FileFormat.XLSX)


def test_xlsx_numbers_and_dates_become_the_text_that_was_meant():
    from datetime import date, datetime

    content = workbook(
        ["a", "b", "c", "d", "e"],
        [13800001234, 1.5, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), True],
        [320312199001011234, None, None, None, " x\u3000"],
    )
    rows = read(content)
    assert rows[1] == ["13800001234", "1.5", "2026-01-02", "2026-01-02 03:04:00", "TRUE"]
    assert rows[2][0].startswith("3.2031219900101") and "E+17" in rows[2][0]
    assert rows[2][1:] == ["", "", "", "x"]


def test_hidden_and_empty_sheets_are_passed_over():
    book = openpyxl.Workbook()
    book.active.title = "empty"
    hidden = book.create_sheet("hidden")
    hidden.append(["no"])
    hidden.sheet_state = "hidden"
    book.create_sheet("data").append(["yes"])
    target = io.BytesIO()
    book.save(target)
    assert read(target.getvalue()) == [["yes"]]


def archive(parts: dict[str, bytes], base: bytes | None = None) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        if base:
            with zipfile.ZipFile(io.BytesIO(base)) as source:
                for name in source.namelist():
                    if name not in parts:
                        out.writestr(name, source.read(name))
        for name, data in parts.items():
            out.writestr(name, data)
    target.seek(0)
    return target


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst>&e;</sst>'
HOSTILE = {
    "zip bomb": {"xl/worksheets/sheet9.xml": b"0" * 60_000_000},
    "external entity": {"xl/sharedStrings.xml": ENTITY},
    "entity in UTF-16": {"xl/sharedStrings.xml": ENTITY.decode().encode("utf-16")},
    "entity late in the part": {"xl/styles.xml": b"<a>" + b" " * 262_140 + b"<!DOCTYPE x>"},
    "macros": {"xl/vbaProject.bin": b"x"},
    "very many parts": {f"xl/media/{number}.png": b"" for number in range(2_100)},
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_workbook_is_refused(what):
    with pytest.raises(DomainError):
        detect(archive(HOSTILE[what], workbook(["a"], ["b"])))


def test_guard_passes_the_same_workbook_without_the_weapon():
    guard_workbook(archive({"docProps/note.xml": b"<a/>"}, workbook(["a"], ["b"])))


def test_declared_size_of_a_part_is_not_believed():
    content = bytearray(archive({"xl/worksheets/sheet9.xml": b"0" * 60_000_000}, workbook(["a"], ["b"])).getvalue())
    size = (60_000_000).to_bytes(4, "little")
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(DomainError):
        detect(io.BytesIO(bytes(content)))


def test_archive_that_is_no_workbook_is_refused():
    with pytest.raises(DomainError):
        detect(archive({"readme.txt": b"hello"}))


def test_geojson_properties_become_columns_and_geometry_the_last():
    point = {"type": "Point", "coordinates": [117.1, 34.2]}
    features = [
        {"type": "Feature", "properties": {"code": "320312", "n": 1.0}, "geometry": point},
        {"type": "Feature", "properties": None, "geometry": None},
    ]
    rows = read(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    assert rows[0] == ["code", "n", "geometry"]
    assert rows[1][:2] == ["320312", "1.0"] and json.loads(rows[1][2]) == point
    assert rows[2] == ["", "", ""]


def test_too_many_rows_are_refused_while_reading(settings):
    settings.EXCHANGE_MAX_ROWS = 3
    with pytest.raises(DomainError, match="3"):
        read(b"a\n1\n2\n3\n4\n")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("\u3000王 英\u00a0", "王 英"), ("'00123", "00123"), ("\ufeffx", "x"), ("a\x00b", "ab"), ("''x", "'x"), ("", "")],
)
def test_clean_takes_off_what_nobody_meant(cell, expected):
    assert clean(cell) == expected


@pytest.mark.parametrize("value", [123456789012345.0, 5, -3.0])
def test_numbers_keep_their_digits(value):
    assert as_text(value) == str(int(value))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u3000@", "\ufeff+"])
@pytest.mark.parametrize("format", FileFormat.values[:2])
def test_formula_never_leaves(start, format):
    target = io.BytesIO()
    write_table(format, target, ["=heading"], [[f'{start}HYPERLINK("http://x")']])
    if format == FileFormat.CSV:
        import csv

        cells = [cell for row in csv.reader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")) for cell in row]
    else:
        sheet = openpyxl.load_workbook(target).active
        assert {cell.data_type for row in sheet for cell in row} == {"s"}
        cells = [cell.value for row in sheet for cell in row]
    assert [cell[0] for cell in cells] == ["'", "'"]


PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), include_characters="\n"), max_size=40).map(clean).map(str)


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.tuples(PLAIN, PLAIN).filter(all), min_size=1, max_size=5), format=st.sampled_from(FileFormat.values[:2]))
def test_what_was_exported_is_imported_unchanged(rows, format):
    rows = [tuple(text.strip() for text in row) for row in rows]
    rows = [row for row in rows if all(text == clean(neutral(text)) and text for text in row)]
    target = io.BytesIO()
    write_table(format, target, ["one", "two"], rows)
    assert read(target.getvalue()) == [["one", "two"], *map(list, rows)]
