"""Facets of everything certified are counted by stretches, and are what counting one by one says."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from catalog_db.search import selection
from catalog_db.search.index import Change, SearchIndex
from catalog_db.search.query import ProductQuery
from catalog_db.search.reference import ReferenceIndex
from catalog_db.search.storage import Array
from catalog_db.search.tallies import Tallies
from tests.catalog_db.search.goods import CATEGORIES, DAY, changed, goods

_FACETS = (
    "brand",
    "color",
    "category",
    "stars",
    "formaldehyde",
    "water_grade",
    "energy_grade",
    "feature",
    "scene",
    "price",
)


@pytest.mark.parametrize("seed", range(6))
def test_facets_of_what_is_certified_are_those_of_the_reference(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)
    source = goods(random, 120)
    for name, value in (("BLOCK", 16), ("FEWEST", 1), ("_SPARSE", 1)):
        monkeypatch.setattr(f"catalog_db.search.tallies.{name}", value)
    told: list[NDArray[np.int64]] = []
    plain = Tallies._passing_rows

    def noted(tallies: Tallies, test: selection.Test, column: Array) -> NDArray[np.int64]:
        told.append(plain(tallies, test, column))
        return told[-1]

    monkeypatch.setattr(Tallies, "_passing_rows", noted)
    index, reference = SearchIndex.build(source), ReferenceIndex.build(source)
    for _ in range(2):
        for days in (0, 0, -400, 700):
            for categories in ((), ("paint",), ("toilet", "tile"), tuple(random.sample([*CATEGORIES], 3))):
                asked = ProductQuery(DAY + timedelta(days), certified=True, categories=categories)
                mine, slow = index.search(asked), reference.search(asked)
                assert mine.total == slow.total
                for name in _FACETS:
                    assert slow.facets[name].items() <= mine.facets[name].items(), (name, asked)
                    assert name in ("feature", "scene") or slow.facets[name] == mine.facets[name]
        changes = [Change(*change) for change in changed(random, source)]
        index.apply(changes)
        reference.apply(changes)
    assert told  # by the tallies of the day, not one by one


def test_another_filter_is_not_counted_by_the_tallies_of_what_is_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("BLOCK", 16), ("FEWEST", 1), ("_SPARSE", 1)):
        monkeypatch.setattr(f"catalog_db.search.tallies.{name}", value)
    source = goods(Random(3), 120)
    index, reference = SearchIndex.build(source), ReferenceIndex.build(source)
    for more in ({"min_stars": 2}, {"color": ("白",)}, {"schemes": ("green_building_material",)}, {}):
        asked = ProductQuery(DAY, certified=True, **more)
        assert index.search(asked).facets["brand"] == reference.search(asked).facets["brand"]
