"""The one way from an address to an alert: by its code, within what the reader needs to know."""

from django.http import Http404, HttpRequest

from ..models import FraudAlert

WITH = ("type", "assignee", "claimed_by", "recorded_by", "checked_by", "repeat_of", "merged_into")


def row_or_404(request: HttpRequest, code: str) -> FraudAlert:
    rows = FraudAlert.objects.visible_to(request.actor.scope).select_related(*WITH)  # type: ignore[attr-defined]
    row = rows.filter(code=code.upper()).first()
    if row is None:
        raise Http404
    return row
