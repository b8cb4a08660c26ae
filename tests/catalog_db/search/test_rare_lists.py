"""Tokens of one product are found like all others, in every block."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from catalog_db.records import Product
from catalog_db.search.index import SearchIndex
from catalog_db.search.query import ProductQuery
from catalog_db.search.rare_lists import set_apart
from catalog_db.search.segment import Segment
from catalog_db.search.terms import BLOCK, TOKENS

from .goods import Goods

SIZE = BLOCK * 5 // 4
DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    """Make an index of two blocks: of each product a model of its own, a size of every other one, a mark of few."""
    rows = [
        (Product(f"{n:06d}", f"瓷砖 kx-{n} dn{n % 2} zz{n % 40_000 if n < 50_000 else n}", "tile"), ())
        for n in range(SIZE)
    ]
    return SearchIndex.build(Goods(rows))


def skus_with(segment: Segment, term: int) -> list[str]:
    """Return the skus of the products in the lists of a term."""
    found = []
    for block in range(segment.blocks):
        (places,) = segment.lists(block, np.array([term], np.uint32))
        found += [segment.sku(block * BLOCK + place) for place in places.tolist()]
    return sorted(found)


@pytest.mark.parametrize("number", [0, 7, 39_999, 50_000, BLOCK, SIZE - 1])
def test_the_lists_of_a_token_have_its_products(index: SearchIndex, number: int) -> None:
    segment, token = index.view.segment, index.view.vocabulary.token
    model, mark = token(f"kx-{number}"), token(f"zz{number}")
    assert model is not None
    assert mark is not None
    assert skus_with(segment, model) == [f"{number:06d}"]
    wanted = [one for one in (number, number + 40_000) if one == number or (number < 40_000 and one < 50_000)]
    assert skus_with(segment, mark) == [f"{one:06d}" for one in wanted]
    assert index.view.vocabulary.frequency(mark) == len(wanted)
    assert segment.rare.singles(np.array([model], np.uint32))[0] >= 0
    assert segment.rare.single(model) is not None


def test_tokens_asked_together_keep_their_lists_apart(index: SearchIndex) -> None:
    segment, token = index.view.segment, index.view.vocabulary.token
    words = [f"kx-{n}" for n in range(0, SIZE, 9001)] + ["dn0", "dn1", "zz3", "zz51000", "zz70000"]
    terms = sorted(term for word in words if (term := token(word)) is not None)
    assert len(terms) == len(words)
    begins, ends = segment.spans([0, 1], np.array([*terms, TOKENS + 10_000_000], np.uint32))
    for column, term in enumerate(terms):
        for row in (0, 1):
            (alone,) = segment.lists(row, np.array([term], np.uint32))
            assert segment.postings[begins[row, column] : ends[row, column]].tolist() == alone.tolist()
    assert (begins[:, -1] == ends[:, -1]).all()  # of a token that only a change brought


@pytest.mark.parametrize("blocks", [[0], [1], [0, 1]])
def test_the_lists_of_all_terms_of_a_text_have_it(index: SearchIndex, blocks: list[int]) -> None:
    segment, vocabulary = index.view.segment, index.view.vocabulary
    for number in (3, 41_000, 50_001, BLOCK + 9):
        place = segment.skus.find(f"{number:06d}")
        assert place is not None
        for most in (3, 10**6):  # few tokens are looked for otherwise than many
            terms = sorted(segment.terms_of(place, vocabulary.number))[:most]
            if most > len(terms):
                terms += [term for n in range(9) if (term := vocabulary.token(f"zz{n}")) is not None]
            begins, ends = segment.spans(blocks, np.array(sorted(set(terms)), np.uint32))
            for column, term in enumerate(sorted(set(terms))):
                found = [
                    block * BLOCK + inside
                    for row, block in enumerate(blocks)
                    for inside in segment.postings[begins[row, column] : ends[row, column]].tolist()
                ]
                assert (place in found) == (
                    place // BLOCK in blocks and term in segment.terms_of(place, vocabulary.number)
                )
                assert len(found) <= vocabulary.frequency(term)
                assert len(blocks) < 2 or len(found) == vocabulary.frequency(term)


def test_compiled_loops_find_them_too(index: SearchIndex) -> None:
    pytest.importorskip("numba", reason="install the extra `fast`")
    from catalog_db.search.adding import list_of, span_of
    from catalog_db.search.packing import Shelves

    segment, token = index.view.segment, index.view.vocabulary.token
    shelves = Shelves.of(segment)
    for word in ("kx-3", f"kx-{SIZE - 1}", "dn1", "zz3", "zz39999", "zz70000"):
        term = token(word)
        assert term is not None
        for block in (0, 1):
            (wanted,) = segment.lists(block, np.array([term], np.uint32))
            own = list_of(shelves, block, term)
            begin, end = span_of(shelves, block, own) if own >= 0 else (0, 0)
            assert segment.postings[begin:end].tolist() == wanted.tolist()
    assert list_of(shelves, 0, TOKENS + 10_000_000) == -1


def test_a_model_is_found_and_gone_with_its_product(index: SearchIndex) -> None:
    asked = ProductQuery(DAY, text=f"kx-{BLOCK + 5}")
    first = index.search(asked).hits[0].sku
    assert first == f"{BLOCK + 5:06d}"
    assert index.count(ProductQuery(DAY, title_words=(f"kx-{BLOCK + 5}",))) == 1


def test_tokens_of_one_product_stand_behind_the_others() -> None:
    terms = np.array([5, 9, TOKENS, TOKENS + 1, TOKENS + 4], np.uint32)
    ends = np.array([1, 3, 4, 6, 7], np.uint32)
    apart = set_apart(terms, ends, np.array([8, 1, 2, 30, 4, 5, 60], np.uint16))
    assert [one.tolist() for one in apart] == [
        [5, 9, TOKENS + 1, TOKENS, TOKENS + 4],
        [1, 3, 5],
        [8, 1, 2, 4, 5, 30, 60],
    ]
