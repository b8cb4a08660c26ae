"""Properties in people's own words, found by whatever the goods call them."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from bot.bootstrap import Parts
from bot.plain import answer_json
from handlers.session import Session
from handlers.turn import Question
from tests.assistants import NOW
from tests.shelves import assistant_over

CATEGORIES = """code,name,parent,synonyms,unit
blind,窗帘轨,,,套
closet,衣柜,,,套
tap,台盆龙头,,,个
tank,储水罐,,水箱,个
tile,瓷砖,,,片
socket,墙壁插座,,插座,个
"""
PRODUCTS = """sku,title,category,price,features,开合方式,门数,出水形式,感应功能,容积,净重承载,表面纹理,防护
b1,轨甲,blind,90,,卷帘,,,,,20kg,,
b2,轨乙,blind,80,,升降,,,,,50kg,,
k1,柜甲,closet,900,防攀爬,,三门,,,,,,
k2,柜乙,closet,700,静音,,四门,,,,,,
t1,龙头甲,tap,200,,,,抽拉式,无,,,,
t2,龙头乙,tap,300,,,,固定式,红外感应,,,,
w1,罐甲,tank,600,,,,,,500L,,,
w2,罐乙,tank,900,,,,,,1000L,,,
a1,砖甲,tile,30,,,,,,,,木纹,
a2,砖乙,tile,32,,,,,,,,石纹,
s1,插座甲,socket,20,防溅,,,,,,,,IP55
s2,插座乙,socket,18,阻燃,,,,,,,,IP20
"""


@cache
def _parts() -> Parts:
    return assistant_over(categories=CATEGORIES, products=PRODUCTS)


def _ask(text: str) -> dict[str, Any]:
    answer, _ = _parts().assistant.respond(Question(text, NOW), Session())
    return answer_json(None, answer, _parts().wording, 0)


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("窗帘轨要能卷上去的", "b1"),  # a character tells it
        ("衣柜四扇门的", "k2"),
        ("衣柜要不吵人的", "k2"),
        ("龙头要能抽出来的", "t1"),
        ("带感应的台盆龙头", "t2"),
        ("不带感应的台盆龙头", "t1"),
        ("一吨的水箱", "w2"),
        ("能吊一百斤的窗帘轨", "b2"),
        ("木纹砖", "a1"),
        ("插座要防水的", "s1"),  # what these call 防溅
        ("防水到IP55的插座", "s1"),
    ],
)
def test_the_goods_are_found_by_what_they_call_it(text: str, sku: str) -> None:
    told = _ask(text)
    assert told["products"] == [sku], told["text"]


def test_what_none_has_is_named() -> None:
    told = _ask("衣柜要会发光的")
    assert "没有按它挑" in told["text"]
