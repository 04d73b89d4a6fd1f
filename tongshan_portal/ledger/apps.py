from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "tongshan_portal.ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        from .parts import register_parts
        from .presenters import PARTS, VERBS
        from .verbs import register_verbs

        register_parts(PARTS)
        register_verbs(VERBS)
