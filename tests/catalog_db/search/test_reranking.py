"""Texts are compared all at once, and have the score that the definition gives each of them alone."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_db.search.folding import fold
from catalog_db.search.index import SearchIndex
from catalog_db.search.plan import Plan, plan
from catalog_db.search.reference import fit
from catalog_db.search.reranking import rerank
from catalog_db.search.terms import END, codes_of
from tests.catalog_db.search.goods import goods

SOURCE = goods(Random(6), 40)
TITLES = [fold(product.title) for product, _ in SOURCE.rows]
VOCABULARY = SearchIndex.build(SOURCE).view.vocabulary


def scores(asked: Plan, texts: list[str], behind: str = "") -> list[int]:
    codes = codes_of("".join(text + END for text in texts) + behind)
    ends = np.flatnonzero(codes == ord(END))[: len(texts)]
    return rerank(asked, codes, np.concatenate([[0], ends[:-1] + 1]), ends).tolist()


def garbled(random: Random, text: str) -> str:
    letters = list(text)
    for _ in range(random.randrange(4)):
        place = random.randrange(len(letters))
        letters[place : place + random.randrange(3)] = random.choice(["", "x", "1", " ", *TITLES[0]])
    return "".join(letters)


@given(st.integers(0, 10**9))
@settings(max_examples=40, deadline=None)
def test_every_text_has_the_score_of_the_definition(seed: int) -> None:
    random = Random(seed)
    asked = plan("".join(random.choices(TITLES, k=random.choice([1, 1, 2, 8])))[: random.randrange(2, 90)], VOCABULARY)
    if random.random() < 0.5:  # one wrong character, which may stand beside none of its neighbours anywhere
        place = random.randrange(len(asked.units))
        typed = "".join(chr(unit.code) if unit.code else f" {unit.word} " for unit in asked.units)
        asked = plan(f"{typed[:place]}{random.choice('掀咽盲囊隋')}{typed[place + 1 :]}", VOCABULARY)
    texts = [garbled(random, "".join(random.choices(TITLES, k=random.choice([1, 1, 1, 6])))) for _ in range(9)]
    texts = [text.replace(END, "") for text in texts]
    assert scores(asked, texts) == [fit(asked, text) for text in texts]
    assert scores(asked, texts, behind="".join(TITLES)) == [fit(asked, text) for text in texts]


def test_a_text_of_any_length_stands_beside_short_ones() -> None:
    asked = plan(TITLES[0], VOCABULARY)
    apart = [fit(asked, text) for text in TITLES]
    long = "无" * 70_000 + TITLES[0]
    assert scores(asked, [*TITLES, long, "", *TITLES]) == [*apart, fit(asked, "无无" + TITLES[0]), 0, *apart]


def test_long_texts_of_several_lengths_stand_side_by_side() -> None:
    asked = plan(TITLES[0], VOCABULARY)
    texts = ["无" * size + TITLES[0] + "有" * (size % 3) for size in (200, 230, 240, 256, 300, 401)]
    assert scores(asked, texts, behind=TITLES[1]) == [fit(asked, text) for text in texts]


def test_many_texts_are_compared_in_portions() -> None:
    asked = plan("".join(TITLES[:6]), VOCABULARY)
    assert len(asked.units) > 32
    again = TITLES * 40
    assert scores(asked, again) == [fit(asked, text) for text in TITLES] * 40


def test_another_character_stands_for_one_that_nobody_writes_there() -> None:
    asked = plan("乳掀漆", VOCABULARY)
    assert asked.doubtful & 0b010
    right, other, apart = scores(asked, ["净味乳胶漆", "净味乳白漆", "乳胶 底漆"])
    assert right == other > apart
