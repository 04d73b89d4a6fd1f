"""Exceptional grants: one action on one object to one person, for a time and a reason. django-guardian with direct foreign keys.

An app that wants grants on its model writes

    class CaseGrant(Grant):
        content_object = models.ForeignKey(Case, models.CASCADE, related_name="grants")

        class Meta(Grant.Meta):
            verbose_name = _("grant on a case")

and registers it with the actions that may be granted: `grants.register(CaseGrant, ["cases.view"])`. `can()` and `visible_to()` do the rest.
The permission row of guardian carries the action's name as its codename. guardian's own checks know nothing of the last day,
so its backend is not installed: `has()` and `can()` are the ways to ask.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.managers import UserObjectPermissionManager
from guardian.models.models import UserObjectPermissionBase

from . import policy


class GrantQuerySet(models.QuerySet):
    def in_force(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now)

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)


class GrantManager(UserObjectPermissionManager.from_queryset(GrantQuerySet)):  # type: ignore[misc]
    pass


class Grant(UserObjectPermissionBase):
    """The base of grants on one model; subclasses add `content_object`. What was taken or has expired lives on in the ledger alone."""

    expires_at = models.DateTimeField(_("expires"))
    given_at = models.DateTimeField(_("given"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("given by")
    )
    reason = models.TextField(_("reason"))

    objects = GrantManager()  # type: ignore[misc]  # guardian declares its own as a class variable

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(app_label)s_%(class)s_ends_later", condition=models.Q(expires_at__gt=models.F("given_at"))),
            models.CheckConstraint(name="%(app_label)s_%(class)s_has_reason", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.permission.codename} · {self.content_object}"  # type: ignore[attr-defined]  # subclasses add it

    @classmethod
    def target_label(cls) -> str:
        """The label of the model that the grants are on."""
        target = cls._meta.get_field("content_object").related_model
        assert target is not None
        return target._meta.label_lower  # type: ignore[union-attr]

    @property
    def action(self) -> policy.Action:
        return policy.action(self.permission.codename)


_registered: dict[str, tuple[type[Grant], frozenset[str]]] = {}


def register(model: type[Grant], actions: Iterable[str]) -> None:
    """Make a grant model known, with the actions that may be granted on its objects."""
    _registered[model.target_label()] = (model, frozenset(actions))


def all_models() -> list[type[Grant]]:
    """Every registered grant model, by what it is on."""
    return [_registered[label][0] for label in sorted(_registered)]


def model_for(row: models.Model) -> type[Grant]:
    """The grant model of a row. Raises LookupError where the model has none."""
    label = row._meta.label_lower
    if label not in _registered:
        raise LookupError(f"no grants are kept on {label}")
    return _registered[label][0]


def actions_for(row: models.Model) -> list[policy.Action]:
    """The actions that may be granted on a row."""
    return [policy.action(name) for name in sorted(_registered[row._meta.label_lower][1])]


def permission_for(action: str, model: type[models.Model]) -> Permission:
    """guardian's permission for an action on a model; made when it is first needed."""
    permission, _made = Permission.objects.get_or_create(
        codename=action, content_type=ContentType.objects.get_for_model(model), defaults={"name": action}
    )
    return permission


def has(user: Any, action: str, row: models.Model, *, now: datetime) -> bool:
    """Whether `action` on `row` is granted to `user` by name, at `now`. One query; within a request ask `can()`, which needs none."""
    model = model_for(row)
    return model.objects.in_force(now).filter(user=user, permission__codename=action, content_object=row).exists()


def of(user: Any, now: datetime) -> list[Grant]:
    """The grants of a person in force, those that end first at the top; one query per grant model."""
    found = [
        grant
        for model in all_models()
        for grant in model.objects.in_force(now).filter(user=user).select_related("permission", "given_by", "content_object", "user")
    ]
    return sorted(found, key=lambda grant: grant.expires_at)
