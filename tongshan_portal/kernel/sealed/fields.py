"""The model fields: sealed text, and the blind index that the database derives from it."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.expressions import Func
from django.db.models.functions import NullIf
from django.db.models.query_utils import DeferredAttribute

from .forms import SealedFormField
from .masks import Purpose
from .value import Place, Sealed

INDEX_PART = 4
"""Position of the blind index among the parts of the stored form, counted from one as split_part() does."""


class SealedAttribute(DeferredAttribute):
    """Whatever is assigned becomes a `Sealed` (or None) at once, so that no plain text waits in a row for its save."""

    field: "SealedTextField"

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.wrap(value)


class SealedTextField(models.TextField):
    """Text kept encrypted. `purpose` decides mask and comparison; `index_space` names the space of its blind index.

    Without a name, the space is the column itself. Two fields that share a name can be matched with one another (a warning's phone number
    with a registration's); share one only where that is what the service needs.
    """

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, purpose: Purpose | str = Purpose.TEXT, indexed: bool = False, index_space: str = "", **kwargs: Any):
        self.purpose, self.indexed, self.index_space = Purpose(purpose), indexed, index_space
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["purpose"] = self.purpose.value
        if self.indexed:
            kwargs["indexed"] = True
        if self.index_space:
            kwargs["index_space"] = self.index_space
        return name, path, args, kwargs

    @property
    def place(self) -> Place:
        """Where this field's texts belong. Renaming the model or the field needs `rotate_seals` within the same migration."""
        owner, known = self.__dict__.get("_placed", (None, None))
        if owner is self.model and known is not None:
            return known
        binding = f"{self.model._meta.label_lower}.{self.name}"
        known = Place(binding, self.purpose, (self.index_space or binding) if self.indexed else "")
        self._placed = (self.model, known)  # with its owner: a copy of the field in a subclass is another column
        return known

    def wrap(self, value: Any) -> Any:
        """The attribute's value: None for nothing, a `Sealed` of this column for a text, anything else (an expression) as it is."""
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return Sealed(self.place, text=value)
        if isinstance(value, Sealed) and value.place is not self.place and value.place != self.place:
            return Sealed(self.place, text=value._open())
        return value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Sealed | None:
        return Sealed(self.place, stored=value) if value else None

    def to_python(self, value: Any) -> Any:
        return self.wrap(value)

    def get_prep_value(self, value: Any) -> Any:
        value = self.wrap(value)
        if value is None:
            return None if self.null else ""
        return value.stored if isinstance(value, Sealed) else value

    def run_validators(self, value: Any) -> None:
        """Validators see the text."""
        super().run_validators(value._open() if isinstance(value, Sealed) else value)

    def value_to_string(self, obj: models.Model) -> Any:
        """Serialisers write the sealed form, which `wrap` does not take back: a dump of sealed rows is a backup of PostgreSQL."""
        value: Any = self.value_from_object(obj)
        return value.stored if value is not None else None

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        if data not in (None, ""):
            super().save_form_data(instance, data)

    def formfield(self, **kwargs: Any) -> Any:  # type: ignore[override]
        return models.Field.formfield(self, **{"form_class": SealedFormField, "max_length": self.max_length, **kwargs})

    def get_lookup(self, lookup_name: str) -> Any:
        """A sealed text has no order and no pattern: it is found with `matching()`."""
        if lookup_name not in {"isnull"}:
            raise FieldError(f"{self.name} is sealed: find it with kernel.sealed.matching(), not with {lookup_name!r}")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is sealed: it has no transforms")


class BlindIndexField(models.GeneratedField):
    """The blind index of a sealed field of the same model: a stored generated column, so that no writer can forget it."""

    def __init__(self, *, of: str, **kwargs: Any):
        self.of = of
        part = Func(
            models.F(of), models.Value("."), models.Value(INDEX_PART), function="split_part", output_field=models.CharField(max_length=80)
        )
        kwargs["expression"] = NullIf(part, models.Value(""))
        kwargs["output_field"] = models.CharField(max_length=80, null=True, db_collation="C")
        kwargs["db_persist"] = True
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for derived in ("expression", "output_field", "db_persist"):
            kwargs.pop(derived, None)
        return name or "", path, args, {**kwargs, "of": self.of}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = list(super().check(**kwargs))
        sealed = next((f for f in self.model._meta.get_fields() if f.name == self.of), None)
        if not isinstance(sealed, SealedTextField) or not sealed.indexed:
            found.append(checks.Error(f"of={self.of!r} is not a sealed field with indexed=True", obj=self, id="kernel.E001"))
        return found
