"""How the ledger says what the exchange records."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.ledger.public import Verb, says

_COUNTS = _("%(created_rows)s new, %(changed_rows)s changed, %(unchanged_rows)s unchanged, %(bad_rows)s handed back")


def _counted(sentence):
    """A sentence about an import, with its counts."""
    return lambda entry: f"{says(sentence)(entry)} {says(_COUNTS)(entry)}"


VERBS = [
    Verb("import_file.uploaded", _("file uploaded"), says(_("%(who)s uploaded the file %(object)s for the import %(importer)s."))),
    Verb("import.started", _("import started"), says(_("%(who)s started the import of %(object)s: %(rows)s rows."))),
    Verb("import.paused", _("import paused"), _counted(_("%(who)s paused the import of %(object)s:"))),
    Verb("import.resumed", _("import continued"), _counted(_("%(who)s continued the import of %(object)s:"))),
    Verb("import.stopped", _("import stopped"), _counted(_("%(who)s stopped the import of %(object)s:"))),
    Verb("import.finished", _("import finished"), _counted(_("The import of %(object)s by %(who)s finished:"))),
    Verb("import.failed", _("import failed"), _counted(_("The import of %(object)s by %(who)s failed (%(reason)s):"))),
    Verb("bad_rows.fetched", _("rows to correct fetched"), says(_("%(who)s fetched %(rows)s rows to correct of %(object)s."))),
    Verb("import_results.fetched", _("result file fetched"), says(_("%(who)s fetched the result file of %(object)s: %(rows)s rows."))),
    Verb("list.exported", _("list exported"), says(_("%(who)s took the list %(exporter)s away: %(rows)s rows, filter %(filter)s."))),
    Verb("export.ordered", _("export ordered"), says(_("%(who)s ordered the list %(exporter)s as a file."))),
    Verb("export.stopped", _("export stopped"), says(_("%(who)s stopped the export of the list %(exporter)s."))),
    Verb("export.fetched", _("export fetched"), says(_("%(who)s fetched the file of the list %(exporter)s: %(rows)s rows."))),
    Verb("export.denied", _("export denied"), says(_("%(who)s was denied the export of the list %(exporter)s (%(action)s)."))),
]
