"""The index agrees with the slow reference in everything that it says."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog_db.search.index import Change, SearchIndex
from catalog_db.search.query import ProductQuery
from catalog_db.search.reference import ReferenceIndex
from catalog_db.search.terms import BLOCK
from tests.catalog_db.search.goods import Goods, changed, goods, listed, query

SEEDS = st.integers(0, 10**9)
SHORT = goods(Random(4), 40)


def agree(
    index: SearchIndex,
    reference: ReferenceIndex,
    random: Random,
    questions: int,
    question: Callable[[Random], ProductQuery] = query,
) -> None:
    for _ in range(questions):
        asked = question(random)
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
        assert index.skus(asked) == [hit.sku for hit in plain.hits]


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_search_is_what_the_reference_says(seed: int) -> None:
    random = Random(seed)
    source = goods(random, random.choice([0, 1, 5, 40]))
    agree(SearchIndex.build(source), ReferenceIndex.build(source), random, 12)


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_products_kind_by_kind_change_nothing(seed: int) -> None:
    random = Random(seed)
    source = goods(random, random.choice([1, 5, 40]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("catalog_db.search.intake.FEWEST", 1)
        agree(SearchIndex.build(source), ReferenceIndex.build(source), random, 12)


@given(SEEDS)
@example(576)  # the least score of all beside good ones
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
        patch.setattr("catalog_db.search.listing.MANY_PLACES", 0)
        agree(SearchIndex.build(source), ReferenceIndex.build(source), random, 20)


@given(SEEDS, st.sampled_from([1, 4]))
@example(11, 4)
@settings(max_examples=20, deadline=None)
def test_counting_and_leading_by_parts_change_nothing(seed: int, share: int) -> None:
    random = Random(seed)
    source = goods(random, 60)
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in (
            ("leaders", "PART", 3),
            ("leaders", "FEWEST", 1),
            ("leaders", "_SHARE", share),
            ("tallies", "BLOCK", 8),
            ("tallies", "FEWEST", 1),
            ("tallies", "_SPARSE", 1),
            ("listing", "MANY_PLACES", 0),
            ("view", "MANY_PLACES", 0),
        ):
            patch.setattr(f"catalog_db.search.{module}.{name}", value)
        index, reference = SearchIndex.build(source), ReferenceIndex.build(source)
        agree(index, reference, random, 20, listed)
        changes = [Change(*change) for change in changed(random, source)]
        index.apply(changes)
        reference.apply(changes)
        agree(index, reference, random, 20, listed)


@given(SEEDS, st.booleans())
@settings(max_examples=30, deadline=None)
def test_only_the_best_candidates_are_compared(seed: int, compiled: bool) -> None:
    random = Random(seed)
    source = goods(random, 40)
    names = (
        ("candidates", "compiled", "reference", "view") if find_spec("numba") else ("candidates", "reference", "view")
    )
    modules = [import_module(f"catalog_db.search.{name}") for name in names]  # before one has another figure to copy
    with pytest.MonkeyPatch.context() as patch:
        for module in modules:
            patch.setattr(module, "RERANKED", 5)
        index, reference = SearchIndex.build(source), ReferenceIndex.build(source)
        if compiled:
            index.accelerate()
        agree(index, reference, random, 12)
        changes = [Change(*change) for change in changed(random, source)]
        index.apply(changes)
        reference.apply(changes)
        agree(index, reference, random, 12)


def test_compiled_loops_say_the_same_over_several_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba", reason="install the extra `fast`")
    random = Random(5)
    again = itertools.islice(itertools.cycle(SHORT.rows), BLOCK * 5 // 4)
    source = Goods([(replace(product, sku=f"{n:06d}"), ()) for n, (product, _) in enumerate(again)])
    plain, compiled = SearchIndex.build(source, tmp_path), SearchIndex.open(tmp_path)
    assert compiled.accelerate()
    assert plain.view.segment.blocks == 2
    changes = [Change(*change) for change in changed(random, SHORT)]
    for at_once in (4, 1):  # blocks
        monkeypatch.setattr("catalog_db.search.candidates._AT_ONCE", at_once)
        for _ in range(30):
            asked = query(random)
            assert plain.search(asked).hits == compiled.search(asked).hits
            assert plain.count(asked) == compiled.count(asked)
        plain.apply(changes)
        compiled.apply(changes)


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


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_windows_that_cannot_match_are_left_out(seed: int) -> None:
    random = Random(seed)
    source = goods(random, random.choice([1, 5, 40]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("catalog_db.search.windows.FEWEST", 1)
        index, reference = SearchIndex.build(source), ReferenceIndex.build(source)
        agree(index, reference, random, 12)
        changes = [Change(*change) for change in changed(random, source)]
        index.apply(changes)
        reference.apply(changes)
        agree(index, reference, random, 12)


def test_windows_find_the_same_over_several_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(7)
    again = itertools.islice(itertools.cycle(goods(random, 4000).rows), BLOCK * 5 // 4)
    index = SearchIndex.build(Goods([(replace(product, sku=f"{n:06d}"), ()) for n, (product, _) in enumerate(again)]))
    changes = [Change(*change) for change in changed(random, SHORT)]
    for _ in range(2):
        for _ in range(20):
            asked = query(random)
            found = []
            for fewest in (1, 99):
                monkeypatch.setattr("catalog_db.search.windows.FEWEST", fewest)
                result = index.search(asked)
                found.append((result.hits, result.total, index.count(asked)))
            assert found[0] == found[1], asked
        index.apply(changes)
