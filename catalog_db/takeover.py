"""How a process comes to the newest state of the catalogue and to an index of it.

After an import both are made anew. That takes seconds when there are many products; a `Takeover` does it in a thread of
its own, and the building in another process, while questions go on from the old index. What that index finds is held
against the records as they are now (`still_right`), so that nothing is shown that may no longer be.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from catalog_db.building import build_apart
from catalog_db.database import Database
from catalog_db.records import Certificate, Product
from catalog_db.search.facts import facts
from catalog_db.search.index import IndexUnusableError, SearchIndex
from catalog_db.search.matching import matches
from catalog_db.search.query import Hit, ProductQuery, SearchResult
from catalog_db.search.reasons import Reasoner
from catalog_db.search.shelf import Shelf
from catalog_db.state import Stamp, State, StateSource, changes_since, read_stamp, read_state

AT_ONCE = 20_000  # products: an index of fewer is built in the time of a question


@dataclass(frozen=True, slots=True)
class Ready:
    """A state of the catalogue and the index of it."""

    state: State
    index: SearchIndex


def ready(database: Database, folder: Path | None, fast: bool = False, apart: bool = False) -> Ready:
    """Read the state, and open the index on disk or build it anew, in memory when the folder cannot be written.

    One process builds at a time; those that wait open what it built. `fast`: with compiled loops. `apart`: what is built
    on disk is built by another process, so that this one goes on answering.
    """
    found = _opened(database, folder)
    if found is None:
        with _alone(folder):
            found = _opened(database, folder)
            if found is None and apart and folder is not None and build_apart(database, folder):
                found = _opened(database, folder)
            found = found or _built(database, folder)
    if fast:
        found.index.accelerate()
    return found


def _opened(database: Database, folder: Path | None) -> Ready | None:
    """Open the index on disk, brought up to date when only single products changed since; None: build it anew."""
    if folder is None:
        return None
    with database.snapshot() as connection:
        index = _current(folder, connection)
        return Ready(read_state(connection), index) if index is not None else None


def _current(folder: Path, connection: Connection) -> SearchIndex | None:
    stamp = read_stamp(connection)
    try:
        index = SearchIndex.open(folder)
        found = Stamp.parse(index.revision)
    except (IndexUnusableError, ValueError):
        return None
    if not stamp.follows(found):
        return None
    if found.revision < stamp.revision:
        index.apply(changes_since(connection, found.revision), str(stamp))
    return index


def _built(database: Database, folder: Path | None) -> Ready:
    with database.snapshot() as connection:
        state = read_state(connection)
        source = StateSource(state, connection)
        try:
            return Ready(state, SearchIndex.build(source, folder))
        except OSError:  # the folder cannot be written: the index lives in memory, then
            return Ready(state, SearchIndex.build(source, None))


@contextmanager
def _alone(folder: Path | None) -> Iterator[None]:
    """Keep other processes from building in the folder meanwhile."""
    if folder is None or os.name != "posix":
        yield
        return
    import fcntl

    try:
        file = folder.with_name(f"{folder.name}.lock").open("w")
    except OSError:  # where nothing can be written nobody builds
        yield
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed, also by a process that dies
        yield


class Takeover:
    """Makes a newer state ready in a thread of its own."""

    def __init__(self, make: Callable[[], Ready]) -> None:
        self._made: Ready | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(make,), name="takeover", daemon=True)
        self._thread.start()

    def _run(self, make: Callable[[], Ready]) -> None:
        try:
            self._made = make()
        except Exception as error:  # handed to whoever asks for the result
            self._error = error

    @property
    def running(self) -> bool:
        """Tell whether it is not ready yet."""
        return self._thread.is_alive()

    def result(self) -> Ready:
        """Wait until it is ready and return it. Raises what making it raised."""
        self._thread.join()
        if self._made is None:
            raise self._error or RuntimeError("the takeover ended without a result")
        return self._made


def still_right(
    result: SearchResult,
    query: ProductQuery,
    shelf: Shelf,
    products: Callable[[Iterable[str]], Sequence[Product]],
    evidence: Callable[[Iterable[str]], Mapping[str, Sequence[Certificate]]],
) -> SearchResult:
    """Return what an older index found without the hits that the records of now do not bear out; reasons are theirs, too."""
    skus = [hit.sku for hit in result.hits]
    certificates = evidence(skus)
    known = {product.sku: facts(product, certificates[product.sku], shelf) for product in products(skus)}
    held = {sku: own for sku, own in known.items() if matches(own, query)}
    reasoner = Reasoner(query)
    hits = tuple(Hit(hit.sku, hit.score, reasoner.reasons(held[hit.sku])) for hit in result.hits if hit.sku in held)
    return replace(result, hits=hits, total=result.total - len(skus) + len(hits))
