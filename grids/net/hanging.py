"""What hangs on areas: shown before an area is merged, split, moved or retired, so that nothing is orphaned unseen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise

from grids.areas.models import Area, AreaScoped


@dataclass(frozen=True, slots=True)
class Hanging:
    """How many rows of one kind lie in the areas in question, those below them included."""

    kind: str | Promise
    count: int


def scoped_models() -> list[type[AreaScoped]]:
    """Every model whose rows belong to an area, by name."""

    def below(model: type) -> Iterator[type]:
        for child in model.__subclasses__():
            if not child._meta.abstract and child.hangs:
                yield child
            yield from below(child)

    return sorted(set(below(AreaScoped)), key=lambda model: model._meta.label)


def hanging_on(codes: Iterable[str]) -> list[Hanging]:
    """What hangs on the areas: the areas below them, then rows of every kind. One count per kind; kinds without rows are left out."""
    wanted = list(codes)
    lower = Q(pk__in=[])
    for code in wanted:
        lower |= Q(code__startswith=code)
    found = [Hanging(Area._meta.verbose_name_plural, Area.objects.filter(lower).exclude(pk__in=wanted).count())]
    for model in scoped_models():
        rows = Q(pk__in=[])
        for code in wanted:
            rows |= Q(area_code__startswith=code)
        found.append(Hanging(model._meta.verbose_name_plural, model._base_manager.filter(rows).count()))
    return [entry for entry in found if entry.count]
