"""One notice as a CAP 1.2 document, and nothing else: plain values in, bytes out."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}

SEVERITIES = {
    "ordinary": ("Expected", "Minor", "Likely"),
    "important": ("Expected", "Moderate", "Likely"),
    "urgent": ("Immediate", "Severe", "Observed"),
}
"""How urgent a notice is → urgency, severity and certainty of the standard: the portal's own reading, none of it official."""

GEOCODE = "CN-division-code"
"""What an area's code is called: the statistical division code, with the portal's own digits for grids."""


@dataclass(frozen=True, slots=True)
class CapArea:
    """Where: what it is called in each language, its code, and its closed rings as (latitude, longitude) in degrees, if known."""

    names: dict[str, str]
    code: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True, slots=True)
class CapText:
    """What is said, in one language."""

    event: str
    headline: str
    description: str
    instruction: str
    sender_name: str


@dataclass(frozen=True, slots=True)
class CapAlert:
    """A whole message. `references` are earlier messages as (sender, identifier, sent)."""

    identifier: str
    sender: str
    sent: datetime
    kind: str
    status: str
    note: str
    references: tuple[tuple[str, str, datetime], ...]
    event_code: str
    urgency: str
    effective: datetime
    expires: datetime
    web: str
    texts: dict[str, CapText]
    areas: Sequence[CapArea]


def cap_time(at: datetime) -> str:
    """A moment as the standard writes it: district time, whole seconds, the offset with a colon and never `Z`."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def write(alert: CapAlert) -> str:
    """The document. Elements come in the order of the schema."""
    root = ET.Element("alert", xmlns=NAMESPACE)
    references = " ".join(f"{sender},{identifier},{cap_time(sent)}" for sender, identifier, sent in alert.references)
    _add(
        root, identifier=alert.identifier, sender=alert.sender, sent=cap_time(alert.sent), status=alert.status, msgType=alert.kind,
        scope="Public", note=alert.note, references=references,
    )  # fmt: skip
    for tongue, text in alert.texts.items():
        _info(ET.SubElement(root, "info"), alert, tongue, text)
    return ET.tostring(root, encoding="unicode", xml_declaration=False)


def _info(info: ET.Element, alert: CapAlert, tongue: str, text: CapText) -> None:
    urgency, severity, certainty = SEVERITIES[alert.urgency]
    ended = alert.kind == "Cancel"
    _add(
        info, language=LANGUAGES[tongue], category="Security", event=text.event, responseType="AllClear" if ended else "Avoid",
        urgency="Past" if ended else urgency, severity=severity, certainty=certainty,
    )  # fmt: skip
    _pair(info, "eventCode", "fraud-type", alert.event_code)
    _add(
        info, effective=cap_time(alert.effective), expires=cap_time(alert.expires), senderName=text.sender_name, headline=text.headline,
        description=text.description, instruction=text.instruction, web=alert.web,
    )  # fmt: skip
    for one in alert.areas:
        area = ET.SubElement(info, "area")
        _add(area, areaDesc=one.names[tongue])
        for ring in one.rings:
            ET.SubElement(area, "polygon").text = " ".join(f"{lat:.5f},{lon:.5f}" for lat, lon in ring)
        _pair(area, "geocode", GEOCODE, one.code)


def _add(parent: ET.Element, **values: str) -> None:
    """Children in the order given; an empty one is left out."""
    for name, value in values.items():
        if value:
            ET.SubElement(parent, name).text = _clean(value)


def _pair(parent: ET.Element, name: str, value_name: str, value: str) -> None:
    pair = ET.SubElement(parent, name)
    ET.SubElement(pair, "valueName").text = value_name
    ET.SubElement(pair, "value").text = _clean(value)


def _clean(text: str) -> str:
    """Without the control characters that XML 1.0 cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n\r" or ord(sign) >= 32)
