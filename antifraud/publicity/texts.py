"""The advice that comes with the portal: the ten types of the police (2023), under the codes of the fraud alerts.

The wording is the portal's own and labelled so until the anti-fraud desk has written its own. Numbers: 96110 is the anti-fraud line,
110 the police; no other number is named.
"""

NOW = (
    (
        "立即挂断电话，停止聊天，不再转账",
        "不共享屏幕，不告诉任何人验证码和密码",
        "拿不准的，拨打反诈专线96110咨询",
        "已经转账的，立即拨打110，说清转账时间、金额和对方账号",
        "保留聊天记录、转账凭证和来电号码",
    ),
    (
        "Hang up, stop the chat, send no more money",
        "Share no screen, tell nobody a code or a password",
        "Not sure? Call the anti-fraud line 96110",
        "If money is gone, call 110 at once: when, how much, to which account",
        "Keep the chat, the receipts and the caller's number",
    ),
)
"""What to do now: the same for every type, first of all to hang up."""


Items = tuple[tuple[str, ...], tuple[str, ...]]
"""The items of a part in Chinese and in English."""


def _advice(code: str, title: tuple[str, str], summary: tuple[str, str], how: Items, signs: Items) -> dict[str, str]:
    """The fields of a version: every part in both languages, one item a line."""
    parts = {"title": title, "summary": summary}
    for part, (zh, en) in (("how", how), ("signs", signs), ("now", NOW)):
        parts[part] = ("\n".join(zh), "\n".join(en))
    return {"code": code, **{f"{part}_{tongue}": pair[place] for part, pair in parts.items() for place, tongue in enumerate(("zh", "en"))}}


ADVICE = [
    _advice(
        "brushing",
        ("刷单返利", "Paid orders with rebate"),
        ("凡是先垫钱、后返利的“任务”，都是诈骗。", "Every “task” that wants your money first is a fraud."),
        (
            (
                "被拉进群，做点赞、关注的小任务，真的收到几元返利",
                "被要求下载陌生软件，垫付“大单”",
                "说“操作失误”“任务未完成”，要再转钱才能提现",
            ),
            (
                "You are added to a group; small tasks really pay a few yuan",
                "You install an unknown app and pay for a “large order”",
                "“A mistake”, “task unfinished”: you must pay again before you can withdraw",
            ),
        ),
        (
            (
                "先垫资，后返利",
                "要求到网站外的软件里做任务",
                "不断加码才能提现",
            ),
            (
                "Pay first, rebate later",
                "Tasks in an app from outside the shops",
                "Pay more before you can withdraw",
            ),
        ),
    ),
    _advice(
        "investment",
        ("虚假投资理财", "False investment"),
        ("没有稳赚不赔的投资，能提现小额不等于平台是真的。", "No investment only wins; a small payout does not make the platform real."),
        (
            (
                "网上结识“导师”“老师”，被拉进股票、虚拟币群",
                "照着指导投一点，能提现，于是加大投入",
                "想取出时被要求交“税”“保证金”，或者平台打不开",
            ),
            (
                "A “mentor” met online invites you to a group on shares or coins",
                "A little invested pays out, so you invest more",
                "To withdraw you must pay “tax” or a “deposit”, or the platform is gone",
            ),
        ),
        (
            (
                "保证高收益、有内幕消息",
                "平台从链接下载，应用商店里没有",
                "收款方是个人账户，经常更换",
            ),
            (
                "Sure profit, inside knowledge",
                "The app comes by a link, not from the store",
                "Payments go to private accounts that change",
            ),
        ),
    ),
    _advice(
        "shopping",
        ("虚假购物服务", "False shopping and services"),
        ("脱离平台私下付款，钱和货都没有保障。", "A payment outside the platform is not protected."),
        (
            (
                "在短视频、朋友圈看到低价商品或服务",
                "对方要求加好友，直接转账或者扫码",
                "付款后说要再交运费、定金、手续费，或者被拉黑",
            ),
            (
                "Low prices in short videos or among friends' posts",
                "You are asked to add a contact and to pay directly or by a code",
                "Then freight, deposit or fees are asked for, or you are blocked",
            ),
        ),
        (
            (
                "价格明显低于市场",
                "拒绝在原平台付款",
                "一再以各种理由加钱",
            ),
            (
                "Far below the market price",
                "They refuse payment on the platform",
                "More money for ever new reasons",
            ),
        ),
    ),
    _advice(
        "customer_service",
        ("冒充电商物流客服", "False customer service"),
        ("真客服退款，不会让您转账、贷款或者共享屏幕。", "Real customer service needs no transfer, loan or shared screen for a refund."),
        (
            (
                "来电能说出您的订单信息，称商品有问题、快递丢失要理赔，或者误开会员",
                "让您下载会议软件、共享屏幕",
                "引导您转账到“安全账户”或者贷款",
            ),
            (
                "The caller knows your order: faulty goods, a lost parcel, a membership opened by mistake",
                "You install a meeting app and share the screen",
                "You are led to a “safe account” or into a loan",
            ),
        ),
        (
            (
                "主动来电谈退款、取消会员",
                "要求共享屏幕",
                "说不处理会影响征信",
            ),
            (
                "An unasked call about a refund or membership",
                "You shall share your screen",
                "Threats with your credit record",
            ),
        ),
    ),
    _advice(
        "loan",
        ("虚假贷款", "False loan"),
        ("放款之前先收费的，都是诈骗。", "A lender that wants money first is a fraud."),
        (
            (
                "短信、电话说“无抵押、低利率、秒到账”",
                "下载软件后显示额度，却提不出来",
                "要交保证金、解冻费、流水费",
            ),
            (
                "Messages promise loans without security within seconds",
                "An app shows your limit, but nothing is paid out",
                "You must pay a deposit, an “unfreezing” or a bank-record fee",
            ),
        ),
        (
            (
                "放款前收费",
                "说银行卡号填错，要“解冻”",
                "收款方是个人账户",
            ),
            (
                "Fees before the loan",
                "“Wrong card number”, to be “unfrozen”",
                "The fee goes to a private account",
            ),
        ),
    ),
    _advice(
        "credit_record",
        ("虚假征信", "False credit record"),
        ("征信由中国人民银行管理，谁也不能花钱修改。", "The central bank keeps credit records; nobody changes them for money."),
        (
            (
                "自称平台或银保监客服，说您有“学生贷”“不良记录”",
                "说不注销会影响征信",
                "让您贷款转入“对公账户”“验证账户”",
            ),
            (
                "A caller speaks of a “student loan” or a “bad record” in your name",
                "It would spoil your credit record",
                "You take loans and pass the money to a “verification account”",
            ),
        ),
        (
            (
                "来电谈注销账户、修复征信",
                "要求在多个平台贷款后转出",
                "要求全程不挂电话、共享屏幕",
            ),
            (
                "A call about closing accounts or repairing records",
                "Loans on several platforms, to be passed on",
                "You shall stay on the line and share the screen",
            ),
        ),
    ),
    _advice(
        "acquaintance",
        ("冒充领导熟人", "False superiors and acquaintances"),
        ("网上提到转账的，打电话或者当面核实本人。", "Whoever asks for money online: call the person or ask face to face."),
        (
            (
                "用领导、老师、亲友的头像和姓名加您",
                "寒暄之后说有急事不便出面，请您代转",
                "发来假的转账截图，催您马上付",
            ),
            (
                "Somebody with the picture and name of a superior, teacher or relative adds you",
                "After a greeting: something urgent, please transfer for me",
                "A forged receipt, and you are hurried",
            ),
        ),
        (
            (
                "新加的账号谈钱",
                "不接电话、不开视频",
                "催促、要求保密（换脸、换声也能造假）",
            ),
            (
                "A new account talks of money",
                "No call, no video",
                "Haste and secrecy (faces and voices can be forged too)",
            ),
        ),
    ),
    _advice(
        "authority",
        ("冒充公检法", "False police, prosecutors and courts"),
        ("公检法不会电话办案，也没有“安全账户”。", "No authority handles a case by telephone, and there is no “safe account”."),
        (
            (
                "自称公安、检察院、法院，说您涉嫌洗钱、护照有问题",
                "出示假的“通缉令”，要求保密、独自待着",
                "让您把钱转入“安全账户”核查",
            ),
            (
                "“Police” or “court” say that you are suspected of money laundering",
                "You see a forged warrant and must keep silent and stay alone",
                "Your money shall go to a “safe account” for a check",
            ),
        ),
        (
            (
                "电话、网络里出示证件和通缉令",
                "要求不告诉家人",
                "出现“安全账户”“资金清查”",
            ),
            (
                "Warrants shown by telephone or online",
                "You must not tell your family",
                "“Safe account”, “checking your funds”",
            ),
        ),
    ),
    _advice(
        "romance",
        ("网络婚恋交友", "Online romance"),
        ("没见过面就谈钱、谈投资的，要当心诈骗。", "Beware of whoever talks of money before you have met."),
        (
            (
                "网上结识，对方条件好，嘘寒问暖",
                "迟迟不见面，说在国外、在部队、很忙",
                "以急用、路费、带您投资为由要钱",
            ),
            (
                "You meet online; the other is charming and well off",
                "A meeting never comes: abroad, in the army, too busy",
                "Then money: an emergency, travel, a joint investment",
            ),
        ),
        (
            (
                "没见过面就谈钱",
                "带您投资、博彩",
                "要求发私密照片、视频",
            ),
            (
                "Money before a meeting",
                "Leads you to invest or to bet",
                "Asks for private pictures or videos",
            ),
        ),
    ),
    _advice(
        "game_trade",
        ("网络游戏虚假交易", "False trade in online games"),
        ("脱离官方平台买卖账号、装备，没有保障。", "Deals in accounts and items outside the official platform are not safe."),
        (
            (
                "说高价收账号、低价卖装备、免费领皮肤",
                "发来链接，让您到陌生网站交易",
                "说账户冻结，要交“解冻金”；有的专骗未成年人用家长手机付款",
            ),
            (
                "High prices for accounts, cheap items, free skins",
                "A link leads to an unknown site",
                "The account is “frozen”, pay to “unfreeze” it; some make children pay with their parents' phone",
            ),
        ),
        (
            (
                "要求离开官方平台交易",
                "提现要先交钱",
                "让孩子拿家长手机操作",
            ),
            (
                "The deal leaves the official platform",
                "Pay before you withdraw",
                "A child shall use the parents' phone",
            ),
        ),
    ),
]
