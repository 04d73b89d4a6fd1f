"""Limits of files and runs. Each may be set in the settings as `EXCHANGE_<NAME>`; docs/exchange.md lists them."""

from django.conf import settings

DEFAULTS = {
    "MAX_FILE_BYTES": 100 * 1024 * 1024,
    "MAX_ROWS": 500_000,
    "MAX_COLUMNS": 200,
    "MAX_CELL_CHARS": 5_000_000,
    "MAX_UNPACKED_BYTES": 1024 * 1024 * 1024,
    "MAX_PACKING_RATIO": 200,
    "MAX_ARCHIVE_ENTRIES": 2_000,
    "LANES": 2,
    "STAGE_ROWS": 20_000,
    "HEARTBEAT_GRACE_SECONDS": 120,
    "ENQUEUE_GRACE_SECONDS": 20,
    "SLICE_SECONDS": 20,
    "MAX_ATTEMPTS": 5,
    "KEEP_IMPORT_DAYS": 7,
    "KEEP_EXPORT_HOURS": 24,
    "DIRECT_EXPORT_ROWS": 2_000,
    "INTAKE_MAX_ROWS": 1_000,
    "INTAKE_MAX_BYTES": 4 * 1024 * 1024,
    "INTAKE_WINDOW_SECONDS": 300,
}


def limit(name: str) -> int:
    """The value of a limit: the setting, or its default."""
    return getattr(settings, f"EXCHANGE_{name}", DEFAULTS[name])
