"""Models of publicity against fraud."""

from .advice import Advice, AdviceText, IssuingUnit
from .broadcast import Broadcast
from .messages import CapMessage, MessageRun
from .notice import FraudNotice, NoticeArea

__all__ = ["Advice", "AdviceText", "Broadcast", "CapMessage", "FraudNotice", "IssuingUnit", "MessageRun", "NoticeArea"]
