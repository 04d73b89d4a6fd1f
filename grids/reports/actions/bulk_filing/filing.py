"""The action, and what it would do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from grids.areas.models import Area
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import Place, require
from tongshan_portal.exchange.public import Outcome
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, constraint_of

from ...dictionaries import Dictionaries
from ...incoming import IncomingReport
from ...models import Report
from .building import Build
from .codes import new_codes, next_ids
from .correcting import correct
from .held import Key, dated, differs, held_of, key_of, taken_over
from .writing import write_new


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one report: new, changed or unchanged, and its case code."""

    outcome: Outcome
    code: str


@transaction.atomic
def file_reports(*, actor: Actor, rows: Sequence[IncomingReport], now: datetime, known: Dictionaries | None = None) -> list[Filed]:
    """File reports of other systems, once by (origin, external id); answers what became of each, in their order.

    A living one gets its clocks, goes where a rule or its department says, and stands in ledger and outbox, as if it had been filed here.
    One that comes again with other facts is changed, unless somebody of the portal has taken a step on it: then it stays as it is here.
    Raises NotAllowed, DomainError for an area that is not in force or a number that comes twice in `rows`.
    """
    require(actor, "reports.import")
    _require_ground(actor, rows)
    for _try in range(TRIES - 1):
        try:
            with transaction.atomic():
                return _file(Build(actor, now, known or Dictionaries()), rows)
        except IntegrityError as error:
            if constraint_of(error) != FILED_ONCE:
                raise
    return _file(Build(actor, now, known or Dictionaries()), rows)


FILED_ONCE = "report_external_once"
TRIES = 3
"""Another batch may have filed some of the same reports in the meantime: looked at again, they are here."""


def _file(build: Build, rows: Sequence[IncomingReport]) -> list[Filed]:
    """New ones in the order of their numbers: two batches with the same numbers wait for one another at the first, and never in a ring."""
    held = held_of(rows)
    rows = dated(rows, held, build.now)
    new = sorted((row for row in rows if key_of(row) not in held), key=key_of)
    codes = new_codes([row.filed_at for row in new])
    write_new(build, new, next_ids(Report, len(new)), codes)
    changed = correct([row for row in rows if key_of(row) in held and differs(held[key_of(row)], row)], build)
    made = dict(zip(map(key_of, new), codes, strict=True))
    return [_outcome(key_of(row), made, held, changed) for row in rows]


def plan_reports(rows: Sequence[IncomingReport]) -> Counter[Outcome]:
    """What `file_reports` would make of reports, without writing."""
    held = held_of(rows)
    rows = dated(rows, held, clock.now())
    kinds = ((key in held, key in held and differs(held[key], row)) for key, row in ((key_of(row), row) for row in rows))
    names = {(False, False): Outcome.CREATED, (True, True): Outcome.CHANGED, (True, False): Outcome.UNCHANGED}
    plan = Counter(names[kind] for kind in kinds)
    stays = len(taken_over([held[key_of(row)]["id"] for row in rows if key_of(row) in held and differs(held[key_of(row)], row)]))
    return plan - Counter({Outcome.CHANGED: stays}) + Counter({Outcome.UNCHANGED: stays})


def _outcome(key: Key, made: Mapping[Key, str], held: Mapping[Key, Mapping[str, Any]], changed: set[Key]) -> Filed:
    if key in made:
        return Filed(Outcome.CREATED, made[key])
    return Filed(Outcome.CHANGED if key in changed else Outcome.UNCHANGED, held[key]["code"])


def _require_ground(actor: Actor, rows: Sequence[IncomingReport]) -> None:
    """Every area is in force and the actor's. Raises NotAllowed, DomainError."""
    if len({key_of(row) for row in rows}) < len(rows):
        raise DomainError(_("The same number comes twice."), field="external_id")
    codes = {row.area_code for row in rows}
    if Area.objects.filter(pk__in=codes, valid_to=None).count() < len(codes):
        raise DomainError(_("There is no such area in force."), field="area_code")
    if not actor.is_system:
        held = tuple(actor.scope.areas_for("reports.import"))
        for code in codes:
            if not code.startswith(held):
                require(actor, "reports.import", Place(code))
