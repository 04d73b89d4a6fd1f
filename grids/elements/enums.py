"""Words of the elements."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Dictionary(models.TextChoices):
    """The lists of terms that an administrator edits."""

    NEED = "need", _("service needs")
    PLACE_KIND = "place_kind", _("kinds of places")
    FACILITY_KIND = "facility_kind", _("kinds of facilities")
    ORGANISATION_KIND = "organisation_kind", _("kinds of organisations")


class CorrectionState(models.TextChoices):
    """Where a correction stands."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    REJECTED = "rejected", _("rejected")


TONES = {CorrectionState.PROPOSED: "soon", CorrectionState.CONFIRMED: "done", CorrectionState.REJECTED: "plain"}
