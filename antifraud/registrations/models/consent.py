"""What people agree to, and the dictionary of relations."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


class ConsentText(models.Model):
    """One version of what is told before somebody consents (个人信息保护法 17): who, what for, which data, how long, rights, whom to ask.

    The latest version is the one in use. A published version never changes (by trigger): a registration names the one it saw.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    handler_zh = models.CharField(_("who handles the data (Chinese)"), max_length=200)
    handler_en = models.CharField(_("who handles the data (English)"), max_length=200)
    purpose_zh = models.TextField(_("purpose (Chinese)"), max_length=2000)
    purpose_en = models.TextField(_("purpose (English)"), max_length=2000)
    data_zh = models.TextField(_("which data, and how they are used (Chinese)"), max_length=2000)
    data_en = models.TextField(_("which data, and how they are used (English)"), max_length=2000)
    retention_zh = models.TextField(_("how long (Chinese)"), max_length=1000)
    retention_en = models.TextField(_("how long (English)"), max_length=1000)
    rights_zh = models.TextField(_("your rights (Chinese)"), max_length=2000)
    rights_en = models.TextField(_("your rights (English)"), max_length=2000)
    contact_zh = models.CharField(_("whom to ask (Chinese)"), max_length=300)
    contact_en = models.CharField(_("whom to ask (English)"), max_length=300)
    published_at = models.DateTimeField(_("published"))
    is_default = models.BooleanField(_("default of the portal"), default=False, editable=False)

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["-version"]

    def __str__(self) -> str:
        return str(_("consent text, version %(version)d") % {"version": self.version or 0})

    def parts(self) -> list[tuple[str, str]]:
        """(heading, text) in the reader's language, in the order in which they are told."""
        tongue = "zh" if _chinese() else "en"
        headings = {
            "handler": _("Who handles your data"),
            "purpose": _("What for"),
            "data": _("Which data, and how they are used"),
            "retention": _("How long"),
            "rights": _("Your rights"),
            "contact": _("Whom to ask"),
        }
        return [(str(heading), getattr(self, f"{name}_{tongue}")) for name, heading in headings.items()]


class Relation(models.Model):
    """How a family member is related. Defaults came with the portal and are labelled so."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label_zh = models.CharField(_("Chinese label"), max_length=60)
    label_en = models.CharField(_("English label"), max_length=60)
    in_use = models.BooleanField(_("in use"), default=True)
    is_default = models.BooleanField(_("default of the portal"), default=False, editable=False)

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label_zh if _chinese() else self.label_en
