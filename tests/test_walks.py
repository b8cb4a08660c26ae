"""Press every button: each leads to an answer, and no answer breaks a promise on its way."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from bot.plain import answer_json, full_text
from catalog_db.certification import certified, stars
from handlers.session import Session
from handlers.turn import Answer, Question
from tests.assistants import DAY, NOW, demonstration

QUESTIONS = [
    line for line in (Path(__file__).parent / "cases" / "openings.txt").read_text(encoding="utf-8").splitlines() if line
]
LEAST_WALK = 400


def check(answer: Answer, session: Session) -> None:
    """Hold an answer against what is promised of every answer."""
    parts = demonstration()
    catalogue = parts.catalogue
    for part in (answer, *answer.also):
        text = full_text(part, parts.wording)
        assert text.strip(), part.intent
        found = answer_json(None, part, parts.wording, 0)
        labels = found["choices"]
        assert len(labels) == len(set(labels)), labels
        if part.intent == "clarify":
            assert 2 <= len(labels) <= 6
        filters = found["filters"]
        assert len(set(part.products)) == len(part.products)
        for product in catalogue.products(part.products) if part.intent in ("recommend", "plan") else ():
            evidence = catalogue.certificates_of(product.sku)
            assert product.shown, product.sku
            if "price_max" in filters:
                assert product.price is not None
                assert product.price <= Decimal(str(filters["price_max"]))
            if "price_min" in filters:
                assert product.price is not None
                assert product.price >= Decimal(str(filters["price_min"]))
            if filters.get("certified"):
                assert certified(evidence, DAY, tuple(filters.get("schemes", ())))
            if "min_stars" in filters:
                assert stars(evidence, DAY) >= filters["min_stars"]
            assert product.brand not in filters.get("exclude_brands", ())
            for feature in filters.get("features", ()):
                assert feature in product.features or feature in product.title
    assert Session.from_json(session.to_json()).to_json() == session.to_json()


@pytest.mark.parametrize("text", QUESTIONS)
def test_every_button_to_the_second_step_works(text: str) -> None:
    """Breadth first, each payload once."""
    assistant = demonstration().assistant
    pressed: set[tuple[str, tuple[str, ...]]] = set()
    answer, session = assistant.respond(Question(text, NOW), Session())
    check(answer, session)
    layer = [(answer, session)]
    for _ in range(2):
        following = []
        for shown, state in layer:
            for choice in shown.choices:
                payload = (choice.action.name, choice.action.args)
                if payload in pressed:
                    continue
                pressed.add(payload)
                following.append(assistant.respond(Question("", NOW, action=choice.action), state))
                check(*following[-1])
        layer = following


def walk(seed: int, steps: int) -> None:
    """Press buttons at random and type questions in between, in one endless conversation."""
    chance = random.Random(seed)
    assistant = demonstration().assistant
    session = Session()
    answer: Answer | None = None
    for _ in range(steps):
        choices = answer.choices if answer else ()
        if choices and chance.random() < 0.6:
            question = Question("", NOW, action=chance.choice(choices).action)
        else:
            question = Question(chance.choice(QUESTIONS), NOW)
        answer, session = assistant.respond(question, session)
        check(answer, session)


def test_a_random_walk_breaks_no_promise() -> None:
    walk(20261122, LEAST_WALK)


@pytest.mark.long
def test_a_long_random_walk_breaks_no_promise() -> None:
    walk(7, 10_000)
