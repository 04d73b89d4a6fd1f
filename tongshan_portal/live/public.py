"""What others use of the live path."""

from .publish import publish

__all__ = ["publish"]
