"""The doors of the public pages: limits that are reached, a counter that is away, a number that was not proved."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import NotAllowed
from tongshan_portal.ui.outage import is_outage

from ..actions.proving import require_proof
from ..limits import TooOften, count, network_of
from ..models import PhoneCode, RegistrationPoint

View = Callable[..., HttpResponse]
KEY = "bell_proof"
"""Where the session keeps which code proved the number: a key, never the number."""


def counted(kind: str, request: HttpRequest) -> None:
    """Count what is sent from this network. Raises TooOften; an outage of the counter is told by `public`."""
    count(kind, network_of(request.META.get("REMOTE_ADDR", "")))


def public(view: View) -> View:
    """A page for everybody: never kept, 429 past a limit, closed while nobody can count."""

    @never_cache
    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TooOften as error:
            return render(request, "bell/closed.html", {"words": str(error)}, status=429)
        except Exception as error:
            if not is_outage(error):
                raise
            answer = render(request, "bell/closed.html", {"words": ""}, status=503)
            answer["Retry-After"] = "30"
            return answer

    return inner


def remember(request: HttpRequest, proof: PhoneCode) -> None:
    """From now on this browser may see what is kept of the proved number; with a session key nobody else knows."""
    request.session.cycle_key()
    request.session[KEY] = str(proof.pk)


def forget(request: HttpRequest) -> None:
    """This browser knows the number no longer."""
    request.session.pop(KEY, None)


def proof_of(request: HttpRequest) -> PhoneCode | None:
    """The proof that this browser holds, if it still opens something."""
    try:
        row = PhoneCode.objects.filter(pk=UUID(request.session.get(KEY, ""))).first()
        return require_proof(row, clock.now())
    except (ValueError, NotAllowed):
        return None


def proved(view: View) -> View:
    """A page for whoever proved a number: everybody else is asked to do so first. The view gets the proof."""

    @public
    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        proof = proof_of(request)
        if proof is None:
            return redirect("bell:sign")
        return view(request, proof, *args, **kwargs)

    return inner


def counted_point(point: RegistrationPoint) -> None:
    """Count what comes by one registration code. Raises TooOften."""
    count("point", point.code)
