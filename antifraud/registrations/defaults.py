"""The default relations and the sample consent text: the portal's own, none of them official, written where there are none yet."""

from typing import Any

from django.db import router, transaction

from tongshan_portal.kernel import clock

from .models import ConsentText, Relation

RELATIONS = [
    ("spouse", "配偶", "spouse"),
    ("parent", "父母", "parent"),
    ("grandparent", "祖父母、外祖父母", "grandparent"),
    ("child", "子女", "child"),
    ("sibling", "兄弟姐妹", "brother or sister"),
    ("other_relative", "其他亲属", "other relative"),
]
TEXT = {
    "handler_zh": "本区社会治理现代化指挥中心（示例文本，启用前请由公安机关和法务核定）",
    "handler_en": "The governance command centre of the district (sample text, to be approved by the police and legal staff before use)",
    "purpose_zh": (
        "用于反电信网络诈骗的预警劝阻：公安机关下发的预警信息涉及您的号码时，由社区民警、反诈专员或网格人员尽快联系您本人；"
        "您另行勾选同意的，紧急时可请已确认的家人给您打电话。不作他用。"
    ),
    "purpose_en": (
        "To warn you of telecom and online fraud: when a warning of the police is about your number, a community police "
        "officer, anti-fraud officer or grid worker contacts you as soon as possible; where you agree to it by a tick of its own, "
        "your family members who confirmed may be asked to call you. For nothing else."
    ),
    "data_zh": (
        "手机号码（加密保存，平时只显示首尾几位）、您选择的村（社区）、姓名（可不填）。定位只在您按下按钮时使用一次，不保存。"
        "绑定家人须由家人本人用其号码确认；未满十四周岁的，由监护人同意。"
    ),
    "data_en": (
        "Your mobile number (kept encrypted, shown by its first and last digits only), the village or community you choose, "
        "and your name if you give it. Your position is used once, when you press the button, and is not kept. A family member "
        "is bound only when confirming by the member's own number; for a child under fourteen the guardian consents."
    ),
    "retention_zh": "保存至您撤回同意为止；撤回后立即停止匹配，三十日内删除号码和姓名，只保留不能识别个人的数量统计。",
    "retention_en": (
        "Until you withdraw. From then on nothing is matched any more, and number and name are deleted within thirty days; "
        "only counts that identify nobody remain."
    ),
    "rights_zh": "您可以随时凭手机验证码查阅、更正、复制、删除您的信息，撤回同意与注册一样方便；不注册不影响您报警和求助。",
    "rights_en": (
        "With a code sent to your number you may see, correct, copy and erase your data at any time, and withdraw as easily as "
        "you registered. You can call the police and ask for help without registering."
    ),
    "contact_zh": "请联系所在社区民警或区指挥中心（示例，启用前请填写电话）；遇到诈骗请直接拨打110。",
    "contact_en": "Your community police officer or the command centre (sample, to be completed before use). In case of fraud call 110.",
}


@transaction.atomic
def write_defaults(**signal: Any) -> None:
    """After a migration: fill what is empty. What an administrator changed or published is left alone."""
    using = signal.get("using", "default")
    if not router.allow_migrate_model(using, Relation):
        return
    if not Relation.objects.using(using).exists():
        Relation.objects.using(using).bulk_create(
            Relation(code=code, label_zh=zh, label_en=en, is_default=True) for code, zh, en in RELATIONS
        )
    if not ConsentText.objects.using(using).exists():
        ConsentText.objects.using(using).create(version=1, published_at=clock.now(), is_default=True, **TEXT)
