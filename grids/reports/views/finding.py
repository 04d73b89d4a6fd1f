"""The one way from an address to a report: by its code, within the reader's scope."""

from django.http import Http404, HttpRequest

from ..models import Report


def row_or_404(request: HttpRequest, code: str) -> Report:
    rows = Report.objects.visible_to(request.actor.scope).select_related(  # type: ignore[attr-defined]
        "category__parent", "department", "lead", "filed_by", "merged_into", "deferral_asked_by"
    )
    row = rows.filter(code=code.upper()).first()
    if row is None:
        raise Http404
    return row
