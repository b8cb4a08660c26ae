"""The catalogue's own search, fed with nothing but titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from catalog_db.records import Brand, Category, Certificate, Enterprise, Product
from catalog_db.search.index import SearchIndex
from catalog_db.search.query import ProductQuery
from catalog_db.search.source import Batch
from catalog_db.search.storage import FolderStore

_DAY = date(2026, 11, 22)
_BATCH = 8192


class TitleSource:
    """Titles as products of one category; the number of the title is the sku."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._titles = titles
        self.revision = "titles"
        self.categories = {"all": Category("all", "all")}
        self.brands: dict[str, Brand] = {}
        self.enterprises: dict[str, Enterprise] = {}

    def products(self) -> Iterator[tuple[Product, Sequence[Certificate]]]:
        """Stream the titles."""
        for number, title in enumerate(self._titles):
            yield Product(f"{number:08d}", title, "all"), ()

    def batches(self) -> Iterator[Batch]:
        """Stream the titles column by column."""
        for first in range(0, len(self._titles), _BATCH):
            titles = self._titles[first : first + _BATCH]
            skus = [f"{number:08d}" for number in range(first, first + len(titles))]
            yield Batch({"sku": skus, "title": titles, "category": ["all"] * len(titles)})


class Ours:
    """The index on disk, opened by memory map; with numba when `fast`."""

    def __init__(self, titles: Sequence[str], folder: Path, fast: bool) -> None:
        place = folder / "ours"
        if not place.exists():
            SearchIndex.build(TitleSource(titles), place)
        self._index = SearchIndex.open(place)
        if fast and not self._index.accelerate():
            raise ImportError("numba is not installed: the extra `fast`")
        self.bytes = sum(size for size, _ in FolderStore(place).files.values())

    def first(self, text: str) -> list[int]:
        """Return the numbers of the first ten titles."""
        hits = self._index.search(ProductQuery(_DAY, text=text, limit=10)).hits
        return [
            int(hit.sku) for hit in hits if hit.reasons is not None
        ]  # with its reasons, which are told when looked at

    @property
    def index(self) -> SearchIndex:
        """Return the index."""
        return self._index
