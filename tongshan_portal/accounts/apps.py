from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "tongshan_portal.accounts"
    verbose_name = _("People and postings")

    def ready(self):
        from tongshan_portal.ledger.public import register_parts, register_verbs

        from . import grants, policies, policy, presenters
        from .models import PersonGrant

        policy.register(policies.ACTIONS)
        register_parts(presenters.PARTS)
        register_verbs(presenters.VERBS)
        grants.register(PersonGrant, ["postings.view"])
