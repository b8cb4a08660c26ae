"""What an operator does with an index on disk: build it, check that it is whole, look at it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from catalog_db.search.index import SearchIndex
from catalog_db.search.source import IndexSource
from catalog_db.search.storage import HEADER, VERSION, FolderStore

_TEXTS = ("codes.bin", "text_starts.bin", "title_lengths.bin")


@dataclass(frozen=True, slots=True)
class Description:
    """An index on disk in figures. Sizes in bytes; `texts` are the stored titles and further words."""

    version: int
    revision: str
    built_at: datetime
    products: int
    categories: int
    terms: int
    tokens: int
    blocks: int
    size: int
    texts: int
    files: dict[str, int] = field(default_factory=dict)

    @property
    def per_product(self) -> float:
        """Return the bytes of the index for each product, without the stored texts."""
        return (self.size - self.texts) / max(self.products, 1)


def build(source: IndexSource, folder: Path, clock: Callable[[], float] = time.monotonic) -> tuple[Description, float]:
    """Build the index of a source in a folder and return its description and the seconds it took.

    Raises OSError when the folder cannot be written; what stood there stays.
    """
    begin = clock()
    SearchIndex.build(source, folder)
    return describe(folder), clock() - begin


def verify(folder: Path) -> list[str]:
    """Read the whole index and return the names of the files that are not what was written; none: it is whole.

    Raises IndexUnusableError when it cannot be opened at all.
    """
    SearchIndex.open(folder)
    return FolderStore(folder).verify()


def describe(folder: Path) -> Description:
    """Return an index on disk in figures. Raises IndexUnusableError when it cannot be opened."""
    index = SearchIndex.open(folder)
    store = FolderStore(folder)
    sizes = {name: size for name, (size, _) in store.files.items()}
    segment = index.view.segment
    return Description(
        version=VERSION,
        revision=index.revision,
        built_at=datetime.fromtimestamp((store.folder / HEADER).stat().st_mtime, UTC),
        products=segment.size,
        categories=len(segment.categories),
        terms=index.view.vocabulary.terms,
        tokens=len(index.view.vocabulary.strings),
        blocks=segment.blocks,
        size=sum(sizes.values()),
        texts=sum(sizes[name] for name in _TEXTS),
        files=sizes,
    )
