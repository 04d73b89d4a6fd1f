"""A thousand officers of one town and many of another, each with a real session. Made in bulk, and removed again."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting, User

PREFIX = "bench-live-"


def make(area_code: str, count: int, role: Role = Role.TOWN_OFFICER) -> tuple[list[User], list[str]]:
    """(people, session keys): officers of an area, signed in."""
    names = [f"{PREFIX}{area_code}-{number}" for number in range(count)]
    users = User.objects.bulk_create([User(username=name, name=name, password="!unusable") for name in names])
    Posting.objects.bulk_create([Posting(user=user, role=role, area_code=area_code, starts_on=timezone.localdate()) for user in users])
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    sessions = []
    for user in users:
        held = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        expires = timezone.now() + timedelta(hours=1)
        sessions.append(Session(session_key=get_random_string(32), session_data=store.encode(held), expire_date=expires))
    Session.objects.bulk_create(sessions)
    return users, [session.session_key for session in sessions]


def remove(keys: list[str]) -> None:
    from tongshan_portal.live.models import Delivery

    Session.objects.filter(session_key__in=keys).delete()
    mine = User.objects.filter(username__startswith=PREFIX)
    Posting.objects.filter(user__in=mine).delete()
    Delivery.objects.filter(user__in=mine).delete()
    mine.delete()


def cookie(key: str) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={key}"
