from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "grids.reports"
    verbose_name = _("Case reports")

    def ready(self) -> None:
        # Apps load before models.
        from grids.net import public as net
        from tongshan_portal.accounts import grants, policy
        from tongshan_portal.audit.public import Revealable, register_revealable
        from tongshan_portal.exchange.intake.public import register_intake
        from tongshan_portal.exchange.public import register_exporter, register_importer
        from tongshan_portal.ledger.public import register_parts, register_verbs
        from tongshan_portal.live.public import Topic, register, register_kinds
        from tongshan_portal.ui import navigation
        from tongshan_portal.ui.board import register_indicator

        from . import board, queries
        from .defaults import write_defaults
        from .evaluation.indicators import MEASURES
        from .exports import ReportExporter
        from .imports import ReportImporter
        from .intake import REPORTS
        from .models import Report, ReportGrant
        from .notices import KINDS
        from .policies import ACTIONS
        from .presenters import PARTS, VERBS

        post_migrate.connect(write_defaults, sender=self)
        policy.register(ACTIONS)
        grants.register(ReportGrant, ["reports.view"])
        register_parts(PARTS)
        register_verbs(VERBS)
        register(Topic("reports", "reports.view"))
        register_kinds(*KINDS)
        for field in ("contact", "phone"):
            register_revealable(Revealable(Report, field, "reports.reveal", lambda scope: Report.objects.visible_to(scope)))
        words = _("Reports of the area with which somebody has something to do, as far as your postings hold it.")
        net.register_measure(net.Measure("reports", _("Open reports"), words, queries.living_by_area, "reports.view"))
        net.register_points(
            net.PointLayer("reports", _("Open reports"), queries.points, "reports.view", waits=True, or_action="reports.view_dispatched")
        )
        net.register_facts(queries.facts_of)
        register_importer(ReportImporter())
        register_intake(REPORTS)
        board.register()
        register_indicator(*(measure.indicator for measure in MEASURES))
        register_exporter(ReportExporter())
        section = navigation.Section.WORK
        navigation.register(navigation.NavItem(_("Case reports"), "reports:index", "clipboard-list", section, 10))
        navigation.register(navigation.NavItem(_("File a report"), "reports:file", "plus", section, 20, "reports.file"))
        navigation.register(navigation.NavItem(_("Evaluation"), "reports:evaluation", "report", section, 30, "reports.evaluate"))
