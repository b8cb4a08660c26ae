"""What people really type, and patterns that mislead: variants with other kinds, brands and numbers, over two catalogues.

Each line: what is said (turns parted by " / "), the intent of the last answer, its kind as the bundled and as the second
catalogue name it ("" for none), filters that it must have, words that its text must have.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.features.worlds import WORLDS, talk

BOTH = pytest.mark.parametrize("world", list(WORLDS))
Line = tuple[str, str, tuple[str, str], dict[str, Any], tuple[str, ...]]
PAINT, OUTSIDE = ("paint_interior", "coat_in"), ("paint_exterior", "coat_out")
TOILET, TAP, LOCK = ("toilet", "wc"), ("faucet", "tap"), ("lock", "locks")
GROUND, WALL = ("tile_floor", "tile_ground"), ("tile_wall", "tile_side")
BULB, NONE = ("led_bulb", "lamp_bulb"), ("", "")

TYPED: tuple[Line, ...] = (
    ("我屋头刷房子用啥子漆好嘛", "guide", PAINT, {}, ("看证书",)),
    ("俺家茅房想换个坐着的", "recommend", TOILET, {}, ()),
    ("有冇唔臭嘅漆", "recommend", ("paint", "coat"), {"features": ["净味"]}, ()),
    ("nuanqi pian duoshaoqian", "recommend", ("radiator", "radiator"), {}, ("最便宜的", "最贵的")),
    ("fangshuituliao 有绿标的吗", "recommend", ("waterproof_coating", "proof_coat"), {"certified": True}, ()),
    ("几百块前的门锁", "recommend", LOCK, {"price_min": 100, "price_max": 1000}, ()),
    ("二心的地砖", "recommend", GROUND, {"stars": [2]}, ()),
    ("买两袋泥子粉", "recommend", ("putty", "putty"), {}, ("泥子粉",)),
    ("一百四十平两层楼外墙要几桶", "calculate", OUTSIDE, {}, ("2 层",)),
    ("水泥几斤一袋", "recommend", ("cement", "cement"), {}, ()),
    ("冬天堂屋冷咋整", "recommend", ("insulation", "warm"), {}, ("一般用得上",)),
    ("墙一蹭一身白", "recommend", ("putty", "putty"), {}, ("墙一蹭一身白",)),
    ("给爷爷装个起夜的灯", "recommend", ("led_night", "lamp_night"), {}, ()),
    ("老板说他家是国家认证", "faq", NONE, {}, ("编号",)),
    ("二星是不是不如三星", "faq", NONE, {}, ("一星", "三星")),
    ("上五楼加钱不", "service", NONE, {}, ("送上楼",)),
    ("送上六楼要多少钱", "service", NONE, {}, ("送上楼",)),
    ("旧的拉走不", "service", NONE, {}, ()),
    ("你听不懂啊", "smalltalk", NONE, {}, ()),
    ("zhuanrengong", "handoff", NONE, {}, ()),
    ("我家", "smalltalk", NONE, {}, ("接着说",)),
    ("我家120平，预算两万", "clarify", NONE, {}, ("120 平方米", "20000 元")),
    ("马桶 / 第二个 / 再便宜点", "recommend", TOILET, {}, ("比刚才那款便宜",)),
    (
        "在吗 / 问一下 / 我想换马桶 / 有便宜的不 / 要带绿标的",
        "recommend",
        TOILET,
        {"certified": True, "sort": "price_asc"},
        (),
    ),
    ("我家 / 想刷墙 / 100平", "calculate", PAINT, {}, ("100 平方米",)),
    ("外墙漆 / 内墙的呢 / 净味的", "recommend", PAINT, {"features": ["净味"]}, ()),
    ("马桶 / 本地的", "clarify", NONE, {}, ("哪个县",)),
)
MISLEADING: tuple[Line, ...] = (
    ("门锁不要太贵的", "recommend", LOCK, {"sort": "price_asc"}, ()),
    ("有没有白送的瓷砖", "recommend", ("tile", "tiles"), {}, ("没有白送的",)),
    ("不要钱的地砖", "recommend", GROUND, {}, ("没有白送的",)),
    ("没证的吸顶灯不要", "recommend", ("led_ceiling", "lamp_ceil"), {"certified": True}, ()),
    ("没认证的灯泡能用吗", "faq", NONE, {}, ("能买", "自愿")),
    ("没证的地砖是不是假的", "faq", NONE, {}, ("自愿",)),
    ("不发霉的密封胶", "recommend", ("sealant", "proof_glue"), {"features": ["防霉"]}, ()),
    ("不是花洒是水龙头", "recommend", TAP, {}, ()),
    ("错了，要墙砖", "recommend", WALL, {}, ()),
    ("除了白色都行的地砖", "recommend", GROUND, {"exclude_color": ["白"]}, ()),
    ("水龙头别超过一百", "recommend", TAP, {"price_max": 100}, ()),
    ("超过三百就不要了，乳胶漆", "recommend", PAINT, {"price_max": 300}, ()),
    ("高于五十的不看，灯泡", "recommend", BULB, {"price_max": 50}, ()),
    ("七八百一千来块的马桶", "recommend", TOILET, {"price_min": 700, "price_max": 1000}, ()),
    ("一百三的水龙头", "recommend", TAP, {"price_min": 104, "price_max": 156}, ()),
    ("灯泡九块九以内", "recommend", BULB, {"price_max": 9.9}, ()),
    ("30到50一平的地砖", "recommend", GROUND, {"price_min": 30, "price_max": 50}, ()),
    ("60乘60的地砖", "recommend", GROUND, {"size": ["600x600"]}, ()),
    ("800的地砖", "recommend", GROUND, {"size": ["800x800"]}, ()),
    ("外墙漆一底两面100平要几桶", "calculate", OUTSIDE, {}, ("100 平方米",)),
    ("二星以上的外墙漆", "recommend", OUTSIDE, {"min_stars": 2}, ()),
    ("三级以上水效的马桶", "recommend", TOILET, {"water_grade_max": 3}, ()),
    ("一级的水龙头", "recommend", TAP, {"water_grade_max": 1}, ()),
    ("一级的灯泡", "recommend", BULB, {"energy_grade_max": 1}, ()),
    ("三星手机多少钱", "out_of_scope", NONE, {}, ("三星手机",)),
    ("木门防水不", "recommend", ("door_wood", "gate_wood"), {}, ()),
    ("卫生间防水用啥", "recommend", ("waterproof_coating", "proof_coat"), {}, ()),
    ("哪个灯泡最省电", "recommend", BULB, {"sort": "energy_saving"}, ()),
    ("无铅的水龙头", "recommend", TAP, {}, ("铅",)),
    ("马桶 / 以上都有认证吗", "verify", TOILET, {}, ()),
    ("地砖100平要多少 / 还有外墙漆有三星的没", "recommend", OUTSIDE, {"stars": [3]}, ()),
)


@BOTH
@pytest.mark.parametrize("line", TYPED + MISLEADING, ids=lambda line: line[0])
def test_what_people_type(world: str, line: Line) -> None:
    text, intent, kinds, filters, words = line
    answer = talk(world).all(*text.split(" / "))[-1]
    assert answer["intent"] == intent, answer["text"]
    kind = kinds[list(WORLDS).index(world)]
    assert not kind or answer["categories"][:1] == [kind]
    wrong = {
        name: answer["filters"].get(name) for name, value in filters.items() if answer["filters"].get(name) != value
    }
    assert wrong == {}
    assert [word for word in words if word not in answer["text"]] == []


@BOTH
@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("门和窗", {"bundled": {"door_entry", "door_wood", "window"}, "second": {"gate", "gate_wood", "window"}}),
        ("水龙头跟花洒", {"bundled": {"faucet", "shower"}, "second": {"tap", "rain"}}),
    ],
)
def test_two_kinds_named_are_both_meant(world: str, text: str, kinds: dict[str, set[str]]) -> None:
    answer = talk(world).say(text)[0]
    assert set(answer["categories"]) == kinds[world]


@BOTH
def test_a_question_with_a_wish_in_a_clause_of_its_own_is_one_and_the_next_is_another(world: str) -> None:
    answer = talk(world).say("地砖，要防滑的，还有门锁多少钱")[0]
    assert answer["filters"] == {"features": ["防滑"]}
    assert [further["filters"] for further in answer["also"]] == [{}]
    assert answer["categories"] != answer["also"][0]["categories"]
