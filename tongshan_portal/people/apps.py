from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "tongshan_portal.people"
    verbose_name = _("People directory")

    def ready(self) -> None:
        # Apps load before models.
        from tongshan_portal.accounts import policy
        from tongshan_portal.exchange.public import register_exporter, register_importer
        from tongshan_portal.ui.navigation import NavItem, Section, register

        from .exports import PeopleExporter
        from .imports import PeopleImporter, PostingImporter
        from .policies import ACTIONS

        policy.register(ACTIONS)
        register_importer(PeopleImporter())
        register_importer(PostingImporter())
        register_exporter(PeopleExporter())
        register(NavItem(_("People and postings"), "people:directory", "users", Section.PEOPLE, 10, "postings.view"))
        register(NavItem(_("Why can I (not)?"), "people:why", "help-circle", Section.PEOPLE, 90))
