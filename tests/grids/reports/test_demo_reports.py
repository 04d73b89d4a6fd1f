"""The demo's reports: in every state, synthetic, made by the real actions, none twice."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count
from shapely import box

from grids.areas.models import Area
from grids.areas.writing import write_shapes
from grids.reports import demo
from grids.reports.enums import ReportState
from grids.reports.models import Report, ReportStep
from tongshan_portal.accounts.demo import GRID, LIUXIN, MAOCUN, NEXT_GRID, OTHER_GRID, VILLAGE
from tongshan_portal.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(settings):
    """The demo's people, and a grid for each of their desks."""
    settings.DEMO_MODE = True
    for code in ("320312", LIUXIN, MAOCUN, VILLAGE, "320312119201"):
        Area.objects.create(code=code, name=code)
    grids = [GRID, NEXT_GRID, OTHER_GRID]
    for code in grids:
        Area.objects.create(code=code, name=code)
    shapes = [(code, box(117 + number / 10, 34, 117.1 + number / 10, 34.1)) for number, code in enumerate(grids)]
    write_shapes(shapes, source="test", at=clock.now())
    call_command("demo_people", password="correct-horse-battery-9", verbosity=0)


def test_every_state_is_there_and_nothing_lies_in_the_future(district):
    call_command("demo_reports", verbosity=0)
    rows = Report.objects.unscoped("a test")
    states = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    assert set(states) == set(ReportState.values)
    assert (rows.count(), rows.filter(is_synthetic=False).count()) == (150, 0)
    assert ReportStep.objects.filter(at__gt=clock.now()).count() == 0
    assert rows.filter(lon__isnull=True).count() == 0


def test_a_second_run_writes_nothing(district):
    call_command("demo_reports", number=30, verbosity=0)
    before = sorted(Report.objects.unscoped("a test").values_list("code", "state", "changed_at"))
    call_command("demo_reports", number=30, verbosity=0)
    assert sorted(Report.objects.unscoped("a test").values_list("code", "state", "changed_at")) == before


def test_outside_demo_mode_it_refuses(settings):
    settings.DEMO_MODE = False
    with pytest.raises(CommandError):
        call_command("demo_reports")
    assert Report.objects.unscoped("a test").count() == 0


def test_every_plot_can_be_played_and_has_a_story():
    assert set(demo.plots(150)) == {*demo.LIVING, *demo.FINISHED, *demo.OVER}
    assert all(hasattr(demo._Course, f"plot_{plot}") for plot in demo.plots(150))
