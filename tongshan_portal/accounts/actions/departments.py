"""The dictionary of departments."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record

from ..actor import Actor
from ..models import Department
from ..policy import require


@transaction.atomic
def create_department(*, actor: Actor, code: str, name: str) -> Department:
    """Add a department; its code is never changed afterwards."""
    require(actor, "departments.change")
    department = Department(code=code, name=name.strip())
    try:
        with transaction.atomic():
            department.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(_("This code is taken."), field="code") from error
    record(actor=actor, verb="department.created", row=department, detail={"code": code})
    return department


@transaction.atomic
def change_department(*, actor: Actor, department_id: int, name: str) -> Department:
    """Rename a department. Whoever names it confirms it: it is a labelled default no longer."""
    department = Department.objects.select_for_update().get(pk=department_id)
    require(actor, "departments.change")
    before, department.name, department.is_default = department.name, name.strip(), False
    department.save(update_fields=["name", "is_default"])
    record(actor=actor, verb="department.changed", row=department, detail={"changed": {"name": [before, department.name]}})
    return department
