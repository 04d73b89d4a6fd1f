from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegistrationsConfig(AppConfig):
    name = "antifraud.registrations"
    label = "registrations"
    verbose_name = _("Registrations for fraud protection")

    def ready(self) -> None:
        # Apps load before models.
        from django.urls import reverse

        from grids.net import public as net
        from tongshan_portal.accounts import policy
        from tongshan_portal.audit.public import Revealable, register_revealable
        from tongshan_portal.exchange.public import register_exporter, register_importer
        from tongshan_portal.ledger.public import register_parts, register_verbs
        from tongshan_portal.live.public import Topic, register
        from tongshan_portal.ui import board, navigation

        from .defaults import write_defaults
        from .exports import RegistrationExporter
        from .imports import RegistrationImporter
        from .models import FamilyMember, Registration
        from .policies import ACTIONS
        from .presenters import PARTS, VERBS
        from .queries import counts

        post_migrate.connect(write_defaults, sender=self)
        policy.register(ACTIONS)
        register_parts(PARTS)
        register_verbs(VERBS)
        register(Topic("registrations", "registrations.count"))
        for model, field in ((Registration, "phone"), (Registration, "name"), (FamilyMember, "phone")):
            register_revealable(
                Revealable(model, field, "registrations.reveal", lambda scope, model=model: model.objects.visible_to(scope))
            )
        register_importer(RegistrationImporter())
        register_exporter(RegistrationExporter())
        count, label = "registrations.count", _("Protected from fraud")
        net.register_measure(net.Measure("protected", label, counts.PROTECTED, counts.protected_by_area, count))
        net.register_facts(counts.facts_of)
        for name, words, definition, number, order in (
            ("protected", label, counts.PROTECTED, counts.count_protected, 70),
            ("registered", _("Registered for fraud protection"), counts.REGISTERED, counts.count_registered, 71),
        ):
            board.register_counter(
                board.Counter(
                    name, words, definition, count, "registrations", number, lambda _actor: reverse("registrations:counts"), order
                )
            )
        section = navigation.Section.PEOPLE
        navigation.register(
            navigation.NavItem(_("Fraud protection"), "registrations:index", "shield-check", section, 40, "registrations.view")
        )
        navigation.register(navigation.NavItem(_("Protected from fraud"), "registrations:counts", "users-group", section, 41, count))
        navigation.register(
            navigation.NavItem(_("Registration points"), "registrations:points", "qrcode", section, 42, "registration_points.view")
        )
