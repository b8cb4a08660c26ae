"""What a conversation remembers survives as JSON, whatever it holds, and is never shared by accident."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.session import (
    KEPT_QUESTIONS,
    KEPT_TOPICS,
    Session,
    Topic,
    constraints_from_json,
    constraints_json,
)
from handlers.turn import Action
from handlers.understanding.interpretation import Constraints
from tests.handlers.conversation import press, say, talk

# A lone half of a surrogate pair is no text that JSON or a database can carry; channels never pass one on.
words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
lists = st.lists(words, max_size=3).map(tuple)
money = st.none() | st.decimals("0.01", "9999999", places=2)
constraints = st.builds(
    Constraints,
    categories=lists,
    exclude_categories=lists,
    certified=st.booleans(),
    schemes=lists,
    stars=st.lists(st.integers(1, 3), max_size=3).map(tuple),
    min_stars=st.none() | st.integers(1, 3),
    brands=lists,
    exclude_brands=lists,
    price_min=money,
    price_max=money,
    budget=money,
    water_grade_max=st.none() | st.integers(1, 5),
    features=lists,
    color=lists,
    size=lists,
    attributes=st.dictionaries(words, st.lists(words, min_size=1, max_size=3).map(tuple), max_size=3),
    origin=st.none() | words,
    adcode=st.none() | words,
    title_words=lists,
    text=st.text(st.characters(codec="utf-8"), max_size=12),
    sort=st.none() | words,
    limit=st.none() | st.integers(1, 20),
)
topics = st.builds(Topic, constraints=constraints, listed=lists, seen=lists, focus=lists, intent=words)
sessions = st.builds(
    Session,
    topic=topics,
    earlier=st.lists(topics, max_size=KEPT_TOPICS),
    undo=st.lists(topics, max_size=3),
    place=st.none() | words,
    asked=st.none() | words,
    offered=st.lists(st.tuples(words, st.builds(Action, words, lists)), max_size=4).map(tuple),
    questions=st.lists(words, max_size=KEPT_QUESTIONS),
    misses=st.integers(0, 9),
    intent=words,
    data=st.dictionaries(words, words | st.integers() | st.booleans() | st.lists(words), max_size=3),
)


@given(sessions)
@settings(deadline=None, max_examples=50)
def test_a_session_comes_back_from_json_as_it_was(session: Session) -> None:
    written = json.loads(json.dumps(session.to_json(), ensure_ascii=False))
    assert Session.from_json(written) == session


@given(constraints)
@settings(deadline=None)
def test_constraints_come_back_from_json_as_they_were(value: Constraints) -> None:
    assert constraints_from_json(json.loads(json.dumps(constraints_json(value)))) == value


def test_amounts_keep_their_cents() -> None:
    value = Constraints(price_max=Decimal("19.90"))
    assert constraints_from_json(constraints_json(value)).price_max == Decimal("19.90")


def test_fields_that_an_older_version_did_not_write_are_filled() -> None:
    assert Session.from_json({}) == Session()


def test_fields_that_a_newer_version_wrote_are_passed_over() -> None:
    read = Session.from_json(
        {"topic": {"constraints": {"colour_of_the_future": "x", "certified": True}}, "mood": "good"}
    )
    assert read.topic.constraints == Constraints(certified=True)


def test_a_conversation_goes_on_after_a_restart() -> None:
    _, session = talk("三星的外墙漆", "三百以内")
    woken = Session.from_json(json.loads(json.dumps(session.to_json(), ensure_ascii=False)))
    assert say("第一个", woken)[0].products == say("第一个", session)[0].products


def test_an_answer_leaves_the_session_given_as_it_was() -> None:
    _, session = talk("马桶")
    before = session.to_json()
    say("五百以内", session)
    say("重来", session)
    assert session.to_json() == before


def test_only_the_last_questions_are_kept() -> None:
    _, session = talk(*(f"马桶{number}百以内" for number in range(3, 11)))
    assert len(session.questions) == KEPT_QUESTIONS
    assert session.questions[-1] == "马桶10百以内"


def test_a_long_question_is_kept_short() -> None:
    _, session = talk("想买个马桶" + "，要好的" * 400)
    assert max(map(len, session.questions)) <= 100


def test_a_press_is_no_question() -> None:
    answers, session = talk("马桶")
    _, after = press(answers[0].choices[0].action, session)
    assert after.questions == session.questions


def test_topics_left_behind_stay_within_reach_and_few() -> None:
    session = Session()
    for code in "abcdef":
        session.start_topic(Topic(Constraints(categories=(code,)), listed=(code,)))
    assert [topic.listed for topic in session.earlier] == [("e",), ("d",), ("c",)]


@pytest.mark.parametrize("label", ["看 第一款", "  看 第一款 "])
def test_the_label_of_a_choice_names_its_action(label: str) -> None:
    action = Action("show_product", ("a1",))
    assert Session(offered=(("看 第一款", action),)).action_for(label) == action


def test_other_words_name_no_action() -> None:
    assert Session(offered=(("看 第一款", Action("more")),)).action_for("看 第一") is None
