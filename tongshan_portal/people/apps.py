from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "tongshan_portal.people"
    verbose_name = _("People directory")

    def ready(self) -> None:
        from tongshan_portal.ui.navigation import NavItem, Section, register

        register(NavItem(_("People and postings"), "people:directory", "users", Section.PEOPLE, 10, "postings.view"))
        register(NavItem(_("Why can I (not)?"), "people:why", "help-circle", Section.PEOPLE, 90))
