from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "tongshan_portal.exchange"
    verbose_name = _("Imports and exports")

    def ready(self) -> None:
        # Apps load before models.
        from tongshan_portal.accounts import policy
        from tongshan_portal.ledger.public import register_parts, register_verbs
        from tongshan_portal.live.public import register_kinds
        from tongshan_portal.ui import navigation

        from .intake import presenters as intake
        from .intake.policies import MANAGE
        from .notices import KINDS
        from .presenters import VERBS

        register_kinds(*KINDS)
        policy.register([MANAGE])
        register_verbs([*VERBS, *intake.VERBS])
        register_parts(intake.PARTS)
        item = navigation.NavItem(_("Imports and exports"), "exchange:index", "arrows-exchange", navigation.Section.DATA, 500)
        navigation.register(item)
