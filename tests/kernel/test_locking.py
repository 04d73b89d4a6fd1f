"""Locks: one order, no endless waiting, and a sentence for whoever comes second."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from grids.areas.models import Area
from tongshan_portal.kernel.errors import Conflict
from tongshan_portal.kernel.locking import lock, lock_many, single_runner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three():
    return [Area.objects.create(code=code, name=code) for code in ("320312", "320312106", "320312119")]


class Holder:
    """Another session that holds something until told to let go."""

    def __init__(self, hold):
        self.held, self.go = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run, args=[hold])

    def _run(self, hold):
        try:
            with hold():
                self.held.set()
                self.go.wait(10)
        finally:
            connections.close_all()

    def __enter__(self):
        self.thread.start()
        assert self.held.wait(5)
        return self

    def __exit__(self, *args):
        self.go.set()
        self.thread.join()


def holding(pk):
    from contextlib import contextmanager

    @contextmanager
    def hold():
        with transaction.atomic():
            lock(Area.objects.all(), pk)
            yield

    return Holder(hold)


def test_lock_answers_the_row_as_it_is_now(three):
    with transaction.atomic():
        assert lock(Area.objects.all(), "320312106").name == "320312106"


def test_locked_row_is_a_conflict_at_once_and_the_transaction_goes_on(three):
    with holding("320312106"), transaction.atomic():
        with pytest.raises(Conflict):
            lock(Area.objects.all(), "320312106", wait=0)
        assert lock(Area.objects.all(), "320312119", wait=0).pk == "320312119"


def test_locked_row_is_a_conflict_after_the_wait(three):
    with holding("320312106"), transaction.atomic():
        began = time.monotonic()
        with pytest.raises(Conflict):
            lock(Area.objects.all(), "320312106", wait=0.2)
        assert 0.19 <= time.monotonic() - began < 3
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            assert cursor.fetchone() == ("0",)


def test_wait_is_over_when_the_other_lets_go(three):
    holder = holding("320312106")
    with holder, transaction.atomic():
        threading.Timer(0.1, holder.go.set).start()
        assert lock(Area.objects.all(), "320312106", wait=5).pk == "320312106"


def test_row_outside_the_queryset_does_not_exist(three):
    with transaction.atomic(), pytest.raises(Area.DoesNotExist):
        lock(Area.objects.filter(code__startswith="320312119"), "320312106")


def test_many_rows_are_locked_in_the_order_of_their_keys(three):
    with transaction.atomic():
        assert [row.pk for row in lock_many(Area.objects.all(), ["320312119", "320312", "320312119"])] == ["320312", "320312119"]
        with pytest.raises(Area.DoesNotExist):
            lock_many(Area.objects.all(), ["320312", "999999"])


def test_two_callers_with_opposite_orders_never_deadlock(three):
    failures = []

    def both(order):
        try:
            for _round in range(20):
                with transaction.atomic():
                    lock_many(Area.objects.all(), order)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=both, args=[order]) for order in (["320312106", "320312119"], ["320312119", "320312106"])]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failures == []


def test_command_runs_once_at_a_time():
    with Holder(lambda: single_runner("rotate")):
        with single_runner("another"):
            pass
        with pytest.raises(Conflict), single_runner("rotate"):
            pytest.fail("ran twice")
    with single_runner("rotate"):
        pass
