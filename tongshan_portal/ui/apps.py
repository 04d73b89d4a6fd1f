from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "tongshan_portal.ui"
    verbose_name = _("Interface")

    def ready(self):
        # Apps load before models.
        from tongshan_portal.accounts import policy
        from tongshan_portal.ledger.public import register_verbs

        from .navigation import NavItem, Section, register
        from .policies import ACTIONS
        from .presenters import VERBS

        policy.register(ACTIONS)
        register_verbs(VERBS)
        register(NavItem(_("Banners"), "banners", "speakerphone", Section.OVERSIGHT, 80, "banners.change"))
