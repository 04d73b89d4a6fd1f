"""The part of docs/operations.md that is written from the code."""

from tongshan_portal.settings import environment

BEGIN, END = "<!-- environment: begin -->", "<!-- environment: end -->"


def with_environment(page: str) -> str:
    """The page with the table of the variables as the code declares them. Raises ValueError when its marks are missing."""
    head, rest = page.split(BEGIN)
    _old, tail = rest.split(END)
    return f"{head}{BEGIN}\n{environment.table()}\n{END}{tail}"


def environment_in(page: str) -> int:
    """How many variables the page's table names."""
    return page.split(BEGIN)[1].split(END)[0].count("\n| `")
