"""The one way from an address to a report: by its code, within the reader's scope."""

from django.http import Http404, HttpRequest

from ..models import Report


def row_or_404(request: HttpRequest, code: str) -> Report:
    rows = Report.objects.visible_to(request.actor.scope).select_related(
        "category", "department", "lead", "filed_by", "merged_into", "claimed_by"
    )  # type: ignore[attr-defined]
    row = rows.filter(code=code.upper()).first()
    if row is None:
        raise Http404
    return row
