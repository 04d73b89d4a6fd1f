"""The index of messages as an Atom feed (RFC 4287): one entry for each CAP message that is still news."""

import hashlib
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from ..enums import MessageKind, NoticeState
from ..models import CapMessage, IssuingUnit
from ..settings import FEED_DAYS
from .document import cap_time

ATOM = "http://www.w3.org/2005/Atom"
CAP_TYPE = "application/cap+xml"
MOST = 200


def entries(now: datetime) -> list[CapMessage]:
    """The messages of notices in force, and updates and cancellations of the last days together with what they are about; newest first."""
    recent = now - timedelta(days=FEED_DAYS)
    in_force = Q(notice__state=NoticeState.PUBLISHED, notice__valid_until__gt=now)
    rows = CapMessage.objects.filter(in_force | Q(notice__ended_at__gt=recent) | Q(kind=MessageKind.CANCEL, sent_at__gt=recent))
    return list(rows.select_related("notice__advice__text").defer("document").order_by("-sent_at", "-pk")[:MOST])


def tag_of(rows: Sequence[CapMessage], address: str) -> str:
    """The same while the same messages stand in it under the same address, by the same issuing unit."""
    unit = IssuingUnit.objects.get(pk=1)
    parts = [address, unit.name_zh, unit.name_en, *(row.digest for row in rows)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def write(rows: Sequence[CapMessage], address: str, link: Callable[[CapMessage], str], page: Callable[[CapMessage], str]) -> str:
    """The feed: `link` answers the address of a message, `page` that of the page for people."""
    ET.register_namespace("", ATOM)
    unit = IssuingUnit.objects.get(pk=1)
    root = ET.Element(_atom("feed"))
    _text(root, "id", _urn(settings.CAP_SENDER))
    _text(root, "title", "铜山区防范电信网络诈骗提示 · Notices against fraud")
    _text(root, "updated", cap_time(rows[0].sent_at if rows else datetime.fromisoformat("2021-01-01T00:00:00+08:00")))
    _text(ET.SubElement(root, _atom("author")), "name", f"{unit.name_zh} · {unit.name_en}")
    ET.SubElement(root, _atom("link"), rel="self", href=address, type="application/atom+xml")
    for row in rows:
        entry = ET.SubElement(root, _atom("entry"))
        _text(entry, "id", _urn(row.identifier))
        _text(entry, "title", _title(row))
        _text(entry, "updated", cap_time(row.sent_at))
        _text(entry, "summary", row.notice.body("zh"))
        ET.SubElement(entry, _atom("category"), term=row.kind)
        ET.SubElement(entry, _atom("link"), rel="alternate", href=link(row), type=CAP_TYPE)
        ET.SubElement(entry, _atom("link"), rel="related", href=page(row), type="text/html")
    return ET.tostring(root, encoding="unicode")


def _title(row: CapMessage) -> str:
    """The headline in both languages; of a cancellation that it is one."""
    zh, en = row.notice.headline("zh"), row.notice.headline("en")
    return f"已撤销：{zh} · Cancelled: {en}" if row.kind == MessageKind.CANCEL else f"{zh} · {en}"


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _urn(name: str) -> str:
    """A name that never changes, made of the identifier."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"cap:{name}").urn


def _text(parent: ET.Element, name: str, value: str) -> None:
    ET.SubElement(parent, _atom(name)).text = value
