"""A stored question that asks something else of a thing does not answer what the thing is, nor how its kind is chosen."""

from __future__ import annotations

import pytest

from catalog_db.records import Category, Faq
from handlers.stored_questions.matching import NEAR, FaqMatcher
from handlers.understanding.normalise import normalise

_STORED = (
    ("dear", "贵的绿色建材值得买吗", ("绿色建材为什么贵",)),
    ("warm", "地暖能铺木地板吗", ("装地暖选什么地板",)),
    ("pay", "付款方式有哪些", ("可以刷卡吗",)),
    ("alkali", "墙面返碱怎么办", ("墙上起白霜",)),
    ("late", "能指定哪天送货吗", ("可以约时间送吗",)),
    ("cut", "价格降了能退差价吗", ("刚买就降价了",)),
    ("key", "智能门锁没电了怎么开", ("指纹锁没电进不去",)),
)

_FLOORS = Category("floor", "地板")


@pytest.fixture(scope="module")
def matcher() -> FaqMatcher:
    """Build a matcher of a few stored questions about floors, payment and walls."""
    return FaqMatcher([Faq(i, question, "", similar) for i, question, similar in _STORED], [_FLOORS])


@pytest.mark.parametrize("text", ["绿色建材是什么", "啥样的才叫绿色建材", "地板咋挑"])
def test_a_name_alone_is_no_question(matcher: FaqMatcher, text: str) -> None:
    assert matcher.match(normalise(text), (), NEAR) == []


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("绿建材咋这么贵", "dear"),
        ("地暖选啥地板", "warm"),
        ("支付宝给钱可以吗", "pay"),
        ("墙上冒碱花了", "alkali"),
        ("货能晚几天再送吗", "late"),
        ("买贵了，补差价吗", "cut"),
        ("锁的电池用完，关在门外头了", "key"),
    ],
)
def test_everyday_words_find_it(matcher: FaqMatcher, text: str, stored: str) -> None:
    assert [match.id for match in matcher.match(normalise(text), (), NEAR)][:1] == [stored]


@pytest.mark.parametrize("text", ["门牙的缝变黑了", "老黄牛不走路发响", "骨头咯吱咯吱的"])
def test_what_happens_to_another_thing_is_not_it(text: str) -> None:
    found = FaqMatcher([Faq("creak", "地板咯吱响怎么办", "")], [_FLOORS])
    assert found.match(normalise(text), (), NEAR) == []
    assert found.match(normalise("地板一踩就响，咯吱咯吱的"), (), NEAR)
