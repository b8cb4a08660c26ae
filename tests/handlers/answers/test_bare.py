"""A catalogue with almost nothing in it: every answer is honest about it, none fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import product

import pytest

from bot.plain import plain_text
from catalog_db.catalog import Catalogue, open_catalogue
from catalog_db.database import open_database
from catalog_db.loading import load
from handlers.registry import handler_for
from handlers.session import Session
from handlers.turn import Question, Turn
from handlers.understanding.interpretation import Constraints, Interpretation
from handlers.understanding.normalise import normalise
from tests.batches import failing
from tests.catalog_db.folders import write_folder
from tests.handlers.answers.conftest import CHINA
from tests.handlers.answers.shop import TODAY

FILES = {
    "categories": [{"code": "only", "name": "杂项"}],
    "products": [{"sku": "s1", "title": "无价之物", "category": "only"}],
}
INTENTS = [
    "detail", "compare", "verify", "guide", "ranking", "stores", "pavilion", "enterprise", "faq",
    "calculate", "savings", "plan", "event", "service", "handoff", "smalltalk",
]  # fmt: skip
MEANINGS = [
    {},
    {"skus": ("s1",)},
    {"skus": ("gone", "s1")},
    {"constraints": Constraints(categories=("only",))},
    {"constraints": Constraints(brands=("gone",), categories=("only",)), "place": "370783"},
    {"certificate_numbers": ("", "🙂", "A" * 300)},
    {"chosen": "gone"},
    {
        "cues": frozenset(
            {"ask.pilot", "ask.price", "ask.ar", "ask.link", "aspect.variants", "calc.enough", "sort.sales"}
        )
    },
]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    folder = tmp_path_factory.mktemp("bare")
    data = write_folder(folder / "data", FILES, guide=None)
    url = f"sqlite:///{folder / 'bare.db'}"
    database = open_database(url)
    load(data, database, today=TODAY)
    database.close()
    with open_catalogue(url) as opened:
        yield opened


@pytest.mark.parametrize("intent", INTENTS)
def test_every_answer_says_something(bare, wording, intent):
    def judge(asked):
        says_something(bare, wording, intent, *asked)

    assert failing(product(MEANINGS, ["", "三间房每间15平要几桶", "%s{name}<b>\n"]), judge) == []


def says_something(bare, wording, intent, meaning, said):
    understood = Interpretation(intent, normalise(said), **meaning)
    turn = Turn(Question(said, datetime(2026, 11, 22, 12, tzinfo=CHINA)), understood, Session(), bare)
    answer = handler_for(intent)(turn)
    assert plain_text(answer, wording).strip()
    assert "None" not in plain_text(answer, wording)
    labels = [wording.text(choice.label) for choice in answer.choices]
    assert len(set(labels)) == len(labels)
    if answer.intent == "clarify":
        assert 2 <= len(labels) <= 6
