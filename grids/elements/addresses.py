"""Standard addresses: one normal form, by which the same place typed twice is one row, and its parts down to the room."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_SPACE = re.compile(r"[\s,，。、]+")
_COUNTY = re.compile(r"^(?:[^省市区县]{2,8}省)?(?:[^省市区县]{2,8}市)?(?:[^省市区县镇乡村路街]{2,8}[区县])(?=.)")
_BUILDING = re.compile(r"([0-9A-Za-z甲乙丙丁东西南北]{1,6})(?:号楼|幢|栋|座)")
_UNIT = re.compile(r"([0-9A-Za-z甲乙丙丁]{1,4})单元")
_ROOM = re.compile(r"([0-9A-Za-z]{1,8})(?:室|房)$|[-—]([0-9]{3,5})$")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an address below its street or group; empty where it names none."""

    building: str
    unit: str
    room: str


@lru_cache(maxsize=20_000)
def normal_form(text: str) -> str:
    """The text without province, city and county, spaces and width: what two spellings of one address share."""
    plain = _SPACE.sub("", unicodedata.normalize("NFKC", text))
    return _COUNTY.sub("", plain, count=1)


def parts_of(text: str) -> Parts:
    """Building, unit and room of a normal form."""
    building, unit, room = _BUILDING.search(text), _UNIT.search(text), _ROOM.search(text)
    return Parts(building[1] if building else "", unit[1] if unit else "", (room[1] or room[2]) if room else "")
