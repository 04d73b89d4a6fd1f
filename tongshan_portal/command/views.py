"""The home of a desk."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render


@login_required
def home(request):
    """The first page after sign-in: what needs a decision now."""
    return render(request, "command/home.html", {"reaches": request.actor.scope.reaches})
