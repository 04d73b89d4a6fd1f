"""COPY: the text form that PostgreSQL takes fastest, written by hand because psycopg2 leaves it to the caller."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import orjson

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"})
_TO_ESCAPE = re.compile(r"[\\\t\n\r\x08\f\v]")


def field(value: Any) -> str:
    """One value in COPY's text form. Lists become arrays, dictionaries and Django's JSON adapter become JSON."""
    if value is None:
        return NULL
    kind = type(value)
    if kind is str:
        return value.translate(_ESCAPES) if _TO_ESCAPE.search(value) else value
    if kind is int or kind is float:
        return repr(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (bytes, memoryview)):
        return f"\\\\x{bytes(value).hex()}"
    if isinstance(value, (list, tuple)):
        return _array(value).translate(_ESCAPES)
    adapted = getattr(value, "adapted", value)
    if isinstance(adapted, (dict, list)) or adapted is not value:
        return orjson.dumps(adapted).decode().translate(_ESCAPES)
    return str(value).translate(_ESCAPES)


def _array(values: Sequence) -> str:
    def item(value) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, (list, tuple)):
            return _array(value)
        escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'

    return "{" + ",".join(map(item, values)) + "}"


class _Stream:
    """Lines as a file that is read once: the server takes the first while the last is still being written, and memory stays bounded."""

    def __init__(self, lines: Iterable[str]):
        self._lines, self._rest = iter(lines), b""
        self.failure: Exception | None = None

    def read(self, size: int) -> bytes:
        try:
            return self._read(size)
        except Exception as error:
            self.failure = error
            raise

    def _read(self, size: int) -> bytes:
        parts, length = [self._rest], len(self._rest)
        while length < size:
            portion = "".join(islice(self._lines, 16)).encode()
            if not portion:
                break
            parts.append(portion)
            length += len(portion)
        whole = b"".join(parts)
        self._rest = whole[size:]
        return whole[:size]


def copy_lines(cursor, table_and_columns: str, lines: Iterable[str]) -> None:
    """COPY ready-made lines (each ends in a newline) through a Django cursor. `lines` must not use the same connection.

    Raises what `lines` raises, where that is why the copy ended.
    """
    stream = _Stream(lines)
    with cursor.db.wrap_database_errors:
        try:
            cursor.cursor.copy_expert(f"COPY {table_and_columns} FROM STDIN", stream, size=1 << 14)
        except Exception as error:
            if stream.failure is not None:
                raise stream.failure from error
            raise


def copy_rows(cursor, table_and_columns: str, rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows of values."""
    copy_lines(cursor, table_and_columns, ("\t".join(map(field, row)) + "\n" for row in rows))
