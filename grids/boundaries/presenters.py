"""How the ledger and the bell say what became of a file of boundaries."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.areas.codes import Level
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ledger.public import Verb, says
from tongshan_portal.live.public import Kind


def _level(entry: LedgerEntry) -> str:
    level = entry.detail.get("level")
    return str(Level(level).label) if level in Level.values else "–"


def _started(entry: LedgerEntry) -> str:
    words = {"who": entry.who, "areas": entry.detail.get("areas", "–"), "level": _level(entry), "accepted": entry.detail.get("accepted", 0)}
    return _("%(who)s had %(areas)s areas of the level “%(level)s” written, accepting %(accepted)s findings.") % words


def _imported(entry: LedgerEntry) -> str:
    words = {"who": entry.who, "level": _level(entry), **{name: entry.detail.get(name, "–") for name in ("new", "changed", "unchanged")}}
    return _("%(who)s imported the level “%(level)s”: %(new)s new, %(changed)s changed, %(unchanged)s unchanged.") % words


VERBS = [
    Verb(
        "boundary_file.uploaded",
        gettext_lazy("file of boundaries uploaded"),
        says(gettext_lazy("%(who)s uploaded a file of boundaries with %(features)s features (%(object)s).")),
    ),
    Verb("boundary_import.started", gettext_lazy("import of boundaries started"), _started),
    Verb(
        "boundary_import.stopped",
        gettext_lazy("import of boundaries stopped"),
        says(gettext_lazy("%(who)s stopped the import %(object)s; nothing was written.")),
    ),
    Verb(
        "boundary_import.failed",
        gettext_lazy("import of boundaries failed"),
        says(gettext_lazy("The import %(object)s by %(who)s failed (%(reason)s); nothing was written.")),
    ),
    Verb("areas.imported", gettext_lazy("boundaries imported"), _imported),
]


def _words(sentence: str | Promise):
    def words(params: Mapping) -> str:
        return str(sentence)

    return words


KINDS = [
    Kind("boundaries.checked", _words(gettext_lazy("Your file of boundaries is checked: look at it on the map."))),
    Kind("boundaries.finished", _words(gettext_lazy("Your boundaries are in the net."))),
    Kind("boundaries.failed", _words(gettext_lazy("Your file of boundaries cannot be taken as it is."))),
]
