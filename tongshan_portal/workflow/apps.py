from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "tongshan_portal.workflow"
    verbose_name = _("Workflow")

    def ready(self) -> None:
        from . import checks  # noqa: F401
