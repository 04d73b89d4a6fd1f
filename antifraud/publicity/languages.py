"""The two languages of what is published."""

from django.utils.translation import get_language

TONGUES = ("zh", "en")


def tongue_of_reader() -> str:
    """`zh` or `en`: in which language the reader reads."""
    return "zh" if (get_language() or "").startswith("zh") else "en"
