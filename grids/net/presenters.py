"""How the net's verbs read in the ledger."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.areas.names import name_of
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ledger.public import Verb, says


def _named(codes: object) -> str:
    listed: Sequence[str] = codes if isinstance(codes, list) else [str(codes)]
    return _(", ").join(_("%(name)s (%(code)s)") % {"name": name_of(code), "code": code} for code in listed)


def _merged(entry: LedgerEntry) -> str:
    words = {"who": entry.who, "old": _named(entry.detail.get("from", [])), "new": _named(entry.detail.get("into", ""))}
    return _("%(who)s merged %(old)s into %(new)s.") % words


def _split(entry: LedgerEntry) -> str:
    words = {"who": entry.who, "old": _named(entry.detail.get("from", "")), "new": _named(entry.detail.get("into", []))}
    return _("%(who)s split %(old)s into %(new)s.") % words


def _moved(entry: LedgerEntry) -> str:
    words = {"who": entry.who, "old": _named(entry.detail.get("from", "")), "new": _named(entry.detail.get("to", ""))}
    return _("%(who)s moved %(old)s: it is now %(new)s.") % words


VERBS = [
    Verb("area.added", gettext_lazy("area added"), says(gettext_lazy("%(who)s added the area “%(object)s” (%(area)s)."))),
    Verb("area.renamed", gettext_lazy("area renamed"), says(gettext_lazy("%(who)s renamed the area %(area)s: it is now “%(object)s”."))),
    Verb(
        "area.retired",
        gettext_lazy("area retired"),
        says(gettext_lazy("%(who)s retired the area “%(object)s” (%(area)s), last day %(on)s.")),
    ),
    Verb("area.merged", gettext_lazy("areas merged"), _merged),
    Verb("area.split", gettext_lazy("area split"), _split),
    Verb("area.moved", gettext_lazy("area moved"), _moved),
    Verb("area.redrawn", gettext_lazy("area redrawn"), says(gettext_lazy("%(who)s drew the ground of “%(object)s” (%(area)s) anew."))),
]
