"""One utterance after another: what is kept, replaced, dropped; lists that go on; steps in price."""

from __future__ import annotations

from decimal import Decimal

import pytest

from handlers.session import Session
from handlers.turn import Answer
from tests.assistants import demonstration
from tests.handlers.conversation import as_json, say, talk


def prices(answer: Answer) -> list[Decimal]:
    """Return the prices of the products shown, in order."""
    return [p.price for p in demonstration().catalogue.products(list(answer.products)) if p.price is not None]


@pytest.mark.parametrize("text", ["乳胶漆", "有认证的马桶", "三百以内的吸顶灯", "不要白色的木门", "最便宜的地砖"])
def test_asking_for_more_shows_everything_once_and_then_says_so(text: str) -> None:
    answer, session = say(text)
    total, seen = answer.total or 0, list(answer.products)
    for _ in range(total // 5 + 2):
        answer, session = say("还有吗", session)
        if not answer.products:
            break
        seen += answer.products
        assert (answer.total or 0) == total, "the list that goes on is the same list"
    assert len(seen) == len(set(seen)) == total
    assert as_json(answer)["text"].strip()


def test_a_sorted_list_goes_on_in_its_order() -> None:
    answer, session = say("最便宜的地砖")
    following, _ = say("还有吗", session)
    shown = [*prices(answer), *prices(following)]
    assert shown == sorted(shown)


@pytest.mark.parametrize("text", ["三星的外墙漆", "有认证的地砖", "不要檐前雀的乳胶漆", "ENF的生态板", "防霉的乳胶漆"])
def test_a_cheaper_one_stays_within_what_was_asked_and_is_cheaper(text: str) -> None:
    answer, session = say(text)
    cheaper, _ = say("便宜点的", session)
    before, after = as_json(answer), as_json(cheaper)
    kept = {name: value for name, value in before["filters"].items() if name not in ("sort", "price_max")}
    assert kept.items() <= after["filters"].items()
    assert after["categories"] == before["categories"]
    assert all(price < min(prices(answer)) for price in prices(cheaper))


def test_a_dearer_one_is_dearer() -> None:
    answer, session = say("三星的外墙漆")
    dearer, _ = say("有没有再贵点好点的", session)
    assert all(price > max(prices(answer)) for price in prices(dearer))


STEPS = [
    ("三星的", "stars", [3]),
    ("三百以内", "price_max", 300),
    ("不要麦垛秋的", "exclude_brands", ["b02"]),
    ("要防霉的", "features", ["防霉"]),
]


def test_four_turns_of_narrowing_keep_every_condition() -> None:
    session, expected = say("外墙漆")[1], {}
    for text, name, value in STEPS:
        answer, session = say(text, session)
        expected[name] = value
        found = as_json(answer)
        if found["intent"] == "recommend" and not found.get("relaxed"):
            assert expected.items() <= found["filters"].items()
            assert found["categories"] == ["paint_exterior"]


@pytest.mark.parametrize(
    ("first", "second", "dropped"),
    [
        ("一级水效的马桶", "水龙头呢", "water_grade_max"),
        ("一级能效的灯泡", "筒灯呢", "energy_grade_max"),
        ("ENF的生态板", "颗粒板呢", "formaldehyde"),
        ("800x800的地砖", "墙砖呢", "size"),
        ("坑距305的马桶", "蹲坑呢", "attributes"),
        ("檐前雀的外墙漆", "防水涂料呢", "brands"),
        ("三百以内的乳胶漆", "门锁呢", "price_max"),
    ],
)
def test_a_new_kind_drops_what_belonged_to_the_old_one(first: str, second: str, dropped: str) -> None:
    answers, _ = talk(first, second)
    assert dropped in as_json(answers[0])["filters"]
    assert dropped not in as_json(answers[1])["filters"]


@pytest.mark.parametrize("first", ["三星的外墙漆", "有认证的外墙漆", "二星以上的外墙漆", "有绿色建材认证的外墙漆"])
def test_a_new_kind_keeps_certification(first: str) -> None:
    answers, _ = talk(first, "地砖呢")
    assert as_json(answers[1])["filters"] == as_json(answers[0])["filters"]


def test_a_new_kind_keeps_the_place() -> None:
    answers, session = talk("我是寿光的，想看水泥", "砂浆呢")
    assert session.place == "370783"
    assert as_json(answers[1])["filters"].get("adcode") == "370783"


@pytest.mark.parametrize(
    ("second", "name", "value"),
    [("改成五百以内", "price_max", 500), ("放宽到一千", "price_max", 1000), ("八百以内也行", "price_max", 800)],
)
def test_a_limit_said_again_replaces_the_old_one(second: str, name: str, value: int) -> None:
    answers, _ = talk("三百以内的门锁", second)
    assert as_json(answers[1])["filters"][name] == value


def test_undo_goes_back_one_step_at_a_time() -> None:
    answers, _ = talk("外墙漆", "三星的", "三百以内", "撤销", "撤销")
    steps = [as_json(answer)["filters"] for answer in answers]
    assert steps[3] == steps[1]
    assert steps[4] == steps[0]


def test_undo_with_nothing_to_undo_says_so() -> None:
    answer, _ = say("撤销")
    assert as_json(answer)["text"].strip()
    assert not answer.products


def test_starting_again_forgets_the_conditions_and_keeps_the_place() -> None:
    answers, session = talk("我在寿光", "三星的外墙漆", "重来", "外墙漆")
    assert "stars" not in as_json(answers[3])["filters"]
    assert session.place == "370783"


def test_two_conversations_do_not_mix() -> None:
    one, other = Session(), Session()
    _, one = say("三星的外墙漆", one)
    _, other = say("马桶", other)
    first, _ = say("三百以内", one)
    second, _ = say("三百以内", other)
    assert as_json(first)["categories"] == ["paint_exterior"]
    assert as_json(second)["categories"] == ["toilet"]


IN_BETWEEN = [
    "谢谢",
    "好的",
    "证书怎么查",
    "今晚有直播吗",
    "人工",
]


@pytest.mark.parametrize("word", IN_BETWEEN)
def test_a_word_in_between_does_not_lose_the_list(word: str) -> None:
    answer, session = say("外墙漆")
    _, session = say(word, session)
    assert say("第二个", session)[0].products == answer.products[1:2]
