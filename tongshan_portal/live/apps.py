from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiveConfig(AppConfig):
    name = "tongshan_portal.live"
    verbose_name = _("Live")

    def ready(self) -> None:
        # Apps load before models.
        from tongshan_portal.accounts.signals import access_changed

        from . import receivers, topics

        topics.register(topics.NOTICES)
        topics.register(topics.ACCESS)
        access_changed.connect(receivers.on_access_changed)
