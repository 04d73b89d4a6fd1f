from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "tongshan_portal.kernel"
