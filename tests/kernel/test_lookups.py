"""`among`: the same answer as `in`, with one parameter."""

import pytest

from grids.areas.models import Area
from tests.conftest import GRID, TOWN, VILLAGE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("codes", [[], [TOWN], [TOWN, GRID, "999999"], {VILLAGE, GRID}])
def test_among_answers_as_in(areas, codes):
    found = Area.objects.filter(code__among=codes)
    assert list(found) == list(Area.objects.filter(code__in=codes))
    assert found.query.sql_with_params()[1] == (list(codes),)


def test_among_takes_numbers(areas):
    assert Area.objects.filter(level__among=[9, 12]).count() == Area.objects.filter(level__in=[9, 12]).count() == 3
