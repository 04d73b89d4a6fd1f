import pytest
from django.db import connection

from tests.kernel.sealed_model import Letter


@pytest.fixture
def letters(db):
    """The table of `Letter`, gone with the test's transaction."""
    with connection.schema_editor() as editor:
        editor.create_model(Letter)
    return Letter.objects
