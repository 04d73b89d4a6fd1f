"""Terms of the dictionaries, kept for some seconds in each process: a list of fifty rows asks for none of their words."""

import time
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record

from .enums import Dictionary
from .models import Term

KEEP = 10.0
_held: tuple[float, dict[str, list[Term]]] = (-KEEP, {})


def _all() -> dict[str, list[Term]]:
    global _held
    if time.monotonic() - _held[0] >= KEEP:
        found: dict[str, list[Term]] = {name: [] for name in Dictionary.values}
        for term in Term.objects.all():
            found[term.dictionary].append(term)
        _held = (time.monotonic(), found)
    return _held[1]


def choices(name: Dictionary) -> list[tuple[str, Term]]:
    """Code and word (in the reader's language) of the terms in use."""
    return [(term.code, term) for term in _all()[name] if term.in_use]


def words(name: Dictionary) -> Mapping[str, Term]:
    """Every term by its code, also those no longer in use: old rows keep their words."""
    return {term.code: term for term in _all()[name]}


def forget() -> None:
    """Read anew at the next page: for the process that changed a term, and for tests."""
    global _held
    _held = (-KEEP, {})


@transaction.atomic
def keep_term(*, actor: Actor, dictionary: str, code: str, label_zh: str, label_en: str, in_use: bool = True) -> Term:
    """Add a term, or give one other words. A code stays what it means: rows carry it. Raises NotAllowed, DomainError."""
    require(actor, "terms.change")
    if dictionary not in Dictionary.values:
        raise DomainError(_("There is no such dictionary."), field="dictionary")
    term, _created = Term.objects.update_or_create(
        dictionary=dictionary, code=code, defaults={"label_zh": label_zh, "label_en": label_en, "in_use": in_use, "is_default": False}
    )
    record(actor=actor, verb="term.changed", row=term, detail={"dictionary": dictionary, "code": code, "in_use": in_use})
    transaction.on_commit(forget)
    return term
