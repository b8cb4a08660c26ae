"""Others that search titles, each the way it does it best as far as we know: `first(text)` gives ten numbers of titles."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from rapidfuzz import fuzz, process

from benchmarks.search.ours import Ours
from benchmarks.search.postgres import Postgres
from catalog_db.search.folding import fold, is_han, runs, token
from catalog_db.search.plan import plan
from catalog_db.search.terms import text_terms


class Peer(Protocol):
    """A way to search titles."""

    bytes: int  # on disk, 0: none

    def first(self, text: str) -> list[int]:
        """Return the numbers of the first ten titles."""
        ...


class RapidFuzz:
    """Every title compared with the query."""

    def __init__(self, titles: Sequence[str], scorer: Callable[..., float]) -> None:
        self._titles = [fold(title) for title in titles]
        self._scorer = scorer
        self.bytes = 0

    def first(self, text: str) -> list[int]:
        """Return the numbers of the first ten titles."""
        return [place for _, _, place in process.extract(fold(text), self._titles, scorer=self._scorer, limit=10)]


class Fts5:
    """SQLite's full-text index over pairs of characters, any of which may match."""

    def __init__(self, titles: Sequence[str], folder: Path) -> None:
        path = folder / "fts5.db"
        fresh = not path.exists()
        self._connection = sqlite3.connect(path)
        if fresh:
            self._connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, content='')")
            rows = ((number, " ".join(_quoted(_character_pairs(title)))) for number, title in enumerate(titles))
            self._connection.executemany("INSERT INTO t(rowid, x) VALUES (?, ?)", rows)
            self._connection.execute("INSERT INTO t(t) VALUES ('optimize')")
            self._connection.commit()
        self.bytes = path.stat().st_size

    def first(self, text: str) -> list[int]:
        """Return the numbers of the first ten titles."""
        asked = " OR ".join(f'"{word}"' for word in _quoted(_character_pairs(text)))
        if not asked:
            return []
        rows = self._connection.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (asked,))
        return [row[0] for row in rows]


class Tantivy:
    """Tantivy, BM25 with block-max pruning, fed with the terms of our own reading: pairs of sounds, pinyin, tokens."""

    def __init__(self, titles: Sequence[str], folder: Path, index: Ours) -> None:
        import tantivy

        self._library: Any = tantivy
        self._vocabulary = index.index.view.vocabulary
        place = folder / "tantivy"
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("number", stored=True, fast=True)
        builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        fresh = not place.exists()
        place.mkdir(exist_ok=True)
        self._index: Any = tantivy.Index(self._schema, path=str(place))
        if fresh:
            self._write(titles)
        self._index.reload()
        self._searcher = self._index.searcher()
        self.bytes = _size(place)

    def _write(self, titles: Sequence[str]) -> None:
        writer = self._index.writer(heap_size=256 << 20, num_threads=1)
        for number, title in enumerate(titles):
            terms = text_terms(fold(title), self._vocabulary.number)
            words = [f"s{term}" for term in terms if term >= _PAIRS] + _character_pairs(title)
            writer.add_document(self._library.Document(number=number, terms=" ".join(words)))
        writer.commit()
        writer.wait_merging_threads()

    def first(self, text: str) -> list[int]:
        """Return the numbers of the first ten titles."""
        heard = {term for gram in plan(text, self._vocabulary).grams for term in gram.terms if term >= _PAIRS}
        words = [f"s{term}" for term in sorted(heard)] + sorted(set(_character_pairs(text)))
        query, occur = self._library.Query, self._library.Occur.Should
        parts = [(occur, query.term_query(self._schema, "terms", word, "freq")) for word in words]
        found = self._searcher.search(query.boolean_query(parts), 10, count=False).hits
        return [self._searcher.doc(address)["number"][0] for _, address in found]


class Trigrams:
    """PostgreSQL pg_trgm: the titles most similar by word, by a GiST index."""

    def __init__(self, titles: Sequence[str], server: Postgres, kind: str) -> None:
        self._kind = kind
        self._connection = server.connect()
        self._connection.execute("DROP TABLE IF EXISTS t")
        self._connection.execute("CREATE TABLE t (number int, title text)")
        with self._connection.cursor().copy("COPY t FROM STDIN") as copy:
            for number, title in enumerate(titles):
                copy.write_row((number, fold(title)))
        self._connection.execute(f"CREATE INDEX t_trgm ON t USING {kind} (title {kind}_trgm_ops)")
        self._connection.execute("ANALYZE t")
        row = self._connection.execute("SELECT pg_relation_size('t_trgm')").fetchone()
        self.bytes = int(row[0]) if row else 0

    def first(self, text: str) -> list[int]:
        """Return the numbers of the first ten titles."""
        order = "ORDER BY %(q)s <<-> title LIMIT 10"
        near = "WHERE %(q)s <% title" if self._kind == "gin" else ""
        near = near.replace("<%", "<%%")
        rows = self._connection.execute(f"SELECT number FROM t {near} {order}", {"q": fold(text)})
        return [row[0] for row in rows]


_PAIRS = 512  # terms below are single sounds, which do without pruning


def _character_pairs(text: str) -> list[str]:
    """Return the pairs of neighbouring characters and the tokens of a text."""
    found: list[str] = []
    for run, _ in runs(fold(text)):
        if not is_han(run):
            found.append(token(run))
        else:
            found += [a + b for a, b in pairwise(run)] or [run]
    return found


def _quoted(words: Iterable[str]) -> Iterator[str]:
    """Yield words of letters and digits alone: FTS5 cuts at everything else."""
    for word in words:
        yield "".join(one if one.isalnum() else "z" for one in word)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def peers(titles: Sequence[str], folder: Path, server: Postgres | None) -> dict[str, Callable[[], Peer]]:
    """Return how to make each peer, our own first."""
    made: dict[str, Callable[[], Peer]] = {
        "ours": lambda: Ours(titles, folder, fast=False),
        "ours, compiled": lambda: Ours(titles, folder, fast=True),
        "tantivy, our tokens": lambda: Tantivy(titles, folder, Ours(titles, folder, fast=False)),
        "SQLite FTS5": lambda: Fts5(titles, folder),
        "rapidfuzz WRatio": lambda: RapidFuzz(titles, fuzz.WRatio),
        "rapidfuzz partial_ratio": lambda: RapidFuzz(titles, fuzz.partial_ratio),
    }
    if server is not None:
        made["pg_trgm GiST"] = lambda: Trigrams(titles, server, "gist")
        made["pg_trgm GIN"] = lambda: Trigrams(titles, server, "gin")
    return made
