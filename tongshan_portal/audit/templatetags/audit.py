"""Sealed values and ledger entries in templates."""

from django import template
from django.urls import NoReverseMatch, reverse

from tongshan_portal.accounts.policy import can
from tongshan_portal.audit.revealable import revealable
from tongshan_portal.ledger.public import label_of, present

register = template.Library()


@register.filter
def sentence(entry) -> str:
    """The entry as a sentence."""
    return present(entry)


@register.filter
def verb_label(name: str) -> str:
    """The label of a verb."""
    return label_of(name)


@register.inclusion_tag("components/sealed_value.html", takes_context=True)
def sealed(context, row, field: str):
    """The mask of a sealed field and, for those who may, the way to open it: `{% sealed person "phone" %}`. No queries."""
    value, url = getattr(row, field), ""
    try:
        item = revealable(row._meta.label_lower, field)
        if value is not None and can(context["request"].actor, item.action, row):
            url = reverse("audit:reveal", args=[row._meta.label_lower, row.pk, field])
    except (LookupError, NoReverseMatch):
        url = ""
    return {"value": value, "url": url, "label": row._meta.get_field(field).verbose_name}
