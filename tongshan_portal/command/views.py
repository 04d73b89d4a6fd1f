"""The front page for everybody, the home of a desk for those who are signed in."""

from django.shortcuts import render


def home(request):
    """The first page: what needs a decision now, or, signed out, what this is and where to sign in."""
    return render(request, "command/home.html" if request.user.is_authenticated else "command/front.html")
