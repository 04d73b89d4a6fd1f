from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    name = "antifraud.alerts"
    label = "alerts"
    verbose_name = _("Fraud alerts")

    def ready(self) -> None:
        # Apps load before models.
        from grids.net import public as net
        from tongshan_portal.accounts import policy
        from tongshan_portal.audit.public import Revealable, register_revealable
        from tongshan_portal.exchange.intake.public import register_intake
        from tongshan_portal.exchange.public import register_exporter, register_importer
        from tongshan_portal.ledger.public import register_parts, register_verbs
        from tongshan_portal.live.public import Topic, register, register_kinds
        from tongshan_portal.ui import board, navigation
        from tongshan_portal.ui.desk import register_waiting

        from .defaults import write_defaults
        from .evaluation.indicators import MEASURES
        from .exports import AlertExporter
        from .imports import WarningImporter
        from .intake import WARNINGS
        from .models import FraudAlert
        from .notices import COUNTS, KINDS, TOPIC
        from .policies import ACTIONS
        from .presenters import PARTS, VERBS
        from .queries import figures, queue

        post_migrate.connect(write_defaults, sender=self)
        policy.register(ACTIONS)
        register_parts(PARTS)
        register_verbs(VERBS)
        register(Topic(TOPIC, "alerts.view"))
        register(Topic(COUNTS, "alerts.count"))
        register_kinds(*KINDS)
        for field in ("name", "phone", "address"):
            register_revealable(Revealable(FraudAlert, field, "alerts.reveal", lambda scope: FraudAlert.objects.visible_to(scope)))
        register_importer(WarningImporter())
        register_exporter(AlertExporter())
        register_intake(WARNINGS)
        words = _("Alerts whose person has not been dealt with, in the areas in which you count.")
        net.register_measure(net.Measure("alerts", _("Open fraud alerts"), words, figures.open_by_area, "alerts.count"))
        net.register_facts(figures.facts_of)
        for counter in figures.COUNTERS:
            board.register_counter(counter)
        board.register_ticker(figures.SENTENCES)
        board.register_indicator(*(measure.indicator for measure in MEASURES))
        register_waiting(queue.waiting_for)
        section = navigation.Section.WORK
        navigation.register(navigation.NavItem(_("Fraud alerts"), "alerts:index", "shield-lock", section, 40, "alerts.view_assigned"))
        navigation.register(navigation.NavItem(_("Fraud alerts in numbers"), "alerts:figures", "activity", section, 41, "alerts.count"))
