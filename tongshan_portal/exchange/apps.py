from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "tongshan_portal.exchange"
    verbose_name = _("Imports and exports")

    def ready(self) -> None:
        from tongshan_portal.live.public import Topic, register  # noqa: PLC0415 – apps load before models

        register(Topic("exchange"))
