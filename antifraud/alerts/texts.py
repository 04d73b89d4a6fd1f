"""What is said and looked for at the door, for each of the ten types of fraud (the police's of 2023). The wording is the portal's own."""


def _type(code: str, zh: str, en: str, script: tuple[str, str], checks: tuple[str, str], advice: tuple[str, str]) -> dict[str, str]:
    """The fields of a fraud type. The first items of every checklist are the same: who it is, what has happened, what must stop now."""
    return {
        "code": code,
        "label_zh": zh,
        "label_en": en,
        "script_zh": f"您好，我们接到预警，您可能正遇到{zh}类诈骗。{script[0]}请先不要再转账，也不要共享屏幕。",
        "script_en": f"We were warned that you may be facing a fraud ({en}). {script[1]} Please send no more money, share no screen.",
        "checklist_zh": "\n".join(
            (
                "核实身份，出示工作证件",
                "问清是否已转账、转给谁、多少、何时",
                checks[0],
                "需要止付的，立即报警并联系银行",
                "留下联系电话，告知会回访",
            )
        ),
        "checklist_en": "\n".join(
            (
                "Check who it is, show your own card",
                "Ask whether money was sent: to whom, how much, when",
                checks[1],
                "Where money can be stopped: police and bank at once",
                "Leave a number, say that somebody will call again",
            )
        ),
        "advice_zh": advice[0],
        "advice_en": advice[1],
    }


TYPES = [
    _type(
        "brushing", "刷单返利", "paid orders with rebate",
        ("凡是先垫钱再返利的“任务”都是诈骗。", "Every “task” that wants your money first is a fraud."),
        ("查看是否下载陌生软件、加入任务群", "Look for unknown apps and task groups on the phone"),
        ("刷单本身违法；小额返利只是诱饵。", "Such orders are illegal in themselves; the small rebate is the bait."),
    ),
    _type(
        "investment", "虚假投资理财", "false investment",
        ("没有稳赚不赔的投资，能提现小额不代表平台是真的。", "No investment only wins; a small payout does not make the platform real."),
        ("查看投资平台名称、能否提现、谁介绍的", "Note the platform, whether money comes out, who introduced it"),
        ("只通过持牌机构投资，不听“导师”带单。", "Invest through licensed institutions only; follow no “mentor”."),
    ),
    _type(
        "shopping", "虚假购物服务", "false shopping and services",
        ("低价商品、私下交易、先付定金都要当心。", "Beware of low prices, private deals and payments in advance."),
        ("查看付款记录和对方账号", "Look at the payment and the other side's account"),
        ("在正规平台付款，不点对方发来的链接。", "Pay on the platform itself, open no link that is sent to you."),
    ),
    _type(
        "customer_service", "冒充电商物流客服", "false customer service of shops or couriers",
        ("真客服不会让您转账、开会员或共享屏幕来退款。", "Real customer service needs no transfer and no shared screen for a refund."),
        ("检查手机是否正在共享屏幕或装有远程控制软件", "Check for screen sharing and remote control on the phone"),
        ("退款只在原平台办理，自己拨打官方电话核实。", "Refunds happen on the original platform; call its official number yourself."),
    ),
    _type(
        "loan", "虚假贷款", "false loan",
        ("放款前要交保证金、解冻费、流水费的都是诈骗。", "A lender that wants a deposit or a fee first is a fraud."),
        ("查看贷款软件和所谓“解冻”要求", "Look at the loan app and what it says must be “unfrozen”"),
        ("到银行办理贷款，不向个人账户缴费。", "Borrow at a bank; pay no fee to a private account."),
    ),
    _type(
        "credit_record", "虚假征信", "false credit record",
        ("个人征信由人民银行管理，任何人都不能花钱修改。", "The central bank keeps credit records; nobody changes them for money."),
        ("问清是否按对方要求贷款并转出", "Ask whether a loan was taken and passed on at their request"),
        ("征信问题只找人民银行或贷款银行。", "With questions on your record go to the central bank or your own bank."),
    ),
    _type(
        "acquaintance", "冒充领导熟人", "false superiors and acquaintances",
        ("请先打电话或当面向本人核实，再谈转账。", "Call or see the person before any transfer."),
        ("当场拨打被冒充人的电话核实", "Call the person in question, here and now"),
        ("网上提转账，一律电话或当面核实。", "Whoever asks for money online: check by telephone or face to face."),
    ),
    _type(
        "authority", "冒充公检法", "false police, prosecutors and courts",
        ("公检法不会电话办案，也没有“安全账户”。", "No authority handles a case by telephone, and there is no “safe account”."),
        ("确认是否被要求独处、保密、转入“安全账户”", "Ask whether she was told to be alone, keep silent, use a “safe account”"),
        ("挂断电话，到就近派出所核实。", "Hang up and ask at the nearest police station."),
    ),
    _type(
        "romance", "网络婚恋交友", "online romance",
        ("没见过面就谈钱、谈投资的，多半是诈骗。", "Whoever talks of money before you have met is most likely a fraud."),
        ("耐心倾听，不指责；问清是否带去投资或借款", "Listen, do not blame; ask whether it led to an investment or a loan"),
        ("不向没见过面的人转账，不发私密照片。", "Send no money and no private pictures to people you have not met."),
    ),
    _type(
        "game_trade", "网络游戏虚假交易", "false trade in online games",
        ("脱离官方平台的账号、装备交易没有保障。", "Deals in accounts and items outside the official platform are not safe."),
        ("当事人是未成年人的，请监护人在场", "Where the person is a minor, have the guardian present"),
        ("只在官方平台交易，不交“解冻金”。", "Trade on the official platform only, pay no “unfreezing” money."),
    ),
]  # fmt: skip
"""The ten types, in the order of the police's list."""
