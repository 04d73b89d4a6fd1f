"""What is made aside: in order, in the language of whoever asked, and with its errors."""

import threading

import pytest
from django.utils import translation

from tongshan_portal.kernel.ahead import Aside, one_ahead


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
