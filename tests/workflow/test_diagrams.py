"""docs/states: written from the tables, and up to date."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from tongshan_portal.exchange.workflow import EXPORT_STEPS, IMPORT_STEPS
from tongshan_portal.workflow.diagrams import all_tables, page

from .test_tables import make


def test_pages_are_up_to_date():
    call_command("state_diagrams", "--check")


def test_every_app_s_tables_are_found():
    names = [table.name for table in all_tables()]
    assert {EXPORT_STEPS.name, IMPORT_STEPS.name} <= set(names)
    assert names == sorted(set(names))


def test_stale_missing_and_left_over_pages_are_found_and_mended(tmp_path):
    folder = tmp_path / "docs" / "states"
    folder.mkdir(parents=True)
    (folder / "gone.md").write_text("old")
    with override_settings(BASE_DIR=tmp_path):
        with pytest.raises(CommandError, match="exchange_export.md.*exchange_import.md.*gone.md"):
            call_command("state_diagrams", "--check")
        call_command("state_diagrams", stdout=StringIO())
        call_command("state_diagrams", "--check")
    assert not (folder / "gone.md").exists()


def test_a_page_draws_every_state_and_lists_every_verb_in_both_languages():
    lines = page(make()).splitlines()
    assert lines.count('    state "being handled" as handling') == 2
    assert lines.count("    handled --> closed: Verify") == 2
    assert (
        "| Verify `verify` | handled | closed | `reports.verify`; not whoever handled it; not the helpers | an after-photo | – |" in lines
    )
    assert "| Hasten `hasten` | being handled, waiting for the resident | (stays) | `reports.hasten` | – | – |" in lines
