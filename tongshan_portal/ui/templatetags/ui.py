"""Small pieces of markup that every page shares."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

from grids.areas.names import name_of
from tongshan_portal.kernel import clock

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> str:
    """An outline icon of the sprite, for the eye only: a word stands beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons/sprite.svg"), name)


@register.simple_tag
def badge(words, tone: str = "plain", symbol: str = "") -> str:
    """A state as a badge: its tone is a token, its words say the same."""
    return _badge(conditional_escape(words), tone, symbol)  # escaped before it is remembered: what is equal there is equal markup


@lru_cache(maxsize=1024)
def _badge(words: str, tone: str, symbol: str) -> str:
    picture = icon(symbol) if symbol else ""
    return format_html('<span class="badge badge--{}">{}{}</span>', tone, picture, words)


@register.simple_tag
def moment(at: datetime | None) -> str:
    """A time as people say it, with the exact one on hover, in print and for machines."""
    if at is None:
        return "–"
    local, now = timezone.localtime(at), clock.now()
    if at <= now:
        words = _("%(time)s ago") % {"time": timesince(at, now, depth=1)}
    else:
        words = _("in %(time)s") % {"time": timeuntil(at, now, depth=1)}
    exact = date_format(local, "Y-m-d H:i")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="minutes"), exact, words)


@register.simple_tag
def due(at: datetime) -> str:
    """A due time as people say it, with the day and hour beside it: what is left, or how long it is over."""
    local, now = timezone.localtime(at), clock.now()
    if at < now:
        words = _("%(time)s over") % {"time": timesince(at, now, depth=1)}
    else:
        words = _("%(time)s left") % {"time": timeuntil(at, now, depth=1)}
    exact = date_format(local, "H:i" if local.date() == timezone.localtime(now).date() else "m-d H:i")
    return format_html('<time datetime="{}">{} · {}</time>', local.isoformat(timespec="minutes"), words, exact)


@register.filter
def area_name(code: str) -> str:
    """The name of an area, from memory."""
    return name_of(code)


@register.simple_tag(takes_context=True)
def current(context, url_name: str) -> str:
    """`aria-current="page"` on the link to the page that is being read."""
    match = getattr(context.get("request"), "resolver_match", None)
    return mark_safe('aria-current="page"') if match is not None and match.view_name == url_name else ""
