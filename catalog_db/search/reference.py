"""The search as plain Python over records: slow and obvious, the oracle of the property tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalog_db.search.facets import facets
from catalog_db.search.facts import Facts
from catalog_db.search.facts import facts as facts_of
from catalog_db.search.matching import predicates
from catalog_db.search.ordering import diversified, popularity, sort_key
from catalog_db.search.phrase import MATCH_PERCENT, score
from catalog_db.search.query import Hit, ProductQuery, SearchResult
from catalog_db.search.reasons import reasons
from catalog_db.search.shelf import Shelf
from catalog_db.search.source import Change, IndexSource

_Scored = list[tuple[int, Facts]]


class ReferenceIndex:
    """Search a small catalogue by looking at every product."""

    def __init__(self, shelf: Shelf, rows: Iterable[Facts]) -> None:
        self._shelf = shelf
        self._rows = {row.product.sku: row for row in rows}

    @classmethod
    def build(cls, source: IndexSource) -> ReferenceIndex:
        """Read every product of the source."""
        shelf = Shelf(source.categories, source.brands, source.enterprises)
        return cls(shelf, [facts_of(product, certificates, shelf) for product, certificates in source.products()])

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over the new state of single products."""
        for change in changes:
            self._rows.pop(change.sku, None)
            if change.product is not None:
                self._rows[change.sku] = facts_of(change.product, change.certificates, self._shelf)

    def search(self, query: ProductQuery) -> SearchResult:
        """Return the hits from `offset` on, how many match, and the facets of all that match."""
        found = self._found(query)
        ordered = _ordered(found, query)
        page = ordered[query.offset : query.offset + query.limit]
        matching = [row for _, row in found]
        extremes = _extremes(matching)
        shown = [row for row in self._rows.values() if row.product.shown]
        features = {feature for row in shown for feature in row.product.features}
        scenes = {scene for row in shown for scene in row.product.scenes}
        hits = tuple(
            Hit(row.product.sku, float(points), reasons(row, query, extremes.get(row.product.sku, frozenset())))
            for points, row in page
        )
        return SearchResult(hits, len(found), facets(matching, query.day, features, scenes))

    def count(self, query: ProductQuery) -> int:
        """Return how many products match."""
        return len(self._found(query))

    def count_many(self, query: ProductQuery, loosenings: Sequence[ProductQuery]) -> list[int]:
        """Return how many products match each loosened query."""
        return [self.count(loosened) for loosened in loosenings]

    def _found(self, query: ProductQuery) -> _Scored:
        holds = predicates(query)
        rows = [row for row in self._rows.values() if all(holds_of(row) for holds_of in holds)]
        if not query.text.strip():
            return [(0, row) for row in rows]
        scored = [(score(query.text, row.title), row) for row in rows]
        best = max((points for points, _ in scored), default=0)
        return [(points, row) for points, row in scored if points and points * 100 >= best * MATCH_PERCENT]


def _ordered(found: _Scored, query: ProductQuery) -> _Scored:
    if query.sort != "recommended":
        return sorted(found, key=lambda hit: (sort_key(hit[1].product, query.sort), popularity(hit[1].product)))
    ordered = sorted(found, key=lambda hit: (-hit[0], popularity(hit[1].product)))
    ties = sum(points == ordered[0][0] for points, _ in ordered)
    return diversified(ordered, lambda hit: hit[1].product.brand, ties)


def _extremes(found: Sequence[Facts]) -> dict[str, frozenset[str]]:
    """Say of which products a superlative holds among all that match; of a single product none does."""
    named = (
        ("cheapest", [(-row.product.price, row) for row in found if row.product.price is not None]),
        ("best_seller", [(row.product.sales_30d, row) for row in found if row.product.sales_30d]),
        ("best_rated", [(row.product.rating, row) for row in found if row.product.rating]),
    )
    holders: dict[str, frozenset[str]] = {}
    for name, values in named:
        if len(values) > 1:
            best = max(value for value, _ in values)
            for value, row in values:
                if value == best:
                    holders[row.product.sku] = holders.get(row.product.sku, frozenset()) | {name}
    return holders
