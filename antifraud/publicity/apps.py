from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PublicityConfig(AppConfig):
    name = "antifraud.publicity"
    label = "publicity"
    verbose_name = _("Publicity against fraud")

    def ready(self) -> None:
        # Apps load before models.
        from tongshan_portal.accounts import policy
        from tongshan_portal.ledger.public import register_parts, register_verbs
        from tongshan_portal.live.public import Topic, register, register_kinds
        from tongshan_portal.ui import board, navigation
        from tongshan_portal.ui.desk import register_waiting

        from .defaults import write_defaults
        from .notices import DESK_TOPIC, DRAFT_TOPIC, KINDS, SENTENCES, TOPIC, link_of
        from .policies import ACTIONS
        from .presenters import PARTS, VERBS
        from .queries import figures

        post_migrate.connect(write_defaults, sender=self)
        policy.register(ACTIONS)
        register_parts(PARTS)
        register_verbs(VERBS)
        register(Topic(TOPIC, "publicity.view"))
        register(Topic(DESK_TOPIC, "publicity.approve"))
        register(Topic(DRAFT_TOPIC, "publicity.write"))
        register_kinds(*KINDS)
        for counter in figures.COUNTERS:
            board.register_counter(counter)
        board.register_ticker(SENTENCES, lambda line: link_of(line["notice"]))
        register_waiting(figures.waiting_for)
        section = navigation.Section.WORK
        navigation.register(
            navigation.NavItem(_("Notices against fraud"), "publicity:index", "speakerphone", section, 42, "publicity.view")
        )
        navigation.register(
            navigation.NavItem(_("Advice on fraud"), "publicity:advice", "book", navigation.Section.DATA, 60, "fraud_advice.change")
        )
