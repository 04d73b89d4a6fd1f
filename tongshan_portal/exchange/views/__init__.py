"""Pages of the exchange."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from tongshan_portal.kernel.errors import DomainError, NotAllowed

from ..enums import FileFormat

CONTENT_TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def says_why(view):
    """A refusal of the domain becomes a message on the page one came from (its run, or the overview); what one may not do is 403."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except DomainError as error:
            messages.error(request, str(error))
            if "run_id" not in kwargs:
                return redirect("exchange:index")
            return redirect(f"exchange:{'import' if 'import' in view.__name__ else 'export'}", run_id=kwargs["run_id"])

    return answer


def own(runs, scope, run_id):
    """One's own run, or 404."""
    run = runs.objects.visible_to(scope).filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run


def download(file, format: str, name: str) -> FileResponse:
    """A file to keep: never shown in the page, never cached."""
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M")
    response = FileResponse(file, as_attachment=True, filename=f"{name}-{stamp}.{format}", content_type=CONTENT_TYPES[FileFormat(format)])
    response["Cache-Control"] = "no-store, private"
    return response
