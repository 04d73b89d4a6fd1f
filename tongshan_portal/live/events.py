"""An event on its way: out of a row, into Redis, out of Redis, onto the wire. It is encoded once, for all who hear it."""

from dataclasses import dataclass

import orjson

from .models import OutboxEvent


@dataclass(frozen=True, slots=True)
class Delivered:
    """An event with its position. `data` is the JSON that browsers get; `user_ids`, when any, are the only people who hear it."""

    position: int
    topic: str
    kind: str
    area_code: str
    user_ids: tuple[int, ...]
    data: bytes

    def fields(self) -> dict[bytes | bytearray | memoryview | str | int | float, bytes | bytearray | memoryview | str | int | float]:
        """The fields of the stream entry; short names, for there are many."""
        people = ",".join(map(str, self.user_ids))
        return {"t": self.topic, "k": self.kind, "a": self.area_code, "u": people, "d": self.data}

    def frame(self, epoch: str) -> bytes:
        """The event as the event stream protocol writes it (HTML standard, section 9.2)."""
        return b"id: %s-%d\ndata: %s\n\n" % (epoch.encode(), self.position, self.data)


def from_row(row: OutboxEvent) -> Delivered:
    """Raises TypeError when the row has no position yet."""
    if row.position is None:
        raise TypeError("an event is delivered only after it has a position")
    data = orjson.dumps(
        {"id": row.position, "at": row.at, "topic": row.topic, "kind": row.kind, "area": row.area_code, "line": row.line},
        option=orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS,
    )
    return Delivered(row.position, row.topic, row.kind, row.area_code, tuple(row.user_ids), data)


def from_entry(entry_id: bytes, fields: dict[bytes, bytes]) -> Delivered:
    """The event of a stream entry."""
    people = fields[b"u"].decode()
    return Delivered(
        int(entry_id.split(b"-")[0]),
        fields[b"t"].decode(),
        fields[b"k"].decode(),
        fields[b"a"].decode(),
        tuple(map(int, people.split(","))) if people else (),
        fields[b"d"],
    )


def parse_event_id(text: str, epoch: str) -> int | None:
    """The position in an id that a client sends back; None when it is not one of this line of events."""
    prefix, _dash, number = text.partition("-")
    if prefix != epoch or not (number.isascii() and number.isdigit()) or len(number) > 18:
        return None
    return int(number)
