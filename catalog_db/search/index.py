"""The search over the catalogue: built once, opened in milliseconds, changed in place.

    index = SearchIndex.build(source, folder)      # or, without a folder, in memory only
    index = SearchIndex.open(folder, revision)     # raises IndexUnusableError: build it anew
    index.search(ProductQuery(day=today, text="净味乳胶漆", certified=True))

A change is found, or gone, with the next search: changed products are kept in memory beside the index and judged one by
one. `merge` builds anew what has become many changes, while the index goes on answering.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from catalog_db.search.candidates import Collector
from catalog_db.search.fresh import Fresh, fresh
from catalog_db.search.query import ProductQuery, SearchResult
from catalog_db.search.segment import Segment
from catalog_db.search.source import Change, IndexSource
from catalog_db.search.storage import FolderSink, FolderStore, IndexUnusableError, MemoryStore, Store
from catalog_db.search.view import View
from catalog_db.search.vocabulary import IndexVocabulary

__all__ = ["Change", "IndexSource", "IndexUnusableError", "SearchIndex"]

_WARM_CHARACTERS = 30
MANY_CHANGES = 1000  # from which on a merge pays


Compiled = Callable[[Segment], Collector]
Opened = Callable[[], AbstractContextManager[IndexSource]]


class SearchIndex:
    """Find products by filters and by words. Safe to search from several threads."""

    def __init__(self, store: Store) -> None:
        self._lock = threading.Lock()
        self._log: list[Change] | None = None  # changes while a merge is under way
        self._compiled: Compiled | None = None
        self._view = _view(store)
        self.revision = str(self._view.segment.about["revision"])

    @classmethod
    def build(cls, source: IndexSource, folder: Path | None = None) -> SearchIndex:
        """Build the index of a source, in the folder or, without one, in memory only.

        What stands in the folder is replaced once the new index is whole. Raises OSError when it cannot be written.
        """
        return cls(_built(source, folder))

    @classmethod
    def open(cls, folder: Path, revision: str | None = None) -> SearchIndex:
        """Open an index that was built before; its arrays are mapped, not read.

        Raises IndexUnusableError when there is none that can be used, or when it is not of the revision.
        """
        index = cls(FolderStore(folder))
        if revision is not None and index.revision != revision:
            raise IndexUnusableError(f"{folder}: built at revision {index.revision}, the catalogue is at {revision}")
        return index

    # Searching

    def search(self, query: ProductQuery) -> SearchResult:
        """Return the hits from `offset` on, how many match, and the facets of all that match (counted when looked at)."""
        return self._view.search(query)

    def skus(self, query: ProductQuery) -> list[str]:
        """Return the skus of the hits that `search` gives: without scores, reasons and facets many are found quickly."""
        return self._view.skus(query)

    def count(self, query: ProductQuery) -> int:
        """Return how many products match."""
        return self._view.count(query)

    def count_many(self, query: ProductQuery, loosenings: Sequence[ProductQuery]) -> list[int]:
        """Return how many products match each of the loosened queries, all at one state of the catalogue."""
        view = self._view
        return [view.count(loosened) for loosened in loosenings]

    def accelerate(self) -> bool:
        """Use compiled loops from now on, with the same results; False when numba (the extra `fast`) is not installed.

        Takes a second when the compiled code is in the cache, some ten when not: for processes that stay. The index
        answers in the meantime as before.
        """
        try:
            from catalog_db.search.compiled import CompiledCollector
            from catalog_db.search.packing import forget_older_loops
        except ImportError:
            return False
        forget_older_loops()
        _warm_up(_accelerated(self._view, CompiledCollector))
        with self._lock:
            self._compiled = CompiledCollector
            self._view = _accelerated(self._view, CompiledCollector)
        return True

    # Changing

    def apply(self, changes: Iterable[Change], revision: str | None = None) -> None:
        """Take over the new state of single products; they are found, or gone, with the next search."""
        with self._lock:
            changes = list(changes)
            if self._log is not None:
                self._log += changes
            self._view = _changed(self._view, changes)
            self.revision = revision or self.revision

    @property
    def changes(self) -> int:
        """Return how many products changed since the index was built."""
        return len(self._view.fresh) + len(self._view.gone)

    @property
    def size(self) -> int:
        """Return how many products there were when the index was built."""
        return self._view.segment.size

    def merge(self, opened: Opened, folder: Path | None = None, elsewhere: Callable[[], bool] | None = None) -> None:
        """Build the index anew, with all changes, from a source opened now; the old one answers in the meantime.

        `elsewhere` builds it in the folder without keeping this process busy, and tells whether it did. A second merge at
        the same time does nothing. Raises what building raises; the old index stays then.
        """
        with self._lock:
            if self._log is not None:
                return
            self._log = []
        try:
            view = _view(_built_anew(opened, folder, elsewhere))
            with self._lock:
                self._view = _accelerated(_changed(view, self._log), self._compiled)
        finally:
            with self._lock:
                self._log = None

    def merge_in_background(
        self, opened: Opened, folder: Path | None = None, elsewhere: Callable[[], bool] | None = None
    ) -> threading.Thread:
        """Start `merge` in a thread of its own and return the thread."""
        thread = threading.Thread(target=self.merge, args=(opened, folder, elsewhere), name="index-merge", daemon=True)
        thread.start()
        return thread

    @property
    def view(self) -> View:
        """Return the present state, for those who look inside."""
        return self._view


@contextmanager
def _without_collection() -> Iterator[None]:
    """Let no garbage be looked for: a building makes millions of objects and no cycle, and every look takes longer."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_without_collection()
def _built(source: IndexSource, folder: Path | None) -> Store:
    from catalog_db.search.builder import build  # what an index that is there does without

    if folder is None:
        memory = MemoryStore()
        build(source, memory)
        return memory
    sink = FolderSink(folder)
    try:
        build(source, sink)
        sink.finish()
    except BaseException:
        sink.discard()
        raise
    return FolderStore(folder)


def _built_anew(opened: Opened, folder: Path | None, elsewhere: Callable[[], bool] | None) -> Store:
    if folder is not None and elsewhere is not None and elsewhere():
        return FolderStore(folder)
    with opened() as source:
        return _built(source, folder)


def _view(store: Store) -> View:
    segment = Segment(store)
    return View(segment, IndexVocabulary(store, segment.size), np.zeros(0, np.intp), {})


def _accelerated(view: View, compiled: Compiled | None) -> View:
    if compiled is None:
        return view
    parts = replace(view.parts, collector=compiled(view.segment))
    return View(view.segment, view.vocabulary, view.gone, view.fresh, parts)


def _warm_up(view: View) -> None:
    """Ask what compiles every loop, so that no shopper waits for it."""
    if view.segment.size:
        text = view.segment.text(0)[:_WARM_CHARACTERS]
        view.count(ProductQuery(date.min, text=text))
        view.count(ProductQuery(date.min, text=text, min_stars=1))
        view.count(ProductQuery(date.min, text=text, exclude_brands=("",)))


def _changed(view: View, changes: Sequence[Change]) -> View:
    """Return the view after changes. The vocabulary counts along, so that weights are those of an index built anew."""
    fresh_ones = dict(view.fresh)
    gone = set(view.gone.tolist())
    for change in changes:
        _forget(change.sku, view, fresh_ones, gone)
        if change.product is not None and change.product.shown:
            one = fresh(change.product, change.certificates, view.segment.shelf, view.vocabulary)
            view.vocabulary.count(one.terms, 1)
            view.parts.fresh_terms.add(one)
            fresh_ones[change.sku] = one
    return view.changed(np.array(sorted(gone), np.intp), fresh_ones)


def _forget(sku: str, view: View, fresh_ones: dict[str, Fresh], gone: set[int]) -> None:
    """Take the last known state of a product out."""
    before = fresh_ones.pop(sku, None)
    if before is not None:
        view.vocabulary.count(before.terms, -1)
        return
    place = view.segment.skus.find(sku)
    if place is not None and place not in gone:
        gone.add(place)
        view.vocabulary.count(view.segment.terms_of(place, view.vocabulary.number), -1)
