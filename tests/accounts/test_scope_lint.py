"""The scope lint: clean on the product, and able to fail."""

from pathlib import Path

import pytest
from django.conf import settings

from tongshan_portal.accounts.management.commands.lint_scope import FOLDERS, guarded_models
from tongshan_portal.accounts.scope_lint import faults, faults_in, is_request_code

VIEWS = Path("disputes/views.py")


def test_request_code_of_the_product_reads_through_the_door():
    assert "Posting" in guarded_models()
    assert [str(fault) for fault in faults(settings.BASE_DIR, FOLDERS, guarded_models())] == []


@pytest.mark.parametrize(
    "line",
    [
        "rows = Posting.objects.filter(role='x')",
        "rows = Posting.objects.all().order_by('pk')",
        "rows = models.Posting.objects.in_force(day)",
        "rows = Posting._base_manager.all()",
        "def f():\n    return [row for row in Posting.objects.all()]",
    ],
)
def test_read_past_the_door_is_found(line):
    assert len(list(faults_in(line, VIEWS, {"Posting"}))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "rows = Posting.objects.visible_to(scope).filter(role='x')",
        "rows = Posting.objects.filter(role='x').visible_to(scope)",
        "rows = Posting.objects.unscoped('a reason').all()",
        "rows = Department.objects.all()",
    ],
)
def test_read_through_the_door_is_let_be(line):
    assert list(faults_in(line, VIEWS, {"Posting"})) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [("disputes/views.py", True), ("disputes/views/lists.py", True), ("disputes/queries.py", True), ("disputes/actions.py", False)],
)
def test_rooms_that_answer_requests_are_known_by_name(path, expected):
    assert is_request_code(Path(path)) is expected
