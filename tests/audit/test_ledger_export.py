"""The ledger as a file: the same rows, the same rights."""

import pytest
from django.http import QueryDict

from tests.conftest import GRID
from tongshan_portal.audit.exports import LedgerExporter
from tongshan_portal.ledger.public import record
from tongshan_portal.ledger.record import PortalPart

pytestmark = pytest.mark.django_db


def test_export_has_the_rows_of_the_list(cast, actor):
    for area in (GRID, ""):
        record(actor=PortalPart("the suite"), verb="suite.moved", area_code=area)
    exporter = LedgerExporter()
    rows = list(exporter.rows(actor(cast["auditor"]), QueryDict(f"area={GRID}")))
    assert [row.area_code for row in rows] == [GRID]
    cells = {column.name: column.value(rows[0]) for column in exporter.columns}
    assert (cells["who"], cells["what"], cells["place"]) == ("the suite", "suite moved", f"{rows[0].strand}:1")
    assert len(cells["hash"]) == 64
    assert list(exporter.rows(actor(cast["worker"]), QueryDict(""))) == []


def test_ledger_keeps_no_name_out_of_the_filter():
    assert LedgerExporter().for_ledger(QueryDict("who=王五&verb=suite.moved")) == {"who": ["…"], "verb": ["suite.moved"]}
