"""A page with one form that does one action."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tongshan_portal.kernel.errors import DomainError, NotAllowed

from .forms import ActionForm


def form_page(
    request: HttpRequest, form: ActionForm, call: Callable[[dict[str, Any]], Any], template: str = "layouts/form.html", **context: Any
) -> HttpResponse:
    """Show a form; when it is sent, do the action. `call` gets the cleaned data and answers a page, or the address to go on to.

    The template wants `title`, `verb`, `back`, and takes `danger`. What is refused answers 422 with everything that was typed.
    """
    if request.method == "POST" and form.is_valid():
        try:
            answer = call(form.cleaned_data)
            return answer if isinstance(answer, HttpResponse) else redirect(answer)
        except NotAllowed:
            raise
        except DomainError as error:
            form.refuse(error)
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"form": form, **context}, status=status)
