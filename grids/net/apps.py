from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetConfig(AppConfig):
    name = "grids.net"
    verbose_name = _("The net")

    def ready(self):
        # Apps load before models.
        from tongshan_portal.accounts import policy
        from tongshan_portal.ledger.public import register_verbs
        from tongshan_portal.ui.navigation import NavItem, Section, register

        from .measures import MEASURES
        from .policies import ACTIONS
        from .presenters import VERBS
        from .registry import register_measure, register_serving
        from .serving import KINDS, from_postings

        policy.register(ACTIONS)
        register_verbs(VERBS)
        for measure in MEASURES:
            register_measure(measure)
        register_serving(KINDS, from_postings)
        register(NavItem(_("Map"), "net:map", "map", Section.NET, 10))
        register(NavItem(_("My area"), "net:own_area", "map-pin", Section.NET, 20))
