"""What apps use of the exchange: declare an importer or an exporter, register it, merge rows."""

from . import parsers
from .exporters import ExportColumn, Exporter
from .exporters import register as register_exporter
from .importers import Column, Importer, Outcome, Row
from .importers import register as register_importer
from .merge import merge_rows

__all__ = [
    "Column", "ExportColumn", "Exporter", "Importer", "Outcome", "Row", "merge_rows", "parsers", "register_exporter",
    "register_importer",
]  # fmt: skip
