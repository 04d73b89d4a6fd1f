"""The notices of the live path itself: what happens to a person's rights and account, and what is announced to a desk."""

from django.utils.translation import gettext_lazy as _

from .kinds import Kind

ACCESS_CHANGED = Kind("access.changed", _("What you may see and do here has changed: a posting or a permission of yours began or ended."))
SIGNED_IN_ELSEWHERE = Kind(
    "session.opened_elsewhere",
    _(
        "Your account was just signed in on another device (address %(ip)s). "
        "If that was not you, end that session and change your password."
    ),
)
ANNOUNCED = Kind("notice.announced", lambda params: params["text"])
