"""The dictionary of advice: one page per type of fraud, in versions of which none is ever changed."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..languages import tongue_of_reader

PARTS = ("title", "summary", "how", "signs", "now")
"""What an advice says: its name, one sentence, how it goes, by what one knows it, what to do now. The last three item by item."""

CODE = RegexValidator(r"^[a-z][a-z0-9_]*$", _("Small Latin letters, digits and underscores."))


class Advice(models.Model):
    """A type of fraud that residents are told about. The code is part of its address and of its posters, so it never changes.

    The types that come with the portal are those of the fraud alerts, under the same codes.
    """

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE])
    order = models.PositiveIntegerField(_("order"), default=100)
    in_use = models.BooleanField(_("in use"), default=True)
    text = models.OneToOneField("AdviceText", models.PROTECT, related_name="+", null=True, verbose_name=_("text in force"))

    class Meta:
        verbose_name = _("advice on a type of fraud")
        verbose_name_plural = _("advice on types of fraud")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.text.title if self.text is not None else self.code


class AdviceText(models.Model):
    """One version of an advice. Never changed (by trigger): what was on a poster can be found again."""

    advice = models.ForeignKey(Advice, models.PROTECT, related_name="texts", verbose_name=_("advice"))
    version = models.PositiveIntegerField(_("version"))
    title_zh = models.CharField(_("name, Chinese"), max_length=40)
    title_en = models.CharField(_("name, English"), max_length=80)
    summary_zh = models.CharField(_("in one sentence, Chinese"), max_length=120)
    summary_en = models.CharField(_("in one sentence, English"), max_length=240)
    how_zh = models.TextField(_("how it goes, Chinese"), max_length=800)
    how_en = models.TextField(_("how it goes, English"), max_length=1600)
    signs_zh = models.TextField(_("by what you know it, Chinese"), max_length=800)
    signs_en = models.TextField(_("by what you know it, English"), max_length=1600)
    now_zh = models.TextField(_("what to do now, Chinese"), max_length=800)
    now_en = models.TextField(_("what to do now, English"), max_length=1600)
    is_default = models.BooleanField(_("default of the portal"), default=False, editable=False)
    written_at = models.DateTimeField(_("written"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("written by"))
    written_label = models.CharField(_("written by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("version of an advice")
        verbose_name_plural = _("versions of advice")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["advice", "version"], name="advice_version_once")]

    def __str__(self) -> str:
        return self.title

    def say(self, part: str, tongue: str) -> str:
        """A part in a language, `zh` or `en`."""
        return str(getattr(self, f"{part}_{tongue}"))

    def items(self, part: str, tongue: str) -> list[str]:
        """A part item by item."""
        return [line.strip() for line in self.say(part, tongue).splitlines() if line.strip()]

    @property
    def title(self) -> str:
        return self.say("title", tongue_of_reader())


class IssuingUnit(models.Model):
    """One row: who issues posters and notices, as residents read it. A default, labelled so, until the desk has written its own."""

    name_zh = models.CharField(_("issuing unit, Chinese"), max_length=60)
    name_en = models.CharField(_("issuing unit, English"), max_length=120)
    is_default = models.BooleanField(_("default of the portal"), default=True, editable=False)

    class Meta:
        verbose_name = _("issuing unit")
        verbose_name_plural = _("issuing unit")
        constraints = [models.CheckConstraint(name="issuing_unit_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return self.say(tongue_of_reader())

    def say(self, tongue: str) -> str:
        """Its name in a language."""
        return str(getattr(self, f"name_{tongue}"))
