"""Nothing found: each looser search has exactly the count that it promises, and certification is never loosened by us."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.answer_parts.loosening import DROPPABLE, HARD, loosenings, open_relaxation
from handlers.session import Session
from handlers.understanding.interpretation import Constraints
from tests.assistants import DAY, demonstration
from tests.handlers.conversation import as_json, press, say

CODES = ["toilet", "tile_floor", "paint_interior", "window", "lock", "pipe_drain", "softener", "bath", "faucet"]
asked = st.builds(
    Constraints,
    categories=st.sampled_from(CODES).map(lambda code: (code,)),
    certified=st.booleans(),
    stars=st.sampled_from([(), (1,), (2,), (3,)]),
    price_max=st.none() | st.sampled_from([Decimal(20), Decimal(90), Decimal(300)]),
    features=st.sampled_from([(), ("防霉",), ("静音", "防臭"), ("恒温",)]),
    color=st.sampled_from([(), ("黑色",), ("白色",)]),
    exclude_brands=st.sampled_from([(), ("b44", "b45"), ("b01",)]),
    water_grade_max=st.none() | st.just(1),
)


@given(asked)
@settings(deadline=None, max_examples=60)
def test_every_looser_search_finds_what_it_promises(constraints: Constraints) -> None:
    catalogue = demonstration().catalogue
    for looser in loosenings(constraints, catalogue, DAY):
        assert looser.count == catalogue.count(looser.constraints.query(DAY)) > 0
        assert looser.constraints.categories == constraints.categories
        changed = {
            name for name in (*DROPPABLE, *HARD) if getattr(looser.constraints, name) != getattr(constraints, name)
        }
        assert changed == set(looser.names)


@given(asked)
@settings(deadline=None, max_examples=60)
def test_what_may_not_be_loosened_stays(constraints: Constraints) -> None:
    looser = open_relaxation(constraints, demonstration().catalogue, DAY)
    if looser is not None:
        assert all(getattr(looser.constraints, name) == getattr(constraints, name) for name in HARD)
        assert not set(looser.names) & set(HARD)


QUESTIONS = [
    "软水机有认证的吗",
    "三星的排水管",
    "三十块以内的石塑地板",
    "三百以内的马桶",
    "三星的吸顶灯",
    "有认证的门锁",
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_hard_condition_in_the_way_is_named_and_nothing_is_shown(text: str) -> None:
    answer, _ = say(text)
    found = as_json(answer)
    assert (found["intent"], found["products"], found["total"]) == ("not_found", [], 0)
    assert not found.get("relaxed")
    assert found["choices"]


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_count_of_a_button_is_what_its_list_has(text: str) -> None:
    answer, session = say(text, Session())
    labels = as_json(answer)["choices"]
    for choice, label in zip(answer.choices, labels, strict=True):
        if "款" not in label:
            continue
        shown, _ = press(choice.action, session)
        assert f"{shown.total}款" in label.replace(" ", "")


def test_what_was_loosened_is_no_filter_any_more_and_is_told() -> None:
    answer, _ = say("粉色带收纳的水槽")
    found = as_json(answer)
    assert not set(found.get("relaxed", ())) & {name for name in found["filters"] if name not in ("features",)}
    assert found["text"].strip()
