from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoundariesConfig(AppConfig):
    name = "grids.boundaries"
    verbose_name = _("Boundaries from files")

    def ready(self) -> None:
        # Apps load before models.
        from tongshan_portal.exchange.public import register_importer
        from tongshan_portal.ledger.public import register_verbs
        from tongshan_portal.live.public import register_kinds
        from tongshan_portal.ui.navigation import NavItem, Section, register

        from .divisions import Divisions
        from .presenters import KINDS, VERBS

        register_verbs(VERBS)
        register_kinds(*KINDS)
        register_importer(Divisions())
        register(NavItem(_("Boundaries from files"), "boundaries:index", "file-import", Section.DATA, 510, "areas.change"))
