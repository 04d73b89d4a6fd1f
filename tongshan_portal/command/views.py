"""The front page for everybody, the home of a desk for those who are signed in."""

from django.shortcuts import render

from tongshan_portal.ui.desk import waiting_for


def home(request):
    """The first page: what needs a decision now, or, signed out, what this is and where to sign in."""
    if not request.user.is_authenticated:
        return render(request, "command/front.html")
    return render(request, "command/home.html", {"waiting": waiting_for(request.actor)})
