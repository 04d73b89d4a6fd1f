"""Where warned people live: by their registration, a family's, their household, the stated address, the stated area; else the desk decides.

Everything is asked for a whole batch at once. The household's number lies in an index space of its own; as the warning states the number
itself, its blind index is made in that space as well.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from antifraud.registrations.public import match_phones
from grids.areas.codes import LENGTHS
from grids.areas.models import Area
from grids.elements.addresses import normal_form
from grids.elements.models import Address, Household
from tongshan_portal.kernel.sealed.keys import index_keys
from tongshan_portal.kernel.sealed.masks import normal_phone

from .enums import MatchKind
from .rows import WarningRow


@dataclass(frozen=True, slots=True)
class Found:
    """Where a warned person lives, and how that is known."""

    area_code: str
    kind: MatchKind
    registration_id: int | None = None
    member_id: int | None = None


def find_people(rows: Sequence[WarningRow]) -> list[Found]:
    """For each warning, where its person lives; three statements, however many warnings."""
    if not rows:
        return []
    registered = match_phones([row.phone for row in rows])
    households, addresses, in_force = _places(rows)
    found = []
    for row, match in zip(rows, registered, strict=True):
        household, address = households.get(row.phone, ""), addresses.get(normal_form(row.address), "") if row.address else ""
        if match is not None:
            kind = MatchKind.FAMILY if match.member_id else MatchKind.REGISTRATION
            # A registration knows the community; the household in it knows the grid.
            exact = next((code for code in (household, address) if code.startswith(match.area_code)), match.area_code)
            found.append(Found(exact, kind, match.registration_id, match.member_id))
        elif household:
            found.append(Found(household, MatchKind.HOUSEHOLD))
        elif address:
            found.append(Found(address, MatchKind.ADDRESS))
        elif row.area_code in in_force:
            found.append(Found(row.area_code, MatchKind.STATED))
        else:
            found.append(Found(settings.DISTRICT_CODE, MatchKind.DESK))
    return found


def _places(rows: Sequence[WarningRow]) -> tuple[dict[str, str], dict[str, str], set[str]]:
    """Number → area of the households that have it; normal form of a stated address → its area; stated areas that are in force.

    Of several households or addresses, what they share.
    """
    space = Household._meta.get_field("phone").place.space  # type: ignore[union-attr]
    phones = {key.index(space, normal_phone(row.phone)): row.phone for row in rows for key in index_keys()}
    keys = {key for row in rows if row.address and (key := normal_form(row.address))}
    stated = {row.area_code for row in rows if row.area_code}
    homes: dict[str, list[str]] = defaultdict(list)
    known: dict[str, list[str]] = defaultdict(list)
    in_force: set[str] = set()
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [list(phones), list(keys), list(stated)])
        for kind, key, code in cursor.fetchall():
            if kind == "household":
                homes[phones[key]].append(code)
            elif kind == "address":
                known[key].append(code)
            else:
                in_force.add(code)
    return _shared(homes), _shared(known), in_force


_PLACES = f"""
    SELECT 'household', phone_index, area_code FROM {Household._meta.db_table} WHERE phone_index = ANY(%s::text[])
    UNION ALL SELECT 'address', key, area_code FROM {Address._meta.db_table} WHERE key = ANY(%s::text[])
    UNION ALL SELECT 'area', code, code FROM {Area._meta.db_table} WHERE code = ANY(%s::text[]) AND valid_to IS NULL
"""  # noqa: S608 - names of models' own tables
"""One statement, unscoped: a warning finds whoever it is about, wherever they live."""


def _shared(places: dict[str, list[str]]) -> dict[str, str]:
    return {key: shared for key, codes in places.items() if (shared := shared_area(codes))}


def shared_area(codes: Sequence[str]) -> str:
    """The smallest area below the district that holds all of them; empty where there is none."""
    first = codes[0]
    for length in reversed(LENGTHS[1:]):
        if length <= len(first) and all(code[:length] == first[:length] and len(code) >= length for code in codes):
            return first[:length]
    return ""
