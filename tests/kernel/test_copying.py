"""COPY: what its lines raise is what the caller sees, and the transaction around goes on."""

import pytest
from django.db import connection, transaction

from tongshan_portal.kernel.copying import copy_lines
from tongshan_portal.kernel.errors import DomainError


def test_an_error_of_a_line_ends_the_copy_as_itself_and_leaves_nothing(db):
    def lines():
        yield "1\n"
        raise DomainError("no second line")

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE copied (number int) ON COMMIT DROP")
        with pytest.raises(DomainError, match="no second line"), transaction.atomic():
            copy_lines(cursor, "copied (number)", lines())
        copy_lines(cursor, "copied (number)", ["2\n", "3\n"])
        cursor.execute("SELECT array_agg(number) FROM copied")
        assert cursor.fetchone() == ([2, 3],)
