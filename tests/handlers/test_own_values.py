"""A word that means something else is a value of the goods that have it: 陶瓷 of a table top, 锂电池 of a lock."""

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
gate,推拉门,,移门,樘
rail,滑轨,,抽屉轨道,副
lock,门锁,,锁,把
heater,太阳能热水器,,,台
roof,屋面瓦,,瓦,平方米
window,铝合金窗,,断桥铝|窗户,平方米
cabinet,浴室柜,,,套
wire,电线,,,卷
paint,防锈漆,,铁门漆,桶
"""
PRODUCTS = """sku,title,category,price,轨道,电源,集热,瓦型,材质,玻璃,台面,承重,长度,线径
g1,移门甲,gate,900,吊轨,,,,,双玻,,,,
g2,移门乙,gate,800,地轨,,,,,单玻,,,,
r1,滑轨甲,rail,40,,,,,,,,25kg,450mm,
r2,滑轨乙,rail,45,,,,,,,,45kg,350mm,
l1,门锁甲,lock,500,,锂电池,,,,,,,,
l2,门锁乙,lock,400,,干电池,,,,,,,,
h1,热水器甲,heater,3000,,,平板,,,,,,,
h2,热水器乙,heater,2900,,,真空管,,,,,,,
t1,瓦甲,roof,30,,,,平板,,,,,,
t2,瓦乙,roof,32,,,,波形,,,,,,
w1,窗甲,window,600,,,,,断桥铝,三玻,,,,
w2,窗乙,window,500,,,,,普通铝合金,双玻,,,,
c1,柜甲,cabinet,900,,,,,实木,,陶瓷,,,
c2,柜乙,cabinet,700,,,,,铝合金,,岩板,,,
e1,电线甲,wire,90,,,,,,,,,,1.5平方
e2,电线乙,wire,150,,,,,,,,,,4平方
p1,铁红色防锈漆,paint,60,,,,,,,,,,
p2,银灰色防锈漆,paint,70,,,,,,,,,,
"""


@cache
def _parts() -> Parts:
    return assistant_over(categories=CATEGORIES, products=PRODUCTS)


def _ask(*texts: str) -> dict[str, Any]:
    """Say one thing after the other; return the last answer."""
    session, told = Session(), {}
    for text in texts:
        answer, session = _parts().assistant.respond(Question(text, NOW), session)
        told = answer_json(None, answer, _parts().wording, 0)
    return told


@pytest.mark.parametrize(
    ("texts", "sku"),
    [
        (("推拉门要吊轨的",), "g1"),
        (("吊轨的推拉门有没有",), "g1"),
        (("看看推拉门", "吊轨的"), "g1"),
        (("锂电池的门锁",), "l1"),
        (("门锁要干电池的",), "l2"),
        (("太阳能热水器，平板的",), "h1"),
        (("平板的瓦",), "t1"),
        (("铝合金窗要断桥铝的",), "w1"),
        (("双玻的铝合金窗",), "w2"),
        (("陶瓷台面的浴室柜",), "c1"),
        (("浴室柜 铝合金",), "c2"),
        (("450的滑轨",), "r1"),
        (("40公斤以上的滑轨",), "r2"),
        (("400mm以内的滑轨",), "r2"),
    ],
)
def test_the_goods_tell_what_the_word_means(texts: tuple[str, ...], sku: str) -> None:
    told = _ask(*texts)
    assert told["products"] == [sku], told["text"]
    assert not told.get("relaxed")


@pytest.mark.parametrize("text", ["锂电池有吗", "平板电脑", "来块平板"])
def test_without_goods_that_have_it_the_word_keeps_its_meaning(text: str) -> None:
    assert not _ask(text).get("products")


def test_goods_named_for_themselves_stay_goods() -> None:
    assert _ask("抽屉轨道有哪些")["categories"] == ["rail"]


def test_of_several_kinds_those_are_named_that_are_left() -> None:
    assert _ask("推拉门和门锁", "干电池的")["categories"] == ["lock"]
    assert _ask("推拉门和门锁", "便宜点的")["categories"] == ["gate", "lock"]


def test_the_beginning_of_a_value_that_only_counts_is_none() -> None:
    assert "attributes" not in _ask("门锁要5把")["filters"]


def test_only_the_value_said_is_refused_and_not_its_unit() -> None:
    assert _ask("电线不要4平方的")["products"] == ["e1"]


def test_what_is_painted_says_nothing_of_the_paint() -> None:
    assert len(_ask("铁栏杆上刷的防锈漆")["products"]) > 1
