"""The demo's notices: invented, marked synthetic on every page and as an exercise for other systems; led through the real actions."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.demo import LIUXIN, MAOCUN, VILLAGE

from .actions import broadcasting, publishing, writing
from .models import FraudNotice

SMS = "【演示】反诈提示：近期有人冒充快递客服理赔，请勿共享屏幕、勿转账。疑问拨打96110。"
WORDS = {
    "courier": (
        "customer_service", "urgent", "警惕冒充快递客服“理赔”", "Callers pretend to be courier services",
        "来电说您的快递丢失，要双倍理赔，随后让您下载会议软件、共享屏幕。请立即挂断，到原平台查询订单。",
        "A caller offers a refund for a lost parcel, then asks you to share your screen. Hang up, look at your order in the shop.",
    ),
    "harvest": (
        "loan", "important", "秋收时节警惕“农资贷款”骗局", "False farm loans at harvest time",
        "有人在村里微信群发布“农资低息贷款”，放款前要交保证金。凡是放款前收费的都是诈骗，请到银行办理。",
        "Cheap farm loans are offered in village groups, a deposit comes first. Who wants money first is a fraud. Go to a bank.",
    ),
    "coins": (
        "investment", "ordinary", "不信“老师”带单，不投陌生平台", "",
        "近期有“投资老师”拉人进群，推荐虚拟币平台。没有稳赚不赔的投资，请通过持牌机构理财。", "",
    ),
    "game": (
        "game_trade", "ordinary", "寒假将至，提醒孩子不点“免费皮肤”", "",
        "有人以免费领皮肤为名，诱导孩子用家长手机扫码付款。请家长保管好支付密码。", "",
    ),
    "school": (
        "acquaintance", "important", "警惕冒充班主任收取资料费", "Somebody pretends to be the class teacher",
        "有人混入家长群，冒充班主任收取“资料费”。请打电话向老师本人核实。",
        "Somebody in a parents' group collects fees in the teacher's name. Call the teacher first.",
    ),
}  # fmt: skip


def _draft(actor: Actor, name: str, areas: list[str], now: datetime, **given) -> FraudNotice:

    code, urgency, title_zh, title_en, text_zh, text_en = WORDS[name]
    return writing.draft_notice(
        actor=actor, areas=areas, now=now, is_synthetic=True, advice=writing.advice_in_use(code), urgency=urgency, title_zh=title_zh,
        title_en=title_en, text_zh=text_zh, text_en=text_en,
        **{"sms_text": "", "to_residents": True, "to_followers": False, "to_staff": True, "valid_until": now + timedelta(days=20), **given},
    )  # fmt: skip


def play(actors: Mapping[str, Actor], now: datetime) -> int:
    """Notices in force for the district, a town and a village, one to approve, one draft, one cancelled; answers how many."""
    desk, second, village = actors["antifraud"], actors["director"], actors["village"]

    def publish(row: FraudNotice) -> FraudNotice:
        publishing.submit_notice(actor=desk, notice_id=row.pk, now=now)
        return publishing.publish_notice(actor=second, notice_id=row.pk, now=now)

    publish(_draft(desk, "courier", [LIUXIN[:6]], now))
    harvest = publish(_draft(desk, "harvest", [LIUXIN, MAOCUN], now))
    publish(_draft(desk, "coins", [VILLAGE], now, to_followers=True, sms_text=SMS))
    gone = publish(_draft(desk, "school", [MAOCUN], now))
    publishing.cancel_notice(actor=desk, notice_id=gone.pk, reason="经核实为误传（演示）", now=now)
    publishing.submit_notice(actor=desk, notice_id=_draft(desk, "game", [LIUXIN], now).pk, now=now)
    writing.draft_update(actor=desk, notice_id=harvest.pk, now=now)
    for channel, place in (("loudspeaker", "一组、二组广播喇叭"), ("poster", "村部宣传栏")):
        broadcasting.record_broadcast(
            actor=village, notice_id=harvest.pk, area_code=VILLAGE, channel=channel, on=timezone.localdate(now), place=place, now=now
        )
    return 6
