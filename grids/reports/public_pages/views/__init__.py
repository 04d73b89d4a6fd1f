"""The resident's pages: filing, following, answering, and the own contact."""

from . import answering, contact, filing, following

__all__ = ["answering", "contact", "filing", "following"]
