"""Buttons: stale, broken and forged ones never fail; what is typed and what is pressed are the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import actions
from handlers.actions import spoken
from handlers.context.conditions import constraints_of, search_action
from handlers.session import Session
from handlers.turn import Action, Answer
from handlers.understanding.interpretation import Constraints
from tests.assistants import demonstration
from tests.handlers.conversation import as_json, press, say
from tests.handlers.test_session import constraints as any_constraints

# An example button names a message of the .po files, made by us alone: the one action whose arguments are trusted.
NAMES = sorted({*actions._TABLE, "answer", "place", "no_such_action", ""})
OPENINGS = (Path(__file__).parent.parent / "cases" / "openings.txt").read_text(encoding="utf-8").split()


def holds(answer: Answer) -> None:
    """Hold an answer against what every answer promises: it says something, and its labels differ."""
    found = as_json(answer)
    assert found["text"].strip()
    assert len(found["choices"]) == len(set(found["choices"]))


@given(st.sampled_from(NAMES), st.lists(st.text(max_size=40), max_size=3))
@settings(deadline=None, max_examples=100)
def test_a_forged_button_says_something(name: str, args: list[str]) -> None:
    answer, _ = press(Action(name, tuple(args)))
    holds(answer)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "args", [(), ("gone",), ("", ""), ("toilet",), ("YS180101",), ("{",), ("[]",), ("price_max=x",)]
)
def test_a_stale_button_says_something(name: str, args: tuple[str, ...]) -> None:
    holds(press(Action(name, args))[0])


def test_a_button_for_a_product_off_sale_says_so() -> None:
    answer, _ = press(Action("show_product", ("YS110108",)))
    assert "下架" in as_json(answer)["text"]


@given(any_constraints)
@settings(deadline=None)
def test_a_search_button_carries_its_constraints(value: Constraints) -> None:
    assert constraints_of(search_action(value)) == value


def test_words_of_a_button_that_answers_a_question() -> None:
    assert spoken(Action("answer", ("20平的房间",))) == "20平的房间"
    assert spoken(Action("place", ("370783", "附近有店吗"))) == "附近有店吗"
    assert spoken(Action("more")) is None


def difference(text: str, session: Session) -> list[str]:
    """Return the labels that do something else when typed than when pressed."""
    answer, after = say(text, session)
    labels = [demonstration().wording.text(choice.label) for choice in answer.choices]
    wrong = []
    for label, choice in zip(labels, answer.choices, strict=True):
        pressed, _ = press(choice.action, after)
        typed, _ = say(label, after)
        if as_json(pressed) != as_json(typed):
            wrong.append(f"{text} → {label}")
    return wrong


@pytest.mark.parametrize("text", OPENINGS[::2])
def test_typing_a_label_is_pressing_it(text: str) -> None:
    assert not difference(text, Session())


def test_typing_a_label_is_pressing_it_in_the_middle_of_a_conversation() -> None:
    chance, session = random.Random(3), Session()
    for _ in range(60):
        text = chance.choice(OPENINGS)
        assert not difference(text, session)
        _, session = say(text, session)


@pytest.mark.parametrize("text", ["腻子多少钱？地砖哪些有认证？", "水槽多少钱，水龙头多少钱，地漏多少钱"])
def test_labels_of_several_answers_are_unique_or_mean_the_same(text: str) -> None:
    answer, _ = say(text)
    meaning: dict[str, Action] = {}
    for part in (answer, *answer.also):
        for choice in part.choices:
            label = demonstration().wording.text(choice.label)
            assert meaning.setdefault(label, choice.action) == choice.action, label
