"""Grids without a grid worker, counted for every area above them."""

from collections import Counter
from collections.abc import Mapping

from django.db.models import Q

from grids.areas.codes import Level
from grids.areas.models import Area
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting
from tongshan_portal.kernel import clock


def vacancies(actor: Actor, level: Level, under: str) -> Mapping[str, float]:
    """Code → number of grids in force without a grid worker in force. Two queries, whatever the level; names nobody."""
    day = clock.today()
    open_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    grids = Area.objects.filter(open_ended, level=Level.GRID, code__startswith=under).values_list("code", flat=True)
    rows = Posting.objects.unscoped("a count of grids names nobody").in_force(day)
    served = set(rows.filter(role=Role.GRID_WORKER, area_code__startswith=under).values_list("area_code", flat=True))
    counted: Counter[str] = Counter()
    for code in grids:
        counted[code[:level]] += code not in served
    return dict(counted)
