from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiveConfig(AppConfig):
    name = "tongshan_portal.live"
    verbose_name = _("Live")

    def ready(self) -> None:
        # Apps load before models.
        from django.contrib.auth.signals import user_logged_in

        from tongshan_portal.accounts import policy
        from tongshan_portal.accounts.signals import access_changed
        from tongshan_portal.ledger.public import register_verbs
        from tongshan_portal.signin.public import session_ended

        from . import kinds, own_kinds, policies, presenters, receivers, topics

        policy.register([policies.ANNOUNCE])
        register_verbs(presenters.VERBS)
        kinds.register_kinds(own_kinds.ACCESS_CHANGED, own_kinds.SIGNED_IN_ELSEWHERE, own_kinds.ANNOUNCED)
        topics.register(topics.NOTICES)
        topics.register(topics.ANNOUNCEMENTS)
        topics.register(topics.ACCESS)
        access_changed.connect(receivers.on_access_changed)
        user_logged_in.connect(receivers.on_signed_in)
        session_ended.connect(receivers.on_session_ended)
