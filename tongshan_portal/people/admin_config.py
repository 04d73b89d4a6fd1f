"""Tells Django that its admin site is the portal's."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "tongshan_portal.people.admin_site.PortalAdminSite"
