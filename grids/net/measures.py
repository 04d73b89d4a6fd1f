"""The measures that the net itself offers to the map."""

from django.utils.translation import gettext_lazy as _

from .registry import Measure
from .vacancies import vacancies

MEASURES = [
    Measure(
        "vacancies",
        _("Grids without a grid worker"),
        _("Grids in force in which nobody holds a posting as grid worker today."),
        vacancies,
    ),
]
