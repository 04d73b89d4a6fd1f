"""What a browser says of itself, in words a person recognises."""

import re

from django.utils.translation import gettext as _

_BROWSERS = [
    ("MicroMessenger/", "WeChat"),
    ("DingTalk/", "DingTalk"),
    ("Edg/", "Edge"),
    ("QQBrowser/", "QQ Browser"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("UBrowser/", "UC Browser"),
    ("360SE", "360"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
_SYSTEMS = [
    (re.compile(r"OpenHarmony|HarmonyOS"), "HarmonyOS"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"iPhone|iPad"), "iOS"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"Mac OS X"), "macOS"),
    (re.compile(r"UOS|Kylin|Linux"), "Linux"),
]
_PHONE = re.compile(r"Mobile|iPhone|Android|OpenHarmony")


def browser_of(user_agent: str) -> str:
    """ "Edge", "WeChat", … or a word for an unknown one."""
    return next((name for sign, name in _BROWSERS if sign in user_agent), _("unknown browser"))


def system_of(user_agent: str) -> str:
    """ "Windows", "Android", … or a word for an unknown one."""
    return next((name for sign, name in _SYSTEMS if sign.search(user_agent)), _("unknown system"))


def is_phone(user_agent: str) -> bool:
    """Whether it is a hand-held device."""
    return bool(_PHONE.search(user_agent))
