"""One portal for every exercise: it takes as long to start as to be exercised."""

import pytest

from bench.chaos_rig.portal import Portal


@pytest.fixture(scope="session")
def under_fire(tmp_path_factory):
    """A portal of its own, as a person starts it."""
    folder = tmp_path_factory.mktemp("portal")
    for one in [folder, *folder.parents[:2]]:
        one.chmod(0o755)  # PostgreSQL runs as somebody else when the suite runs as root
    with Portal(folder) as portal:
        yield portal
