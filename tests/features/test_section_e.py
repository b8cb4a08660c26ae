"""Section E of the capabilities, follow-up dialogue: each with its black-box test, over two catalogues.

E8's chips are walked at random over the bundled catalogue in `tests/test_walks.py`; E10 inside one group in
`tests/bot/telegram/test_groups.py`; E11's permissions and what outlasts the day in
`tests/bot/telegram/test_permissions.py`; a killed process (E7) in `tests/bot/telegram/test_crash.py`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.bootstrap import LOCALE
from bot.locales import LOCALES
from handlers.assistant import Assistant
from handlers.session import Session
from tests.features.worlds import WORLDS, Talk, talk

BOTH = pytest.mark.parametrize("world", list(WORLDS))
OPENINGS = (
    "砖", "有证的马桶", "三百以内的乳胶漆", "防水", "卫生间返味", "买瓷砖要注意啥", "漆", "管子", "本地的", "白色的", "有便宜的吗",
    "我是兰考的", "厨房翻新要买啥", "哪里能买到", "咕噜漆有吗", "我家120平", "刷墙要几桶", "三星啥意思", "这个证是真的吗", "怎么样",
)  # fmt: skip
QUESTION = re.compile(r"[?？]|吗[。，\n]|(?:哪|几|什么|啥)[^。\n]{0,6}[。\n]?$", re.MULTILINE)


def after_restart(end: Talk, days: int = 0) -> Talk:
    """Continue a conversation as another process does: a new assistant, the session as it was written down."""
    again = Assistant(end.parts.catalogue, LOCALES / LOCALE, end.parts.wording.text)
    session = Session.from_json(end.session.to_json())
    return Talk(replace(end.parts, assistant=again), session, end.adcode, end.at + timedelta(days=days))


@BOTH
def test_e1_four_turns_of_narrowing_keep_every_condition(world: str) -> None:
    answers = talk(world).all("有认证的乳胶漆", "三百以内的", "不要浅灰色的", "评分高的在前")
    filters = [answer["filters"] for answer in answers]
    for before, after in pairwise(filters):
        assert before.items() <= after.items(), (before, after)
    assert set(filters[-1]) >= {"certified", "price_max", "exclude_color", "sort"}
    assert all(word in answers[-1]["text"] for word in ("有认证", "300 元以内", "不要浅灰色"))
    assert answers[-1]["products"]


@BOTH
def test_e1_another_kind_goes_on_with_what_holds_for_it(world: str) -> None:
    outside, inside, cheaper = talk(world).all("外墙漆，有认证的", "内墙的呢", "再便宜点")
    assert outside["filters"]["certified"] and inside["filters"]["certified"] and cheaper["filters"]["certified"]
    assert set(outside["categories"]) != set(inside["categories"]) == set(cheaper["categories"])
    catalogue = talk(world).parts.catalogue
    least = min(p.price for p in catalogue.products(inside["products"]) if p.price is not None)
    assert all(p.price is not None and p.price < least for p in catalogue.products(cheaper["products"]))


@BOTH
@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize(("said", "place"), [("第二个有证吗", 1), ("最后那个有证吗", -1), ("第一个有证没", 0)])
def test_e2_an_ordinal_means_the_list_just_shown_also_after_paging(
    world: str, more: int, said: str, place: int
) -> None:
    answers = talk(world).all("马桶", *["还有吗"] * more, said)
    assert answers[-1]["intent"] == "verify"
    assert answers[-1]["products"] == [answers[-2]["products"][place]]


@BOTH
def test_e3_it_and_that_one_return_to_what_was_spoken_of(world: str) -> None:
    answers = talk(world).all("马桶", "第二个", "它有证吗", "吸顶灯", "第一个", "水龙头", "刚才那个马桶", "它多少钱")
    chosen = answers[1]["products"]
    assert answers[2]["products"] == chosen and answers[2]["intent"] == "verify"
    assert answers[6]["products"] == chosen and answers[7]["products"] == chosen


@BOTH
@pytest.mark.parametrize(
    ("first", "said", "name", "value"),
    [
        ("白色的地砖", "不是，是浅灰色", "color", ["浅灰色"]),
        ("三星的马桶", "不是三星，是二星", "stars", [2]),
        ("五百以内的马桶", "说错了，八百以内", "price_max", 800),
    ],
)
def test_e4_a_correction_replaces(world: str, first: str, said: str, name: str, value: Any) -> None:
    before, after = talk(world).all(first, said)
    assert before["filters"][name] != value
    assert after["filters"][name] == value and after["categories"][:1] == before["categories"][:1]


@BOTH
def test_e4_a_corrected_kind_leaves_nothing_of_the_old_one(world: str) -> None:
    inside, outside = talk(world).all("内墙漆", "不是，是外墙")
    assert inside["categories"] != outside["categories"]
    assert not set(inside["categories"]) & set(outside["categories"])
    assert not set(inside["products"]) & set(outside["products"])


@BOTH
def test_e5_one_word_takes_back_or_begins_anew(world: str) -> None:
    start = talk(world)
    first, _, back = start.all("有证的马桶", "八百以内", "撤销")
    assert back["filters"] == first["filters"] and back["products"] == first["products"]
    _, _, anew, plain = start.all("有证的马桶", "八百以内", "重来", "地漏")
    assert anew["intent"] == "smalltalk" and plain["filters"] == {}
    listed, asked, one = start.all("马桶", "只看这个", "2")
    assert asked["intent"] == "clarify" and one["products"] == [listed["products"][1]]
    _, card, alone = start.all("马桶", "第三个", "只看这个")
    assert alone["products"] == card["products"]


@BOTH
@pytest.mark.parametrize("text", OPENINGS)
def test_e6_at_most_one_question_in_a_turn_and_two_before_results(world: str, text: str) -> None:
    answer, here = talk(world).say(text)
    asked = 0
    while answer["intent"] == "clarify":
        asked += 1
        assert len(QUESTION.findall(answer["text"])) <= 1, answer["text"]
        assert 2 <= len(answer["choices"]) <= 6
        answer, here = here.press(answer["actions"][0])
        assert asked <= 2, text


@BOTH
@pytest.mark.parametrize("days", [0, 1])
def test_e7_a_talk_goes_on_after_a_restart_and_the_next_day(world: str, days: int) -> None:
    shown, here = talk(world).say("有证的马桶")
    limited, here = here.say("两千以内的")
    again = after_restart(here, days)
    card, again = again.say("第一个")
    assert card["products"] == limited["products"][:1]
    other, _ = again.say("地漏呢")
    assert other["filters"].get("certified") and "price_max" not in other["filters"]
    assert shown["products"]


@BOTH
@pytest.mark.parametrize("text", OPENINGS)
def test_e8_every_chip_leads_to_content(world: str, text: str) -> None:
    answer, here = talk(world).say(text)
    for label, action in zip(answer["choices"], answer["actions"], strict=True):
        led, _ = here.press(action)
        assert led["text"].strip() and led["intent"] not in ("out_of_scope", "not_found"), label
        count = re.search(r"（(\d+)款）", label)
        assert count is None or led.get("total") == int(count[1]), label
        typed, _ = here.say(label)
        assert typed["intent"] == led["intent"] and typed["products"] == led["products"], label


@BOTH
def test_e9_the_last_five_questions_are_told(world: str) -> None:
    asked = ["马桶", "地漏多少钱", "有证的吸顶灯", "瓷砖怎么选", "水泥", "花洒"]
    told = talk(world).all(*asked, "我刚才问了啥")[-1]
    assert all(question in told["text"] for question in asked[1:])
    assert "1. 马桶" not in told["text"]


@BOTH
def test_e10_two_people_in_turns_do_not_mix(world: str) -> None:
    one, other = talk(world), talk(world)
    first, one = one.say("有证的马桶")
    second, other = other.say("八十以内的地砖")
    chosen, one = one.say("第二个")
    picked, other = other.say("第一个")
    assert chosen["products"] == [first["products"][1]] and picked["products"] == [second["products"][0]]
    more, _ = one.say("八百以内的呢")
    rest, _ = other.say("有认证的呢")
    assert more["categories"][:1] == first["categories"][:1] and "price_max" in rest["filters"]


@BOTH
def test_e11_what_is_remembered_is_told_used_and_forgotten(world: str) -> None:
    kept, told, used, gone, empty, asked = talk(world).all(
        "记住我家120平，预算两万", "你记得我啥", "乳胶漆要几桶", "忘掉", "你记得我啥", "乳胶漆要几桶"
    )
    assert "120" in kept["text"]
    assert "120 平方米" in told["text"] and "20000 元" in told["text"]
    assert used["quantities"][0]["area_m2"] == 300
    assert gone["intent"] == "smalltalk" and "120" not in empty["text"]
    assert asked["intent"] == "clarify" and "quantities" not in asked
