"""Other processes of the portal that a test starts over its own database."""

from urllib.parse import quote

from django.db import connection


def database_url() -> str:
    """The address of this test's database, password and port included where there are any."""
    given = connection.settings_dict
    password = f":{quote(given['PASSWORD'], safe='')}" if given["PASSWORD"] else ""
    port = f":{given['PORT']}" if given["PORT"] else ""
    return f"postgres://{given['USER']}{password}@{quote(given['HOST'], safe='')}{port}/{given['NAME']}"
