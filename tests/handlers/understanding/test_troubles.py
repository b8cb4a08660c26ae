"""What is wrong in the house, said in a frame: told apart from goods, qualities and rooms that only have the same words."""

from __future__ import annotations

import re

import pytest

from handlers.understanding.word_tables import WORDS, rows
from tests.handlers.conversation import read


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("我家西墙的皮老是起泡", "墙面起皮"),
        ("客厅墙上裂了一道大口子", "墙面开裂"),
        ("厨房水槽的水流不下去", "下水堵"),
        ("楼下来找说卫生间漏到他家了", "卫生间漏水"),
        ("楼上洗澡水没劲", "水小"),
        ("大门口晚上黑漆漆的", "院子黑"),
        ("自来水烧出来有水垢", "水质差"),
        ("顶楼夏天晒得跟火炉一样", "夏天热"),
        ("车库地面一走一层灰", "地面起砂"),
        ("瓷砖有几块翘起来了", "瓷砖空鼓"),
        ("爷爷膝盖不好蹲不住", "蹲不下去"),
        ("卧室的门关不上", "门关不上"),
        ("空开动不动就跳", "跳闸"),
        ("洗澡的时候一会儿冷一会儿热", "忽冷忽热"),
        ("木门框都烂了", "木头朽"),
    ],
)
def test_a_trouble_said_in_a_frame(text: str, trouble: str) -> None:
    assert trouble in read(text).slots.symptoms


@pytest.mark.parametrize(
    "text",
    [
        "防臭地漏", "地漏防臭的", "卫生间用的花洒", "厨房灯多少钱", "窗户通风好的", "外墙漆耐候的", "墙砖多少钱一平", "门锁静音的",
        "大小可调的花洒", "黑色的大门", "门口铺黑色的砖", "防水涂料", "灯带多少钱", "水管工怎么找", "墙纸起订多少", "冬天用的热水器",
        "水泥地面漆", "地板漆", "屋顶用的瓦", "洗菜盆下水器", "电费补贴怎么领", "地漏堵头", "净水器除水垢的", "楼上装水箱",
    ],
)  # fmt: skip
def test_goods_and_qualities_are_no_trouble(text: str) -> None:
    assert read(text).slots.symptoms == []


def test_the_words_of_a_place_inside_a_trouble_ask_for_no_goods() -> None:
    slots = read("地砖踩上去空空响").slots
    assert slots.symptoms == ["瓷砖空鼓"]
    assert not slots.goods and not slots.values.get("categories")


def test_what_is_asked_for_behind_a_trouble_counts() -> None:
    slots = read("墙上鼓起一个一个泡，要买什么腻子").slots
    assert slots.symptoms == ["墙面起皮"]
    assert slots.values["categories"] == ("putty",)


def test_every_frame_can_be_read_and_names_a_trouble_that_something_helps_against() -> None:
    helped = {trouble for trouble, *_ in rows(WORDS / "symptoms_to_products.tsv")}
    frames = [tuple(row[:2]) for row in rows(WORDS / "troubles.tsv")]
    assert frames == sorted(frames)
    assert {trouble for trouble, _ in frames} <= helped
    assert all(re.compile(pattern) for _, pattern in frames)
    assert len(frames) > 40
