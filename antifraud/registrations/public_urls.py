"""Addresses that residents know: short, on posters, without an account."""

from django.urls import path, re_path

from .views import mine, registering

app_name = "bell"
POINT, AREA = r"(?P<point>[2-9A-HJ-NP-Z]{6,12})", r"(?P<area>[0-9]{12})"

urlpatterns = [
    path("", registering.start, name="start"),
    path("sign/", registering.sign, name="sign"),
    path("code/<uuid:pk>/", registering.code, name="code"),
    path("code/<uuid:pk>/again/", registering.again, name="again"),
    path("done/", mine.done, name="done"),
    path("mine/", mine.show, name="mine"),
    path("mine/correct/", mine.correct, name="correct"),
    path("mine/copy/", mine.copy, name="copy"),
    path("mine/withdraw/", mine.withdraw, name="withdraw"),
    path("mine/erase/", mine.erase, name="erase"),
    path("mine/leave/", mine.leave, name="leave"),
    path("mine/family/", mine.add_member, name="add_member"),
    path("mine/family/<int:pk>/remove/", mine.remove_member, name="remove_member"),
    path("mine/asked/<int:pk>/yes/", mine.answer, {"word": "confirmed"}, name="say_yes"),
    path("mine/asked/<int:pk>/no/", mine.answer, {"word": "refused"}, name="say_no"),
    path("mine/asked/<int:pk>/end/", mine.answer, {"word": "withdrawn"}, name="say_end"),
    re_path(rf"^{POINT}/$", registering.start, name="point"),
    re_path(rf"^{AREA}/$", registering.register, name="register"),
    re_path(rf"^{POINT}/{AREA}/$", registering.register, name="register_by"),
]
