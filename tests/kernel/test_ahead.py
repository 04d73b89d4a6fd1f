"""What is made aside: in order, in the language of whoever asked, and with its errors."""

import gc
import threading
import time

import pytest
from django.db import connection
from django.utils import translation

from tongshan_portal.kernel.ahead import Aside, one_ahead, side_by_side


def test_items_come_in_order_made_aside_in_the_callers_language_one_ahead():
    made, seen = [], []

    def items():
        for number in range(4):
            made.append((number, translation.get_language(), threading.current_thread() is threading.main_thread()))
            yield number

    with translation.override("en"):
        seen.extend(one_ahead(items()))
    assert (seen, made) == ([0, 1, 2, 3], [(number, "en", False) for number in range(4)])


def test_an_error_comes_where_its_item_would_have_come():
    def items():
        yield 1
        raise LookupError("broken")

    stream = one_ahead(items())
    assert next(stream) == 1
    with pytest.raises(LookupError, match="broken"):
        next(stream)


def test_who_stops_early_leaves_no_thread_behind():
    stream = one_ahead(range(10))
    assert next(stream) == 0
    stream.close()
    with Aside() as aside:
        assert aside.begin(sum, [1, 2]).result() == 3
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("aside")] == []


@pytest.mark.django_db(transaction=True)
def test_side_by_side_each_has_a_connection_of_its_own_and_none_is_left_behind():
    together, seen = threading.Barrier(3, timeout=20), []

    def work():
        together.wait()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            seen.append(cursor.fetchone()[0])
        together.wait()
        return translation.get_language(), gc.isenabled()

    with translation.override("en"):
        assert side_by_side(3, work) == [("en", False)] * 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [(own,)] = cursor.fetchall()
        assert (len(set(seen)), own in seen, gc.isenabled()) == (3, True, True)
        others, deadline = [pid for pid in seen if pid != own], time.monotonic() + 20
        while cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = ANY(%s)", [others]) or cursor.rowcount:
            assert time.monotonic() < deadline  # a server takes a moment to see that its client has left
            time.sleep(0.02)


@pytest.mark.parametrize("failing", ["MainThread", "aside_0"])
def test_side_by_side_an_error_of_either_is_raised_when_both_have_ended(failing):
    ended = []

    def work():
        if threading.current_thread().name == failing:
            raise LookupError(failing)
        ended.append(threading.current_thread().name)

    with pytest.raises(LookupError, match=failing):
        side_by_side(2, work)
    assert (len(ended), gc.isenabled()) == (1, True)
