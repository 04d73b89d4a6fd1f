"""What the bell says about imports and exports."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongshan_portal.live.public import Kind

from .exporters import exporter
from .importers import importer


def _of_import(sentence: str | Promise):
    def words(params: Mapping) -> str:
        return str(sentence) % {"what": importer(params["importer"]).label}

    return words


def _of_export(sentence: str | Promise):
    def words(params: Mapping) -> str:
        return str(sentence) % {"what": exporter(params["exporter"]).label}

    return words


KINDS = [
    Kind("import.checked", _of_import(_("Your file for “%(what)s” is checked: look at it and start the import."))),
    Kind("import.finished", _of_import(_("Your import “%(what)s” is finished."))),
    Kind("import.failed", _of_import(_("Your import “%(what)s” failed; it can be tried again."))),
    Kind("export.ready", _of_export(_("Your list “%(what)s” is ready to fetch."))),
    Kind("export.failed", _of_export(_("Your list “%(what)s” could not be written."))),
]
