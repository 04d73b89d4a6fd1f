"""Masks: as much of a sealed text as a colleague needs to recognise it, and no more. Also the one normal form per purpose."""

import enum
import re
import unicodedata
from collections.abc import Callable

HIDDEN = "****"
COMPOUND_SURNAMES = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 "
    "太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 "
    "漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五 "
)
"""Spaces between them, so that two characters are in it only when they are a surname."""
_TOWN = re.compile(r"^.*?(?:街道|镇|乡)(?!路|街)")
_COUNTY = re.compile(r"^(?:[^省市]*省)?(?:[^市]*市)?[^区县]*[区县]")


class Purpose(enum.StrEnum):
    """What a sealed text is: decides how it is masked and how it is compared."""

    PHONE = "phone"
    IDENTITY_NUMBER = "identity_number"
    NAME = "name"
    ADDRESS = "address"
    TEXT = "text"


def _plain(text: str) -> str:
    """Full-width characters as half-width, without spaces."""
    if text.isascii() and text.isalnum():
        return text
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def normal_phone(text: str) -> str:
    """Digits only, without the country code of China: `+86 138-1234 5678` is `13812345678`."""
    if len(text) == 11 and text.isascii() and text.isdigit():
        return text
    digits = re.sub(r"[^0-9+]", "", _plain(text))
    return re.sub(r"^(?:\+86|0086|86(?=1\d{10}$))", "", digits).replace("+", "")


def normal_identity_number(text: str) -> str:
    """Without separators, the check letter in capitals."""
    return re.sub(r"[^0-9A-Z]", "", _plain(text).upper())


def normal_text(text: str) -> str:
    """Without spaces, case or width."""
    return _plain(text).casefold()


def mask_phone(text: str) -> str:
    """`138****1234`. A short number keeps its last two digits."""
    digits = normal_phone(text)
    return f"{digits[:3]}{HIDDEN}{digits[-4:]}" if len(digits) >= 10 else f"{HIDDEN}{digits[-2:]}" if len(digits) > 4 else HIDDEN


def mask_identity_number(text: str) -> str:
    """`320***********1234`: province and district of issue are not told apart, day of birth is hidden."""
    number = normal_identity_number(text)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) >= 15 else HIDDEN


def mask_name(text: str) -> str:
    """`张*`, `欧阳**`, `M*** S***`: the surname, and how many characters follow."""
    name = unicodedata.normalize("NFKC", text).strip()
    if not name:
        return ""
    if name.isascii():
        return " ".join(f"{word[0]}***" for word in name.split())
    name = re.sub(r"\s+", "", name)
    shown = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    return name[:shown] + "*" * max(len(name) - shown, 1)


def mask_address(text: str) -> str:
    """`江苏省徐州市铜山区柳新镇****`: down to the town, or to the county where no town is named."""
    address = re.sub(r"\s+", "", text)
    found = _TOWN.match(address) or _COUNTY.match(address)
    return (found.group() if found else address[:2] if len(address) > 8 else "") + HIDDEN


def mask_text(text: str) -> str:
    """Nothing at all."""
    return HIDDEN if text else ""


_MASKS: dict[Purpose, Callable[[str], str]] = {
    Purpose.PHONE: mask_phone,
    Purpose.IDENTITY_NUMBER: mask_identity_number,
    Purpose.NAME: mask_name,
    Purpose.ADDRESS: mask_address,
    Purpose.TEXT: mask_text,
}
_NORMAL: dict[Purpose, Callable[[str], str]] = {
    Purpose.PHONE: normal_phone,
    Purpose.IDENTITY_NUMBER: normal_identity_number,
}


def mask(purpose: Purpose, text: str) -> str:
    """The text as it may be shown to whoever may see the row."""
    return _MASKS[purpose](text)


def normal(purpose: Purpose, text: str) -> str:
    """The form in which two texts of this purpose are the same."""
    return _NORMAL.get(purpose, normal_text)(text)
