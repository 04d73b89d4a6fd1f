"""What others use of the ledger."""

from .record import record

__all__ = ["record"]
