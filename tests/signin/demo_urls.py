"""The addresses as they are when the portal starts in demo mode."""

from django.urls import path

from tongshan_portal.signin import views
from tongshan_portal.urls import urlpatterns as ordinary

urlpatterns = [path("account/try-as/", views.try_as, name="signin_try_as"), *ordinary]
