"""What matches a query, in one state of the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog_db.records import Product
from catalog_db.search.candidates import Candidates
from catalog_db.search.fresh import Fresh
from catalog_db.search.plan import Asked
from catalog_db.search.selection import Passing, Places


@dataclass(frozen=True, slots=True)
class Found:
    """What matches a query: places of the index with their points, and changed products with theirs.

    A number is a place of the index, or below zero one of the changed products: -1 the first.
    """

    candidates: Candidates
    fresh: Sequence[tuple[int, Fresh]]
    plan: Asked | None = None  # None: nothing was typed
    scores: Sequence[int] | NDArray[np.int64] = ()  # of the best, in order
    numbers: Sequence[int] | NDArray[np.intp] = ()
    passing: Passing | None = None  # where nothing was typed: what passes the filters, instead of candidates

    @property
    def places(self) -> Places:
        """Return the places of the index that match, in order."""
        return self.candidates.places if self.passing is None else self.passing.places

    def changed(self, number: int) -> Product:
        """Return the changed product with a number below zero."""
        return self.fresh[-number - 1][1].facts.product

    def __len__(self) -> int:
        return len(self.candidates.places if self.passing is None else self.passing) + len(self.fresh)
