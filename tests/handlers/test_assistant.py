"""The front door: whatever is said, something is answered, nothing breaks, and a filter never adds a hit."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from bot.plain import LIMIT, utf16_length
from handlers.session import Session
from handlers.turn import INTENTS, Answer, Question, Say
from handlers.understanding.interpretation import Constraints
from tests.assistants import DAY, NOW, demonstration
from tests.handlers.conversation import as_json, say, talk

PIECES = [
    "马桶", "乳胶漆", "有认证的", "三星", "不要", "三百以内", "DEMO-LJ-25-110405", "YS180101", "第二个", "它", "寿光", "怎么选", "还有吗", "便宜点",
    "120平", "几桶", "撤销", "重来", "？", "，", "\n", " ", "的", "和", "800x800", "一级水效", "檐前雀", "rujiaoqi", "😂", "<b>", "' OR 1=1 --", "\u200b",
]  # fmt: skip
LONG = [
    "马" * 10_000,
    "马桶有认证吗，" * 1_400,
    "😂" * 5_000,
    "9" * 10_000,
    "一百" * 5_000,
    "(" * 10_000,
    "a " * 5_000,
    "不要" * 5_000,
]
HOSTILE = [
    "", " ", "\u0000", "\ud800", "\udfff马桶", "\ufeff乳胶漆", "\u202e漆胶乳", "e\u0301" * 50, "👩‍👩‍👧‍👦🏳️‍🌈", "🤷" * 40,
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;马桶", "[马桶](javascript:alert(1))", "*_`~马桶`_*", "'; DROP TABLE products; --",
    "\" OR \"\"=\"", "{{7*7}}", "${jndi:ldap://x}", "%s%n%x", "../../etc/passwd", "=cmd|' /C calc'!A0", "\\u9a6c\\u6876", "NULL", "NaN", "1e308元以内的马桶",
    "0元的马桶", "-5块的砖", "∞平要几桶漆", "½平", "②", "Ⅳ", "٣٠٠ 以内的马桶", "三百以内的" * 30 + "马桶",
]  # fmt: skip


def promises(answer: Answer) -> None:
    """Hold an answer against what is promised of every answer to any text."""
    for part in (answer, *answer.also):
        found = as_json(part)
        assert found["intent"] in INTENTS
        assert found["text"].strip()
        assert utf16_length(found["text"]) <= LIMIT
        assert len(found["choices"]) == len(set(found["choices"]))
        assert all(label.strip() for label in found["choices"])
        assert len(found["products"]) == len(set(found["products"])) <= 20
        json.dumps(found, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "在吗", "你好", "我家", "100平", "要白的", "便宜点的", "嗯", "第二个", "还有吗", "马桶推荐一下", "80平的房子要多少乳胶漆", "附近哪里有卖的",
        "瓷砖多少钱？马桶怎么选", "这个证书查一下真假", "补贴怎么领", "您转的这条", "谢谢", "两百以内的", "山东的", "？", "",
    ],
)  # fmt: skip
def test_what_a_text_wants_alone_is_what_its_answer_shows(text: str) -> None:
    answer, _ = say(text)
    alone = demonstration().assistant.intent_alone(Question(text, NOW))
    assert alone in INTENTS
    first = answer.blocks[0]
    if isinstance(first, Say) and first.text.key.partition(".")[0] in {"smalltalk", "clarify", "out_of_scope"}:
        assert alone in {"smalltalk", "clarify", "out_of_scope"}


@given(st.text(max_size=80))
@settings(deadline=None, max_examples=200)
def test_any_text_is_answered(text: str) -> None:
    promises(say(text)[0])


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
@settings(deadline=None, max_examples=120)
@example("不要不要马桶马桶不要")
def test_words_of_the_trade_in_any_order_are_answered(text: str) -> None:
    promises(say(text)[0])


@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join), min_size=2, max_size=6))
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_any_conversation_is_answered_and_remembered(texts: list[str]) -> None:
    session = Session()
    for text in texts:
        answer, session = say(text, session)
        promises(answer)
        assert Session.from_json(json.loads(json.dumps(session.to_json()))) == session


@pytest.mark.parametrize(
    "text", LONG, ids=["han", "clauses", "emoji", "digits", "numbers", "signs", "latin", "refusals"]
)
def test_ten_thousand_characters_are_answered(text: str) -> None:
    answer, session = say(text)
    promises(answer)
    assert utf16_length(json.dumps(session.to_json(), ensure_ascii=False)) < 20_000, "a session stays small"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    promises(say(text)[0])


@pytest.mark.parametrize("text", ["马桶 <b>三百以内</b>", "马桶'; DROP TABLE products; --", "  马桶  "])
def test_a_question_is_heard_inside_what_is_around_it(text: str) -> None:
    assert as_json(say(text)[0])["categories"] == ["toilet"]


VALUES = {
    "certified": [True],
    "stars": [(1,), (2,), (3,)],
    "min_stars": [1, 2, 3],
    "schemes": [("water_saving",), ("green_product",), ("environmental_label",)],
    "price_max": [Decimal(30), Decimal(200), Decimal(1000)],
    "price_min": [Decimal(50), Decimal(800)],
    "brands": [("b01",), ("b44", "b46")],
    "exclude_brands": [("b01",), ("b44", "b20")],
    "features": [("防霉",), ("静音",), ("防滑", "耐磨")],
    "exclude_features": [("静音",), ("防霉",)],
    "scenes": [("卫生间",), ("儿童房",)],
    "color": [("白色",), ("灰",)],
    "exclude_color": [("白色",)],
    "water_grade_max": [1, 2],
    "energy_grade_max": [1, 2],
    "formaldehyde": [("ENF",), ("ENF", "E0")],
    "origin": [("350000"), ("370000")],
    "adcode": ["370783", "440981", "652325"],
    "exclude_categories": [("toilet_smart",), ("tile_wood", "led_bulb")],
}
filters = st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(VALUES[name])))
kinds = st.sampled_from(
    [(), ("bath",), ("paint",), ("tile",), ("floor",), ("light",), ("toilet", "squat"), ("cement",)]
)


@given(kinds, st.lists(filters, max_size=3).map(dict), filters)
@settings(deadline=None, max_examples=100)
def test_a_filter_never_adds_a_hit(
    categories: tuple[str, ...], given_filters: dict[str, object], added: tuple[str, object]
) -> None:
    catalogue = demonstration().catalogue
    name, value = added
    # A scheme says which certification is meant: certified beside it is no condition of its own (answer format, rules).
    assume(not {"certified", "schemes"} <= {name, *given_filters})
    base = Constraints(categories=categories, **{k: v for k, v in given_filters.items() if k != name})
    narrow = replace(base, **{name: value})
    wide_skus = {hit.sku for hit in catalogue.search(base.query(DAY, limit=2000)).hits}
    narrow_skus = {hit.sku for hit in catalogue.search(narrow.query(DAY, limit=2000)).hits}
    assert narrow_skus <= wide_skus
    assert catalogue.count(narrow.query(DAY)) == len(narrow_skus)


@pytest.mark.parametrize("kind", ["马桶", "乳胶漆", "地砖", "吸顶灯", "门锁", "净水机", "生态板"])
@pytest.mark.parametrize("said", ["有认证的", "三百以内", "三星的", "不要白色的", "二星以上的", "五百到八百"])
def test_a_condition_said_never_adds_a_product(kind: str, said: str) -> None:
    answers, _ = talk(kind, said)
    wide, narrow = as_json(answers[0]), as_json(answers[1])
    assert (narrow["total"] or 0) <= wide["total"]


@pytest.mark.parametrize("first", ["马桶", "三百以内的门锁", "有认证的外墙漆"])
def test_the_same_file_of_questions_gives_the_same_answers(first: str) -> None:
    texts = (first, "便宜点的", "还有吗", "第二个", "它有证吗")
    once, again = talk(*texts)[0], talk(*texts)[0]
    assert [as_json(answer) for answer in once] == [as_json(answer) for answer in again]
