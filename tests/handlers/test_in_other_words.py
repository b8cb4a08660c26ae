"""Stored questions that are asked in wholly other words are found by what the words mean; what is unknown finds none."""

from __future__ import annotations

import pytest

from catalog_db.records import Faq
from handlers.stored_questions.meanings import MeaningMatcher

_STORED = (
    ("ends", "活动什么时候截止", ("这次下乡办到哪天",)),
    ("paid", "推广员有没有佣金", ("当推广大使挣多少",)),
    ("cancel", "怎么取消订单", ()),
    ("broken", "货到了发现有破损怎么办", ("签收后发现碎了谁赔",)),
    ("upstairs", "能不能送上楼", ("没电梯给搬吗",)),
    ("eyes", "眼睛看不清字怎么用", ()),
    ("invoice", "可以开发票吗", ()),
    ("late", "能不能改送货时间", ("推迟几天送可以吗",)),
    ("alkali", "墙上起白毛怎么办", ()),
)


@pytest.fixture(scope="module")
def matcher() -> MeaningMatcher:
    """Build a matcher of a few stored questions about buying and the campaign."""
    return MeaningMatcher([Faq(i, question, "", similar) for i, question, similar in _STORED])


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("这事儿啥时候收摊", "ends"),
        ("跑一单好处费多少", "paid"),
        ("手滑拍了，想撤", "cancel"),
        ("拆开一看磕了个角", "broken"),
        ("俺家五楼，有人扛不", "upstairs"),
        ("老花眼，瞅不清上头写的", "eyes"),
        ("要报账，凭据给不给", "invoice"),
        ("过俩礼拜再拉来中不", "late"),
    ],
)
def test_what_is_meant_is_found(matcher: MeaningMatcher, text: str, stored: str) -> None:
    meant = matcher.meant(text)
    assert meant.matches[0].id == stored
    assert meant.clear() or meant.near()


@pytest.mark.parametrize("text", ["馍馍起白毛", "锅里炖的啥", "唱一段戏", "裁缝几点来"])
def test_what_nobody_knows_is_none_of_them(matcher: MeaningMatcher, text: str) -> None:
    meant = matcher.meant(text)
    assert not meant.clear()
    assert meant.near() == []


def test_none_of_this_place_is_none(matcher: MeaningMatcher) -> None:
    meant = matcher.meant("这事儿啥时候收摊")
    assert meant.words
    elsewhere = meant._replace(matches=[])
    assert not elsewhere.clear()
    assert elsewhere.near() == []


def test_a_word_beyond_what_a_service_tells(matcher: MeaningMatcher) -> None:
    assert matcher.meant("五楼有人扛上去不").beyond(["送"])
    assert not matcher.meant("五楼有人扛上去不").beyond(["送", "上楼"])
