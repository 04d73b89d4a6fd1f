"""Two batches of one system at the same moment, by two connections: every report once, and nobody waits in a ring."""

from collections import Counter
from threading import Barrier

import pytest

from grids.reports.actions import bulk_filing
from grids.reports.models import Report, ReportStep
from tests.grids.reports.test_bulk_filing import NOW, C, S, U, incoming
from tongshan_portal.kernel.ahead import side_by_side

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once(act):
    """Files batches of numbers, each by a connection of its own, all begun together; answers what became of the rows."""
    actor = act("director")

    def file(*batches: list[int], **facts) -> list[Counter]:
        ready, waiting = Barrier(len(batches), timeout=20), list(batches)

        def work() -> Counter:
            numbers = waiting.pop()
            ready.wait()
            filed = bulk_filing.file_reports(actor=actor, rows=[incoming(number, **facts) for number in numbers], now=NOW)
            return Counter(one.outcome for one in filed)

        return side_by_side(len(batches), work)

    return file


def test_each_report_is_filed_by_one_of_them_whatever_their_orders(at_once):
    found = at_once(list(range(300)), list(range(399, 99, -1)))
    assert sum(found, Counter()) == Counter({C: 400, U: 200})
    assert Report.objects.count() == ReportStep.objects.filter(verb="file_report").count() == 400


def test_a_correction_that_both_bring_is_made_once(at_once):
    at_once(list(range(50)))
    found = at_once(list(range(50)), list(range(49, -1, -1)), title="路口井盖破损")
    assert sum(found, Counter()) == Counter({S: 50, U: 50})
    assert set(Report.objects.values_list("title", flat=True)) == {"路口井盖破损"}
