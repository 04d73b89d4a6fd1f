from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetConfig(AppConfig):
    name = "grids.net"
    verbose_name = _("The net")

    def ready(self):
        from tongshan_portal.accounts import policy
        from tongshan_portal.ledger.public import register_verbs

        from .policies import ACTIONS
        from .presenters import VERBS

        policy.register(ACTIONS)
        register_verbs(VERBS)
