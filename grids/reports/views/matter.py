"""One report."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from .. import queries
from .finding import row_or_404


@require_GET
@login_required
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One report."""
    row = row_or_404(request, code)
    context = {"page": queries.report_page(request.actor, row), "filed": queries.filed_with(request.actor, row)}
    return render(request, "reports/show.html", context)
