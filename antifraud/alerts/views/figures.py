"""The page of figures, and its table as a file."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grids.areas.codes import Level, is_area_code
from grids.areas.names import name_of, path_of
from tongshan_portal.accounts.policy import require
from tongshan_portal.evaluation.periods import Period, days_of
from tongshan_portal.kernel import clock

from ..actions.taking_figures import take_figures_away
from ..evaluation import queries
from ..evaluation.charts import chart_of
from ..evaluation.forms import FiguresForm
from ..evaluation.hiding import needs_to_know
from ..evaluation.indicators import BY_NAME
from ..evaluation.lenses import ACTION, Lens, areas_of
from ..evaluation.queries import By
from ..evaluation.tables import as_csv
from ..queries.figures import standing

DEFAULTS = {"period": Period.MONTH.value, "by": By.AREA.value, "chart": "defrauded_after_warning"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the reader asked for, as far as she may see it."""

    form: FiguresForm
    lens: Lens
    by: str
    page: queries.Evaluation


def _asked(request: HttpRequest) -> _Asked:
    """Raises NotAllowed, Http404 for an area that is not the reader's."""
    actor = request.actor  # type: ignore[attr-defined]
    require(actor, ACTION)
    code = request.GET.get("area") or areas_of(actor.scope)[0]
    if not is_area_code(code) or len(code) > Level.GRID or not actor.scope.holds(ACTION, code):
        raise Http404
    today, simulated = clock.today(), settings.DEMO_MODE
    sources = queries.sources_in(Lens(code, days_of(Period.DAY, today), simulated=simulated))
    form = FiguresForm({**DEFAULTS, **request.GET.dict()}, sources=[(one, queries.source_label(one)) for one in sources])
    form.is_valid()
    given, days = form.cleaned_data, form.days(today)
    chosen = given.get("type")
    lens = Lens(code, days, chosen.pk if chosen else None, given.get("grade") or "", given.get("source") or "", simulated)
    by = form.division(days)
    return _Asked(form, lens, by, queries.evaluation(lens, by, actor.scope))


@require_safe
@login_required
def figures(request: HttpRequest) -> HttpResponse:
    """How dissuasion turned out: of an area in which the reader counts, for a period, divided as she asks."""
    asked, actor = _asked(request), request.actor  # type: ignore[attr-defined]
    code, drawn = asked.lens.code, asked.form.cleaned_data.get("chart") or DEFAULTS["chart"]
    areas = areas_of(actor.scope)
    context: dict[str, Any] = {
        "form": asked.form,
        "page": asked.page,
        "now": standing(actor, asked.lens, clock.now()),
        "by_label": By(asked.by).label,
        "measures": queries.MEASURES,
        "code": code,
        "wider": [(one.value, one.label) for one in (Period.LAST_MONTH, Period.QUARTER, Period.YEAR)],
        "name": name_of(code),
        "path": [(step, name) for step, name in path_of(code)[:-1] if any(step.startswith(one) for one in areas)],
        "others": [(one, name_of(one)) for one in areas if one != code],
        "chart": chart_of(asked.page.lines, drawn),
        "drawn": BY_NAME[drawn].indicator.label,
        "query": urlencode({key: value for key, value in request.GET.items() if key != "area" and value}),
        "simulated": asked.lens.simulated,
        "may_view": bool(actor.scope.reaches_for("alerts.view")),
        "sees_rows": needs_to_know(actor.scope, code),
    }
    return render(request, "alerts/figures.html", context, status=422 if asked.form.errors else 200)


@require_safe
@login_required
def table(request: HttpRequest) -> HttpResponse:
    """The table that stands on the page, as a file; the ledger keeps that it was taken away."""
    asked = _asked(request)
    take_figures_away(actor=request.actor, lens=asked.lens, by=asked.by)  # type: ignore[attr-defined]
    answer = HttpResponse(as_csv(asked.page, str(By(asked.by).label)), content_type="text/csv; charset=utf-8")
    days = asked.lens.days
    answer["Content-Disposition"] = f'attachment; filename="fraud-alerts-{asked.lens.code}-{days.begin}-{days.end}.csv"'
    return answer
