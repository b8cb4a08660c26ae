"""One search for the words of several tables: a text is gone through once, however many look for words in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ahocorasick_rs import AhoCorasick

Hit = tuple[int, int, int]  # number of the word in its table, start, end
Hits = Sequence[Hit]
_NONE: list[Hit] = []  # never filled: most tables have nothing in most texts


class WordSearch:
    """Finds every word of several tables, those that overlap as well."""

    def __init__(self, *tables: Iterable[str]) -> None:
        """Take the tables; each must hold a word once at most."""
        places: dict[str, list[tuple[int, int]]] = {}
        for table, words in enumerate(tables):
            for number, word in enumerate(words):
                places.setdefault(word, []).append((table, number))
        self._tables = len(tables)
        self._places = [tuple(several) for several in places.values()]
        self._automaton = AhoCorasick(list(places), store_patterns=False)

    def find(self, text: str) -> list[list[Hit]]:
        """Return what each of the tables has in a text, in order of the ends, of one end the longest first."""
        found: list[list[Hit]] = [_NONE] * self._tables
        places = self._places
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for table, number in places[pattern]:
                if found[table]:
                    found[table].append((number, start, end))
                else:
                    found[table] = [(number, start, end)]
        return found

    def find_one(self, text: str) -> list[Hit]:
        """Return what the only table has in a text."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True)
