"""Exact match on sealed text: a keyed digest of its normal form, kept beside it by the database itself."""

from django.db.models import Model, Q

from .fields import BlindIndexField, SealedTextField
from .keys import index_keys
from .masks import normal


def matching(model: type[Model], field_name: str, text: str) -> Q:
    """The condition that the sealed field holds this text: `User.objects.filter(matching(User, "phone", "138 1234 5678"))`.

    While an index key is being replaced it looks under the old and the new one.
    """
    sealed = model._meta.get_field(field_name)
    column = next((f for f in model._meta.get_fields() if isinstance(f, BlindIndexField) and f.of == field_name), None)
    if not isinstance(sealed, SealedTextField) or column is None:
        raise TypeError(f"{model._meta.label}.{field_name} is not a sealed field with a blind index")
    place = sealed.place
    found = [key.index(place.space, normal(place.purpose, text)) for key in index_keys()]
    return Q(**{f"{column.name}__in": found})
