"""What a reader chose for the look of the pages: kept in cookies of its own, so that no query and no account is needed."""

from dataclasses import dataclass

CHOICES = {"theme": ("auto", "light", "dark"), "size": ("normal", "large")}
"""Each preference with its values; the first is the default."""

YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """The look of the pages for one reader."""

    theme: str
    size: str


def of(request) -> Preferences:
    """The preferences of a request; what a cookie says wrongly counts as the default."""
    chosen = {name: request.COOKIES.get(name, "") for name in CHOICES}
    return Preferences(**{name: value if value in CHOICES[name] else CHOICES[name][0] for name, value in chosen.items()})


def keep(response, name: str, value: str, *, secure: bool) -> None:
    """Set one preference. Raises KeyError or ValueError for what is no preference."""
    if value not in CHOICES[name]:
        raise ValueError(value)
    response.set_cookie(name, value, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
