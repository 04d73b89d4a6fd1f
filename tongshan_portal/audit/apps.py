from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "tongshan_portal.audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        from tongshan_portal.accounts import policy
        from tongshan_portal.exchange.public import register_exporter
        from tongshan_portal.ledger.public import register_parts, register_verbs
        from tongshan_portal.ui import navigation

        from .exports import LedgerExporter
        from .policies import ACTIONS
        from .presenters import PARTS, VERBS

        policy.register(ACTIONS)
        register_parts(PARTS)
        register_verbs(VERBS)
        register_exporter(LedgerExporter())
        navigation.register(navigation.NavItem(_("Ledger"), "audit:ledger", "book", "oversight", 900, "ledger.view"))
        navigation.register(navigation.NavItem(_("Opened sealed fields"), "audit:reveals", "eye", "oversight", 910, "reveals.view"))
