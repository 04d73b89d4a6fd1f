from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "tongshan_portal.kernel"

    def ready(self) -> None:
        from . import lookups

        lookups.register()
