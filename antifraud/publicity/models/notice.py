"""A notice against fraud for some areas, and those areas."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaScoped

from ..enums import PUBLIC, WRITING, NoticeState, Urgency
from ..languages import tongue_of_reader
from ..querysets import NoticeAreaQuerySet, NoticeQuerySet
from .advice import Advice


class FraudNotice(AreaScoped):
    """A notice (宣传提示). Its `area_code` is the smallest area that holds all of its areas: there it is written and approved.

    Chinese is compulsory; where the English is empty, English readers get the type's own sentence. A published notice is never changed:
    an update is a notice of its own that `replaces` it.
    """

    hangs = False

    number = models.CharField(_("number"), max_length=20, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=NoticeState, default=NoticeState.DRAFT)
    advice = models.ForeignKey(Advice, models.PROTECT, related_name="+", verbose_name=_("type of fraud"))
    urgency = models.CharField(_("how urgent"), max_length=10, choices=Urgency, default=Urgency.ORDINARY)
    title_zh = models.CharField(_("title, Chinese"), max_length=60)
    title_en = models.CharField(_("title, English"), max_length=120, blank=True)
    text_zh = models.TextField(_("text, Chinese"), max_length=1000)
    text_en = models.TextField(_("text, English"), max_length=2000, blank=True)
    sms_text = models.CharField(_("short message"), max_length=200, blank=True)
    to_residents = models.BooleanField(_("residents"), default=True)
    to_followers = models.BooleanField(_("registered followers"), default=False)
    to_staff = models.BooleanField(_("staff desks"), default=True)
    valid_until = models.DateTimeField(_("valid until"))
    replaces = models.ForeignKey("self", models.PROTECT, related_name="updates", null=True, verbose_name=_("replaces"))
    is_synthetic = models.BooleanField(_("synthetic"), default=False, editable=False)

    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("submitted by"))
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    sent_back_reason = models.CharField(_("why it was sent back"), max_length=500, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("published by"))
    published_at = models.DateTimeField(_("published"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    end_reason = models.CharField(_("why it was cancelled"), max_length=500, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice against fraud")
        verbose_name_plural = _("notices against fraud")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["valid_until"], name="fraud_notice_in_force", condition=Q(state=NoticeState.PUBLISHED)),
            models.Index(fields=["-published_at", "-id"], name="fraud_notice_published", condition=Q(published_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(name="fraud_notice_state_known", condition=Q(state__in=NoticeState.values)),
            models.CheckConstraint(
                name="fraud_notice_has_audience", condition=Q(to_residents=True) | Q(to_followers=True) | Q(to_staff=True)
            ),
            models.CheckConstraint(
                name="fraud_notice_published_by_another",
                condition=Q(published_by__isnull=True)
                | (~Q(published_by=models.F("written_by")) & ~Q(published_by=models.F("submitted_by"))),
            ),
            models.CheckConstraint(
                name="fraud_notice_public_is_whole",
                condition=Q(
                    state__in=PUBLIC, published_by__isnull=False, published_at__isnull=False, submitted_by__isnull=False
                ) | Q(state__in=[*WRITING, NoticeState.DISCARDED], published_by__isnull=True, published_at__isnull=True),
            ),
            models.CheckConstraint(
                name="fraud_notice_ended",
                condition=Q(state__in=["updated", "cancelled", "expired", "discarded"], ended_at__isnull=False)
                | Q(state__in=["draft", "submitted", "published"], ended_at__isnull=True),
            ),
            models.CheckConstraint(name="fraud_notice_cancelled_why", condition=~Q(state="cancelled") | ~Q(end_reason="")),
            models.UniqueConstraint(
                fields=["replaces"], name="fraud_notice_updated_once", condition=Q(replaces__isnull=False) & ~Q(state="discarded")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        """The label that the ledger freezes."""
        return self.number

    @property
    def title(self) -> str:
        """Its title in the reader's language."""
        return self.headline(tongue_of_reader())

    @property
    def words(self) -> str:
        """Its text in the reader's language."""
        return self.body(tongue_of_reader())

    def headline(self, tongue: str) -> str:
        """Its title in a language; in English, where none was written, what the type is called."""
        if tongue == "zh":
            return self.title_zh
        return self.title_en or f"Beware of fraud: {self._text('title')}"

    def body(self, tongue: str) -> str:
        """Its text in a language; in English, where none was written, the type's own sentence."""
        if tongue == "zh":
            return self.text_zh
        return self.text_en or self._text("summary")

    def _text(self, part: str) -> str:
        return self.advice.text.say(part, "en") if self.advice.text is not None else self.advice.code


class NoticeArea(AreaScoped):
    """An area that a notice is for: a district, town, village or grid, with everything below it."""

    notice = models.ForeignKey(FraudNotice, models.CASCADE, related_name="areas", verbose_name=_("notice"))

    objects = NoticeAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area of a notice against fraud")
        verbose_name_plural = _("areas of notices against fraud")
        ordering = ["area_code"]
        indexes = [models.Index(fields=["area_code"], name="fraud_notice_area")]
        constraints = [models.UniqueConstraint(fields=["notice", "area_code"], name="fraud_notice_area_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.area_code}"  # type: ignore[attr-defined]
