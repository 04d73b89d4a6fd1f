"""Scope: postings in force, and the rows they open."""

import pytest

from tests.conftest import GRID, TOWN
from tongshan_portal.accounts.enums import Role


@pytest.mark.django_db
def test_scope_holds_the_postings_in_force(cast, actor):
    scope = actor(cast["worker"]).scope
    assert [(reach.role, reach.area_code) for reach in scope.reaches] == [(Role.GRID_WORKER, GRID)]
    assert [reach.area_code for reach in actor(cast["town_officer"]).scope.reaches] == [TOWN]
