"""The page of the evaluation."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grids.areas.codes import is_area_code
from grids.areas.names import name_of, path_of
from tongshan_portal.evaluation.periods import Period
from tongshan_portal.kernel import clock

from . import queries
from .charts import chart_of
from .forms import EvaluationForm
from .indicators import BY_NAME
from .lenses import Lens, holding_for, holdings_of

DEFAULTS = {"period": Period.MONTH.value, "by": queries.By.AREA.value, "chart": "on_time_of_closed"}


@require_safe
@login_required
def evaluation(request: HttpRequest) -> HttpResponse:
    """Closing, on time, rework, returns, time, satisfaction: of an area that the reader holds, for a period, divided as she asks."""
    holdings = holdings_of(request.actor.scope)  # type: ignore[attr-defined]
    if not holdings:
        raise PermissionDenied(_("Your postings show no figures of case reports."))
    code = request.GET.get("area") or holdings[0].code
    holding = holding_for(holdings, code, request.GET.get("department", "")) if is_area_code(code) else None
    if holding is None:
        raise Http404
    form = EvaluationForm({**DEFAULTS, **request.GET.dict()}, with_departments=holding.department_id is None)
    form.is_valid()
    given, under = form.cleaned_data, form.cleaned_data.get("under")
    own = str(holding.department_id or "")
    lens = Lens(code, form.days(clock.today()), under.pk if under else None, own or given.get("department", ""))
    by = given.get("by") or queries.By.AREA
    page = queries.evaluation(lens, by)
    drawn = given.get("chart") or DEFAULTS["chart"]
    context = {
        "form": form,
        "lens": lens,
        "by": by,
        "by_label": queries.By(by).label,
        "page": page,
        "measures": queries.MEASURES,
        "name": name_of(code),
        "path": [(step, name) for step, name in path_of(code)[:-1] if any(step.startswith(one.code) for one in holdings)],
        "others": [(one.code, name_of(one.code)) for one in holdings if one.code != code],
        "chart": chart_of(page.lines, drawn) if by == queries.By.MONTH else None,
        "drawn": BY_NAME[drawn].indicator.label,
        "query": urlencode({key: value for key, value in request.GET.items() if key != "area" and value}),
    }
    return render(request, "reports/evaluation.html", context, status=422 if form.errors else 200)
