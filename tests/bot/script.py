"""A scripted assistant: real answers of every block type, by what is said. It stands in where a channel alone is tested."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from bot.wording import CHINA, Wording, load_wording
from handlers.session import Session
from handlers.turn import (
    Action,
    Answer,
    Card,
    Choice,
    Entry,
    Listing,
    Money,
    Note,
    Prose,
    Question,
    Say,
    Table,
    say,
)

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=CHINA)
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> **加粗** & {total}"
TEST_MESSAGES = {
    "t.text": "{text}",
    "t.total": "找到 {total} 件带认证的内墙漆，先看 {shown} 件：",
    "t.price": "{price}，{day}的价",
    "t.certified": "绿色建材认证 {stars} 星，有效期到 {until}",
    "t.reason": "推荐理由：{reason}",
    "t.more": "再看几件",
    "t.cheaper": "便宜点的",
    "t.second": "第 {number} 件细说",
    "t.source": "证书数据截至 {day}，可到认e云核对。",
}


def test_wording() -> Wording:
    shipped = load_wording()
    return Wording(shipped.locale, {**shipped.messages, **TEST_MESSAGES})


test_wording.__test__ = False  # a helper, no test


def text(value: str):
    return say("t.text", text=value)


def product(number: int, title: str, price: str, reason: str, stars: int = 3) -> Entry:
    lines = (
        say("t.certified", stars=stars, until=date(2028, 6, 30)),
        say("t.price", price=Money(Decimal(price), "桶"), day=date(2026, 11, 20)),
        say("t.reason", reason=reason),
    )
    return Entry(title, lines, ("product", f"SKU{number}"), number)


LIST = Answer(
    "recommend",
    (
        Say(say("t.total", total=12, shown=3)),
        Listing(
            (
                product(1, "江晚305 净味内墙乳胶漆 18L 哑光白", "168", "每桶能刷 90 平方米，折下来最省"),
                product(2, "禾木 竹炭内墙漆 5L", "99.5", "价钱最低", 2),
                product(3, "青瓦 儿童房水性漆 10L", "260", "甲醛释放量最低的一档"),
            )
        ),
        Note(say("t.source", day=date(2026, 11, 21))),
    ),
    (
        Choice(say("t.more"), Action("more")),
        Choice(say("t.cheaper"), Action("cheaper", ("paint", "99.5"))),
        Choice(say("t.second", number=2), Action("show_product", ("SKU2",))),
    ),
    categories=("paint",),
    filters={"certified": True, "price_max": Decimal(300), "schemes": ("green_building_material",)},
    total=12,
    products=("SKU1", "SKU2", "SKU3"),
)
CARD = Answer(
    "detail",
    (
        Card(
            "禾木 竹炭内墙漆 5L",
            (
                (text("认证"), say("t.certified", stars=2, until=date(2028, 6, 30))),
                (text("价格"), say("t.price", price=Money(Decimal("99.5"), "桶"), day=date(2026, 11, 20))),
                (text("能刷多大"), text("一桶一遍约 25 平方米")),
                (text("送货"), text("送到村口，上楼不清楚，要问店家")),
            ),
            ("product", "SKU2"),
            url="https://shop.example/p/2?a=1&b=2",
        ),
        Note(say("t.source", day=date(2026, 11, 21))),
    ),
    products=("SKU2",),
)
TABLE = Answer(
    "compare",
    (
        Table(
            ("江晚305 净味内墙乳胶漆 18L 哑光白", "禾木 竹炭内墙漆 5L", "青瓦 儿童房水性漆 10L"),
            (
                (text("价格"), (text("168 元/桶"), text("99.50 元/桶"), text("260 元/桶"))),
                (text("星级"), (text("三星"), text("二星"), text("三星"))),
                (text("适合"), (text("客厅、卧室，面积大"), text("小房间补刷"), text("儿童房、老人房"))),
            ),
        ),
        Say(text("面积大选第 1 件，只刷一间选第 2 件。")),
    ),
    products=("SKU1", "SKU2", "SKU3"),
)
GUIDE_BODY = """## 先看证，再看桶

挑内墙漆**先看证书**，再算要几桶：

1. 看证书编号，能在[认e云](https://cx.cnca.cn)查到。
2. 看有效期。
3. 按面积算桶数。

- 味道小不等于没有甲醛
- 送检报告不是证书

| 房间 | 桶数 |
| --- | --- |
| 15 平卧室 | 1 桶 |
| 30 平客厅 | 2 桶 |

> 拿不准就问一句。<b>不是标签</b>
"""
GUIDE = Answer("guide", (Prose("内墙漆怎么挑", GUIDE_BODY, ("guide", "g1")),), guides=("g1",))
EVIL = Answer(
    "recommend",
    (
        Say(text(NASTY)),
        Listing((Entry(NASTY, (text(NASTY),), ("product", NASTY), 1, "javascript:alert(3)", "javascript:alert(4)"),)),
        Card(NASTY, ((text(NASTY), text(NASTY)),), image_url="javascript:alert(5)", url="javascript:alert(6)"),
        Table((NASTY, NASTY), ((text(NASTY), (text(NASTY), text(NASTY))),)),
        Prose(NASTY, f"# {NASTY}\n\n- [点这](javascript:alert(7))\n\n{NASTY}"),
        Note(text(NASTY)),
    ),
    (Choice(text(NASTY), Action("more", (NASTY,))),),
)
LONG = Answer("guide", (Prose("很长的指南", "\n\n".join(["这一段说的是防水。" * 30] * 40)),))
SEVERAL = LIST.with_(
    also=(CARD.with_(choices=(Choice(say("t.more"), Action("more")), Choice(text("看证书"), Action("cheaper")))), GUIDE)
)
HELLO = Answer("smalltalk", (Say(text("您好，想找什么材料？")),))

ANSWERS = {
    "哪些涂料有认证": LIST,
    "细说": CARD,
    "比一比": TABLE,
    "怎么挑": GUIDE,
    "坏标题": EVIL,
    "长": LONG,
    "几件事": SEVERAL,
}
PRESSED = {"more": CARD, "cheaper": TABLE, "show_product": CARD}


class ScriptedAssistant:
    """Answers from the script, counts the turns in the session and remembers what it was asked."""

    def __init__(self) -> None:
        self.heard: list[Question] = []

    def respond(self, question: Question, session: Session) -> tuple[Answer, Session]:
        self.heard.append(question)
        if question.text == "出错":
            raise RuntimeError("scripted failure")
        turns = session.data.get("turns", 0) + 1
        later = session.copy()
        later.data["turns"] = turns
        if question.action:
            return PRESSED[question.action.name], later
        if question.text == "第几句":
            return Answer("smalltalk", (Say(text(f"这是第 {turns} 句。")),)), later
        return ANSWERS.get(question.text, HELLO), later

    def intent_alone(self, question: Question) -> str:
        return ANSWERS.get(question.text, HELLO).intent
