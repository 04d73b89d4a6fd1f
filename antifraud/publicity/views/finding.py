"""The one way from an address to a notice: by its number, within what the reader may see."""

from django.http import Http404, HttpRequest

from ..models import FraudNotice

WITH = ("advice__text", "written_by", "submitted_by", "published_by", "replaces")


def row_or_404(request: HttpRequest, number: str) -> FraudNotice:
    rows = FraudNotice.objects.visible_to(request.actor.scope).select_related(*WITH)  # type: ignore[attr-defined]
    row = rows.filter(number=number.upper()).first()
    if row is None:
        raise Http404
    return row
