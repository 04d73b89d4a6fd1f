"""The default categories, words and time limits: the portal's own, none of them official, written where there are none yet."""

from typing import Any

from django.db import router, transaction

from .enums import AnswerKind
from .models import Category, Keyword, Question, TimePolicy

CATEGORIES = (
    ("environment", None, "市容环境", "city environment", "normal", ("垃圾", "脏乱", "小广告", "油烟")),
    ("garbage", "environment", "暴露垃圾", "exposed garbage", "normal", ("垃圾堆", "乱倒垃圾")),
    ("street", None, "街面秩序", "street order", "normal", ("占道", "乱停", "摆摊")),
    ("facilities", None, "公用设施", "public facilities", "normal", ("路灯", "井盖", "护栏", "消防栓")),
    ("manhole", "facilities", "井盖缺损", "missing manhole cover", "high", ("井盖缺", "井盖没", "井盖破")),
    ("roads", None, "道路交通", "roads and traffic", "normal", ("坑洼", "道路破损", "信号灯")),
    ("water", None, "供排水", "water and drainage", "high", ("积水", "漏水", "停水", "下水道")),
    ("safety", None, "安全隐患", "safety hazards", "high", ("隐患", "漏电", "燃气", "火灾", "裸露电线")),
    ("pollution", None, "环境污染", "pollution", "normal", ("污水", "异味", "噪音", "焚烧")),
    ("dispute_lead", None, "矛盾纠纷线索", "lead to a dispute", "normal", ("吵架", "纠纷", "争执")),
    ("welfare", None, "民生诉求", "livelihood needs", "normal", ("低保", "养老", "救助")),
    ("building", None, "违法建设", "illegal building", "normal", ("违建", "私搭")),
    ("other", None, "其他", "other", "normal", ()),
)
LIMITS = (
    ("accept", "", 2, "working_hour"), ("dispatch", "", 2, "working_hour"), ("sign_for", "", 4, "working_hour"),
    ("handle", "", 5, "working_day"), ("handle", "low", 10, "working_day"), ("handle", "high", 1, "working_day"),
    ("handle", "emergency", 4, "hour"), ("sign_for", "emergency", 15, "minute"), ("accept", "emergency", 10, "minute"),
    ("dispatch", "emergency", 10, "minute"), ("verify", "", 1, "working_day"), ("answer", "", 1, "working_day"),
    ("total", "", 7, "working_day"), ("total", "low", 12, "working_day"), ("total", "high", 3, "working_day"),
    ("total", "emergency", 24, "hour"), ("rate", "", 15, "day"), ("order", "", 1, "working_day"),
)  # fmt: skip


YES_NO_UNKNOWN = (("yes", "是", "yes"), ("no", "否", "no"), ("unknown", "不清楚", "not known"))
QUESTIONS = (
    ("safety", "danger", "现场是否有人有危险", "Is anybody in danger there", YES_NO_UNKNOWN),
    ("safety", "fenced", "是否已围挡或断电", "Is it fenced off or switched off", YES_NO_UNKNOWN),
    ("pollution", "when", "一般什么时候发生", "When does it usually happen", ()),
    ("building", "stage", "建到什么程度", "How far has it come", (
        ("begun", "刚动工", "just begun"), ("half", "正在建", "going on"), ("done", "已建成", "finished"),
    )),
)  # fmt: skip
"""Asked where a category is chosen, none of them compulsory: the portal's own, none official."""


@transaction.atomic
def write_defaults(**signal: Any) -> None:
    """After a migration: fill dictionaries that are empty. What an administrator changed is left alone."""
    using = signal.get("using", "default")
    if not router.allow_migrate_model(using, Category) or Category.objects.using(using).exists():
        return
    known: dict[str | None, Category] = {None: None}  # type: ignore[dict-item]
    for code, parent, zh, en, urgency, words in CATEGORIES:
        known[code] = Category.objects.create(code=code, parent=known[parent], label_zh=zh, label_en=en, urgency=urgency, is_default=True)
        Keyword.objects.bulk_create(Keyword(word=word, category=known[code]) for word in words)
    Question.objects.bulk_create(
        Question(
            category=known[category],
            code=code,
            label_zh=zh,
            label_en=en,
            kind=AnswerKind.CHOICE if choices else AnswerKind.TEXT,
            choices=[{"code": one, "zh": word, "en": english} for one, word, english in choices],
            is_default=True,
        )
        for category, code, zh, en, choices in QUESTIONS
    )
    if not TimePolicy.objects.exists():
        TimePolicy.objects.bulk_create(
            TimePolicy(stage=stage, urgency=urgency, amount=amount, unit=unit) for stage, urgency, amount, unit in LIMITS
        )
