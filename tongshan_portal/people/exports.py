"""The list of people and their postings as a file."""

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import is_area_code
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting
from tongshan_portal.accounts.policy import Action
from tongshan_portal.accounts.querysets import within
from tongshan_portal.exchange.public import ExportColumn, Exporter
from tongshan_portal.kernel import clock

EXPORT = Action(
    "people.export",
    _("Take the list of people away"),
    _("Administrators, directors and town officers take the people and postings of their area away as a file."),
    frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.DIRECTOR, Role.TOWN_OFFICER}),
)


class PeopleExporter(Exporter):
    """One row per posting that the reader may see, by area and name."""

    name = "people"
    label = _("People and postings")
    action = EXPORT.name
    columns = (
        ExportColumn("username", _("sign-in name"), lambda row: row.user.username),
        ExportColumn("name", _("name"), lambda row: row.user.name),
        ExportColumn("role", _("role"), lambda row: row.get_role_display()),
        ExportColumn("area_code", _("area code"), lambda row: row.area_code),
        ExportColumn("department", _("department"), lambda row: row.department.name if row.department else ""),
        ExportColumn("starts_on", _("from"), lambda row: row.starts_on),
        ExportColumn("ends_on", _("until"), lambda row: row.ends_on),
    )

    def rows(self, actor: Actor, filters: QueryDict) -> QuerySet:
        rows = Posting.objects.visible_to(actor.scope).select_related("user", "department")
        if word := filters.get("q", "").strip():
            rows = rows.filter(Q(user__name__icontains=word) | Q(user__username__icontains=word))
        if filters.get("role") in Role.values:
            rows = rows.filter(role=filters["role"])
        if is_area_code(filters.get("area", "")):
            rows = rows.filter(within(filters["area"]))
        if filters.get("now"):
            rows = rows.in_force(clock.today())
        return rows.order_by("area_code", "user__name", "pk")
