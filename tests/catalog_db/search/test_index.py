"""The index agrees with the slow reference in everything that it says."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_db.search.index import Change, SearchIndex
from catalog_db.search.reference import ReferenceIndex
from tests.catalog_db.search.goods import Goods, changed, goods, query

SEEDS = st.integers(0, 10**9)


def agree(index: SearchIndex, reference: ReferenceIndex, random: Random, questions: int) -> None:
    for _ in range(questions):
        asked = query(random)
        mine, plain = index.search(asked), reference.search(asked)
        assert mine.total == plain.total, asked
        assert mine.hits == plain.hits, asked
        for (
            name,
            counts,
        ) in plain.facets.items():  # words that no product has any longer may stay until the next building
            assert counts.items() <= mine.facets[name].items(), (name, asked)
            assert name in ("feature", "scene") or counts == mine.facets[name]
        assert index.count(asked) == plain.total


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_search_is_what_the_reference_says(seed: int) -> None:
    random = Random(seed)
    source = goods(random, random.choice([0, 1, 5, 40]))
    agree(SearchIndex.build(source), ReferenceIndex.build(source), random, 12)


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_compiled_loops_say_the_same(seed: int) -> None:
    pytest.importorskip("numba", reason="install the extra `fast`")
    random = Random(seed)
    source = goods(random, random.choice([0, 5, 40]))
    index = SearchIndex.build(source)
    assert index.accelerate()
    agree(index, ReferenceIndex.build(source), random, 12)


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_leaving_most_out_before_sorting_changes_nothing(seed: int) -> None:
    random = Random(seed)
    source = goods(random, 40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("catalog_db.search.view.MANY_PLACES", 0)
        agree(SearchIndex.build(source), ReferenceIndex.build(source), random, 20)


@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_changes_lead_where_building_anew_leads(seed: int) -> None:
    random = Random(seed)
    source = goods(random, random.choice([1, 5, 30]))
    index = SearchIndex.build(source)
    rows = {product.sku: (product, certificates) for product, certificates in source.rows}
    for _ in range(3):
        for sku, product, certificates in changed(random, source):
            index.apply([Change(sku, product, certificates)])
            rows.pop(sku, None)
            if product is not None:
                rows[sku] = (product, certificates)
    agree(index, ReferenceIndex.build(Goods(list(rows.values()))), random, 12)
