"""The front page for everybody, the home of a desk for those who are signed in, and the parts of it that refresh themselves."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grids.net.public import map_for

from . import queries


@require_safe
def home(request):
    """The first page: what needs a decision now, or, signed out, what this is and where to sign in."""
    if not request.user.is_authenticated:
        return render(request, "command/front.html")
    actor = request.actor
    context = {"board": queries.board_of(actor), "ticker": queries.ticker_of(actor), "map": map_for(actor)}
    return render(request, "command/home.html", context)


@login_required
@require_safe
def board(request):
    """The numbers and the decisions alone, for a page whose stream said that something happened."""
    return render(request, "command/_board.html", {"board": queries.board_of(request.actor)})


@login_required
@require_safe
def ticker(request):
    """What just happened, as far as the reader may hear of it."""
    return render(request, "command/_ticker.html", {"ticker": queries.ticker_of(request.actor)})
