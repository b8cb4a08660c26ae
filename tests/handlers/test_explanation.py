"""The explanation names the word or figure behind every condition, or says that it stands from before."""

from __future__ import annotations

import pytest

from handlers.session import Session
from handlers.turn import Question
from tests.assistants import NOW, demonstration

QUESTIONS = (
    ("三星的外墙漆", {"stars": "三星", "certified": "三星", "categories": "外墙漆"}),
    ("有认证的马桶", {"certified": "有认证"}),
    ("最便宜的灯泡", {"sort": "最便宜"}),
    ("一千五的马桶", {"price_min": "一千五", "price_max": "一千五"}),
    ("一级的吸顶灯", {"energy_grade_max": "一级"}),
    ("卫生间老滑,换啥地砖", {"features": "滑"}),
    ("扬程60m的有没有", {"attributes": "扬程60", "categories": "扬程60"}),
    ("补瓷砖缝的那个膏,白色的", {"categories": "补瓷砖缝的那个膏", "color": "白色"}),
)


def explained(*texts: str) -> list[str]:
    """Return the explanation of the last of some messages, line by line."""
    parts = demonstration()
    session = Session()
    for text in texts:
        answer, session = parts.assistant.respond(Question(text, NOW), session)
    return [parts.wording.text(line) for line in answer.trace]


@pytest.mark.parametrize(("text", "behind"), QUESTIONS)
def test_every_condition_has_a_word_behind_it(text: str, behind: dict[str, str]) -> None:
    lines = [line for line in explained(text) if line.startswith("条件")]
    assert not [line for line in lines if "「-」" in line or "前面说过" in line]
    for name, word in behind.items():
        assert any(f"：{name} " in line and word in line.partition("因为")[2] for line in lines), (name, lines)


def test_what_was_said_before_is_said_to_be_so() -> None:
    lines = explained("三星的外墙漆", "净味的")
    assert any("stars" in line and "前面说过" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "word"),
    [("第二个有证吗", "第二个"), ("最后那个多少钱", "最后那个"), ("哪个最便宜", "最便宜"), ("1和3哪个好", "1和3")],
)
def test_what_pointed_at_a_product_is_named(text: str, word: str) -> None:
    assert any(line.startswith("说的是商品") and f"「{word}」" in line for line in explained("马桶", text))


def test_a_product_that_is_still_spoken_of_is_said_to_be_so() -> None:
    line = next(line for line in explained("马桶", "第二个", "有证吗") if line.startswith("说的是商品"))
    assert "刚才说着的" in line
