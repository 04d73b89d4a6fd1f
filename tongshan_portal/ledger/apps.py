from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "tongshan_portal.ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        from .presenters import VERBS
        from .verbs import register_verbs

        register_verbs(VERBS)
