"""Several questions in one message are cut; one question in several clauses is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.context.splitting import split
from tests.assistants import DAY
from tests.handlers.conversation import as_json, reader, say


@pytest.mark.parametrize(
    "text",
    [
        "马桶",
        "乳胶漆，要净味的，三百以内",
        "我家在寿光，想买地砖",
        "外墙漆，不要檐前雀的",
        "三间房，每间15平，刷墙要几桶",
        "不是马桶，是马桶盖",
        "预算三千，瓷砖和马桶",
        "水龙头和花洒",
        "岩棉板和挤塑板哪个好",
        "DEMO-LJ-25-110405，这个证还有效吗",
        "吸顶灯！要两百以内的！",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert split(text, reader(), DAY) == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("腻子多少钱？地砖哪些有认证？", 2),
        ("水泥多少钱一袋，还有能送到村里吗", 2),
        ("水槽多少钱。水龙头多少钱。地漏多少钱。", 3),
        ("石膏板多少钱岩棉板哪个有证", 2),
        ("门锁有三百以内的吗\n今晚有直播吗", 2),
    ],
)
def test_several_questions_are_cut(text: str, count: int) -> None:
    parts = split(text, reader(), DAY)
    assert len(parts) == count


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_no_letter_and_no_digit_is_lost(text: str) -> None:
    parts = split(text, reader(), DAY)
    assert parts
    kept = [char for char in "".join(parts) if char.isalnum()]
    assert kept == [char for char in text if char.isalnum()]


def test_filters_do_not_leak_from_one_question_into_the_next() -> None:
    answer, _ = say("三星的外墙漆有哪些？门锁多少钱？")
    assert as_json(answer)["filters"] == {"stars": [3], "certified": True}
    assert [as_json(part)["filters"] for part in answer.also] == [{}]


def test_at_most_three_further_questions_are_answered() -> None:
    answer, _ = say("水槽多少钱？龙头多少钱？地漏多少钱？花洒多少钱？门锁多少钱？灯泡多少钱？")
    assert len(answer.also) == 3


def test_the_first_list_stays_the_one_that_ordinals_mean() -> None:
    answer, session = say("外墙漆有哪些？门锁多少钱？")
    assert say("第一个", session)[0].products == answer.products[:1]
