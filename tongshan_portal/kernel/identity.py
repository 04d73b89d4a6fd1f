"""Numbers by which people and organisations are known: checked, in one normal form. Every error is a sentence about a field."""

import re
import unicodedata

from django.utils.translation import gettext as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from .errors import DomainError
from .sealed.masks import normal_phone

_MOBILE = re.compile(r"1[3-9]\d{9}")


def _compact(text: str) -> str:
    return re.sub(r"[\s\-‐-―]", "", unicodedata.normalize("NFKC", text)).upper()


def identity_number(text: str, *, field: str | None = None) -> str:
    """A resident identity number (GB 11643-1999: 18 characters, place, day of birth, check character), in its normal form."""
    number = _compact(text)
    try:
        return ric.validate(number)
    except InvalidLength:
        message = _("An identity number has 18 characters; this one has %(count)d.") % {"count": len(number)}
    except InvalidChecksum:
        message = _("The last character does not fit the identity number: please compare it with the card.")
    except ValidationError:
        message = _("This is not an identity number: please compare its digits with the card.")
    raise DomainError(message, field)


def credit_code(text: str, *, field: str | None = None) -> str:
    """A unified social credit code of an organisation (GB 32100-2015: 18 characters, the last a check character), in its normal form."""
    code = _compact(text)
    try:
        return uscc.validate(code)
    except InvalidLength:
        message = _("A unified social credit code has 18 characters; this one has %(count)d.") % {"count": len(code)}
    except InvalidChecksum:
        message = _("The last character does not fit the unified social credit code: please compare it with the licence.")
    except ValidationError:
        message = _("This is not a unified social credit code: please compare it with the licence.")
    raise DomainError(message, field)


def mobile_number(text: str, *, field: str | None = None) -> str:
    """A mobile number of mainland China: eleven digits, without country code."""
    number = normal_phone(text)
    if not _MOBILE.fullmatch(number):
        raise DomainError(_("A mobile number has 11 digits and begins with 13 to 19."), field)
    return number
