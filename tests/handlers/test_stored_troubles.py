"""A trouble at home that is told finds the stored question about it; who asks for goods against it gets goods."""

from __future__ import annotations

import pytest

from handlers.session import Session
from handlers.stored_questions.matching import matcher_of
from handlers.turn import Answer, Question
from handlers.understanding.normalise import normalise
from tests.assistants import NOW, demonstration


def _answer(text: str) -> Answer:
    return demonstration().assistant.respond(Question(text, NOW, None), Session())[0]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("灯老眨咋整", "application-31"),
        ("吸顶灯一跳一跳的", "application-31"),
        ("窗边老有冷风往里灌是咋了", "application-21"),
        ("厕所一股味", "application-22"),
        ("墙上裂了道口子要紧不", "application-23"),
        ("木板地踩上去吱嘎吱嘎", "application-18"),
    ],
)
def test_what_is_wrong_finds_the_stored_question_about_it(text: str, stored: str) -> None:
    assert _answer(text).faqs[:1] == (stored,)


@pytest.mark.parametrize(
    "text", ["窗户漏风用啥堵", "灯一闪一闪换啥灯", "地砖空鼓推荐个胶", "厕所返味有防臭的没", "屋顶隔热用啥"]
)
def test_goods_against_it_are_no_stored_question(text: str) -> None:
    assert _answer(text).intent == "recommend"


@pytest.mark.parametrize("text", ["顶层热得没法睡", "墙根返潮"])
def test_a_trouble_of_one_place_is_not_that_of_another(text: str) -> None:
    """The stored ones tell of sheds of sheet iron and of granaries."""
    assert _answer(text).intent != "faq"


@pytest.mark.parametrize(
    ("text", "other"), [("莲蓬头装多高", "花洒装多高"), ("洋灰放久了还能用吗", "水泥放久了还能用吗")]
)
def test_a_word_of_the_trade_is_the_kind_it_stands_for(text: str, other: str) -> None:
    reader = matcher_of(demonstration().catalogue).reader
    assert reader.read(normalise(text).text) == reader.read(normalise(other).text)
