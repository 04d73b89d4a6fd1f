"""The ledger: who did and saw what. No foreign keys; labels are frozen in the row; the database chains the rows and lets none go.

The triggers that do it are in migration 0002; what they promise and what they do not is in docs/ledger.md.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from .parts import shown


def empty() -> bytes:
    """What is inserted where the chain's trigger puts its own value."""
    return b""


class LedgerEntry(models.Model):
    """One thing that somebody did or saw. Written once, never changed.

    `strand`, `seq`, `previous_hash` and `hash` are set by the database, whatever is inserted: read them after `refresh_from_db()`.
    """

    at = models.DateTimeField(_("time"))
    actor_id = models.BigIntegerField(_("person"), null=True)
    actor_label = models.CharField(_("who"), max_length=120)
    verb = models.CharField(_("what"), max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    object_label = models.CharField(_("of what"), max_length=200, blank=True)
    area_code = models.CharField(_("area"), max_length=18, blank=True, db_collation="C")
    reason = models.TextField(_("reason"), blank=True)
    detail = models.JSONField(_("detail"), default=dict, encoder=DjangoJSONEncoder)
    ip = models.GenericIPAddressField(_("address"), null=True)
    request_id = models.CharField(max_length=40, blank=True)

    strand = models.SmallIntegerField(_("strand"), default=0)
    seq = models.BigIntegerField(_("place in the strand"), default=0)
    previous_hash = models.BinaryField(default=empty)
    hash = models.BinaryField(default=empty)

    town_code = models.GeneratedField(
        expression=Substr("area_code", 1, 9), output_field=models.CharField(max_length=9, db_collation="C"), db_persist=True
    )
    village_code = models.GeneratedField(
        expression=Substr("area_code", 1, 12), output_field=models.CharField(max_length=12, db_collation="C"), db_persist=True
    )

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [models.UniqueConstraint(name="ledger_place", fields=["strand", "seq"])]
        # One index for each question an auditor asks, each in the order of the list: newest first.
        indexes = [
            models.Index(fields=["-at", "-id"], name="ledger_time"),
            models.Index(fields=["actor_label", "-at", "-id"], name="ledger_who"),
            models.Index(fields=["verb", "-at", "-id"], name="ledger_what"),
            models.Index(fields=["object_type", "object_id", "-at", "-id"], name="ledger_of_what"),
            models.Index(fields=["town_code", "-at", "-id"], name="ledger_town", condition=~Q(area_code="")),
            models.Index(fields=["village_code", "-at", "-id"], name="ledger_village", condition=~Q(area_code="")),
            models.Index(fields=["-at", "-id"], name="ledger_reasoned", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.verb} · {self.actor_label}"

    @property
    def who(self) -> str:
        """Who did it, as a reader sees it; "" where nobody was signed in."""
        return shown(self.actor_label)


class LedgerHead(models.Model):
    """The last row of each strand. Written by the chain's trigger alone."""

    strand = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.strand}:{self.seq}"


class LedgerAnchor(models.Model):
    """Where a strand goes on after its older part was archived: the last archived row of it, and the archive that has it."""

    strand = models.SmallIntegerField()
    seq = models.BigIntegerField()
    hash = models.BinaryField()
    archive = models.CharField(_("archive"), max_length=120)
    at = models.DateTimeField(_("time"))

    class Meta:
        constraints = [models.UniqueConstraint(name="ledger_anchor_place", fields=["strand", "seq"])]

    def __str__(self) -> str:
        return f"{self.strand}:{self.seq} · {self.archive}"


class LedgerCheckpoint(models.Model):
    """All heads at one moment, signed with the portal's secret key, which a database administrator does not have."""

    at = models.DateTimeField(_("time"))
    heads = models.JSONField()
    signature = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="ledger_checkpoint_time")]

    def __str__(self) -> str:
        return self.at.isoformat()
