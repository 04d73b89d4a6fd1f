"""A model of the suite alone, with sealed fields."""

from django.db import models

from tongshan_portal.kernel.sealed import BlindIndexField, SealedTextField


class Letter(models.Model):
    phone = SealedTextField(purpose="phone", indexed=True, null=True, blank=True)
    phone_index = BlindIndexField(of="phone")
    body = SealedTextField(null=True, blank=True)
    note = models.CharField(max_length=20, blank=True)

    class Meta:
        app_label = "suite"

    def __str__(self) -> str:
        return f"letter {self.pk}"
