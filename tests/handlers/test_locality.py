"""Where the asker is, where a product is made, and places that only the asker can tell apart."""

from __future__ import annotations

import pytest

from handlers.context.locality import asked_place, place_options
from handlers.session import Session
from tests.handlers.conversation import as_json, read, reader, say, talk


@pytest.mark.parametrize(
    ("text", "had", "made"),
    [
        ("我在寿光，想买马桶", "370783", None),
        ("曹县哪有卖瓷砖的", "371721", None),
        ("山东产的防水涂料", None, "370000"),
        ("福建生产的马桶", None, "350000"),
        ("马桶", None, None),
        ("大理石台面", None, None),
        ("东方雨虹防水", None, None),
    ],
)
def test_the_role_of_a_place(text: str, had: str | None, made: str | None) -> None:
    assert asked_place(read(text), Session(), reader()) == (had, made)


def test_our_own_province_is_that_of_the_conversation() -> None:
    assert asked_place(read("本省产的马桶"), Session(place="370783"), reader())[1] == "370000"


def test_a_place_with_several_readings_is_asked_back() -> None:
    options = place_options(read("朝阳有店吗"), Session())
    assert len(options) >= 2
    assert len(set(options)) == len(options)


def test_a_place_with_several_readings_is_clear_in_its_province() -> None:
    assert place_options(read("朝阳有店吗"), Session(place="210000")) == ()


def test_every_reading_of_a_place_offered_can_be_chosen() -> None:
    answer, session = say("朝阳有店吗")
    labels = as_json(answer)["choices"]
    assert answer.intent == "clarify"
    for label in labels:
        chosen, after = say(label, session)
        assert as_json(chosen)["text"].strip()
        assert chosen.intent in ("stores", "not_found", "handoff"), label
        assert chosen.intent == "handoff" or after.place is not None


def test_a_place_holds_until_another_is_said() -> None:
    _, session = talk("我在寿光", "马桶", "有店吗")
    assert session.place == "370783"
    assert say("曹县有店吗", session)[1].place == "371721"


def test_the_place_of_the_channel_yields_to_one_that_was_said() -> None:
    _, session = say("我在曹县，有店吗", Session(), adcode="370783")
    assert session.place == "371721"


def test_what_is_not_sold_there_is_not_recommended() -> None:
    answer, _ = say("水泥", adcode="652325")
    assert set(answer.products) == {"YS130104", "YS130110"}


@pytest.mark.parametrize(
    ("here", "first"), [("370783", "shop03"), ("370700", "shop03"), ("370702", "shop03"), ("440981", "shop14")]
)
def test_shops_are_found_at_above_or_below_the_code(here: str, first: str) -> None:
    answer, _ = say("附近有店吗", adcode=here)
    assert answer.stores[:1] == (first,)


def test_the_reply_says_when_it_looked_further_away() -> None:
    near, _ = say("附近有店吗", adcode="370783")
    wider, _ = say("附近有店吗", adcode="370702")
    assert near.stores
    assert wider.stores
    assert "潍坊" in as_json(wider)["text"]
