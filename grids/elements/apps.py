from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ElementsConfig(AppConfig):
    name = "grids.elements"
    verbose_name = _("Elements of the net")

    def ready(self) -> None:
        # Apps load before models.
        from grids.net import public as net
        from tongshan_portal.accounts import policy
        from tongshan_portal.audit.public import Revealable, register_revealable
        from tongshan_portal.exchange.public import register_exporter, register_importer
        from tongshan_portal.ledger.public import register_verbs
        from tongshan_portal.ui.navigation import NavItem, Section, register

        from . import queries
        from .exports import HouseholdExporter
        from .imports import IMPORTERS
        from .models import Household
        from .policies import ACTIONS
        from .presenters import VERBS

        policy.register(ACTIONS)
        register_verbs(VERBS)
        for field in ("contact", "phone"):
            register_revealable(Revealable(Household, field, "households.reveal", lambda scope: Household.objects.visible_to(scope)))
        for importer in IMPORTERS:
            register_importer(importer())
        register_exporter(HouseholdExporter())
        net.register_facts(queries.facts_of)
        net.register_finder(queries.find_addresses)
        net.register_measure(
            net.Measure(
                "households",
                _("Households"),
                _("Households recorded in the area, as far as your postings hold it."),
                queries.households_by_area,
                "households.view",
            )
        )
        for name, kind in (("places", "place"), ("facilities", "facility"), ("organisations", "organisation")):
            net.register_points(net.PointLayer(name, queries.LABELS[kind], queries.POINTS[name], "elements.view"))
        register(NavItem(_("Households and places"), "elements:first", "building-community", Section.NET, 30, "elements.view"))
        register(NavItem(_("Corrections"), "elements:corrections", "list-check", Section.NET, 40, "corrections.view"))
