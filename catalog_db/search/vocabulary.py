"""The terms of an index: how many texts have each, and which number a token has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.packed_strings import GROUP, UPPER
from catalog_db.search.sounds import SOUNDS
from catalog_db.search.storage import Store
from catalog_db.search.terms import TOKENS
from catalog_db.search.typed import MOST_LETTERS, likeliest

_IN_MEMORY = 50_000  # tokens that are looked up in a table; more of them by halving, on disk
OFTEN = 255  # texts with a token: so many and more are listed apart
_REMEMBERED = 10_000  # looked up by halving


class Strings:
    """Many strings in one array, found by halving: they stand in ascending order, or an array gives it.

    What all of them begin with is kept once, where they end as a distance from the base of a few.
    """

    def __init__(self, store: Store, name: str, ordered: bool = True) -> None:
        self._shared = store.array(f"{name}.shared").tobytes()
        self._bytes = store.array(f"{name}.bytes").data
        self._bases = store.array(f"{name}.bases").data  # views: faster for one at a time
        self._ends = store.array(f"{name}.ends").data
        self._order = None if ordered else store.array(f"{name[:-1]}_order")
        self._upper = None if ordered or len(self) <= UPPER else store.array(f"{name[:-1]}_order.upper")

    def __len__(self) -> int:
        return len(self._ends) - 1

    def raw(self, place: int) -> bytes:
        """Return a string as UTF-8."""
        return self._shared + self._bytes[self._end(place) : self._end(place + 1)]

    def string(self, place: int) -> str:
        """Return a string."""
        return str(self.raw(place), "utf-8", "surrogatepass")

    def strings(self, places: Sequence[int]) -> list[str]:
        """Return several strings."""
        shared, content, bases, ends = self._shared, self._bytes, self._bases, self._ends
        return [
            (
                shared + content[bases[place // GROUP] + ends[place] : bases[(place + 1) // GROUP] + ends[place + 1]]
            ).decode("utf-8", "surrogatepass")
            for place in places
        ]

    def find(self, string: str) -> int | None:
        """Return the place of a string."""
        wanted = string.encode("utf-8", "surrogatepass")
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.raw(self._at(middle)) < wanted:
                low = middle + 1
            else:
                high = middle
        if low < len(self):
            place = self._at(low)
            if self.raw(place) == wanted:
                return place
        return None

    def all(self) -> list[str]:
        """Return all strings in their places."""
        raw, shared = bytes(self._bytes), self._shared
        return [
            (shared + raw[begin:end]).decode("utf-8", "surrogatepass")
            for begin, end in pairwise(self._all_ends().tolist())
        ]

    def containing(self, part: str) -> list[int]:
        """Return the places of all strings that contain a part."""
        wanted = part.encode("utf-8", "surrogatepass")
        if self._shared:
            return [place for place in range(len(self)) if wanted in self.raw(place)]
        joined = bytes(self._bytes)
        ends = self._all_ends()
        found: dict[int, None] = {}
        at = joined.find(wanted)
        while at >= 0:
            place = int(np.searchsorted(ends, at, "right")) - 1
            if at + len(wanted) <= int(ends[place + 1]):
                found[place] = None
            at = joined.find(wanted, at + 1)
        return list(found)

    def _at(self, rank: int) -> int:
        if self._order is None:
            return rank
        place: int = self._order.item(rank)
        return place if self._upper is None else place + UPPER * int(self._upper.item(rank))

    def _end(self, place: int) -> int:
        return self._bases[place // GROUP] + self._ends[place]

    def _all_ends(self) -> NDArray[np.int64]:
        return np.repeat(np.asarray(self._bases), GROUP)[: len(self._ends)] + np.asarray(self._ends, np.int64)


class IndexVocabulary:
    """The vocabulary of an index together with what changed since it was built."""

    def __init__(self, store: Store, documents: int) -> None:
        self.documents = documents
        self.strings = Strings(store, "tokens")
        self._small = len(self.strings) <= _IN_MEMORY
        known = store.array("known_sounds")
        self._changed: Counter[int] = Counter()
        self._new: dict[str, int] = {}
        self._found: dict[str, int | None] = {}
        self._likeliest: dict[tuple[int, str], list[tuple[float, int]]] = {}
        dense = np.zeros(SOUNDS + SOUNDS * SOUNDS, np.uint32)
        dense[known] = store.array("heard")
        self.heard = dense  # the frequency of each sound and pair of sounds, kept up to date
        self._sounds = memoryview(dense.data)  # the same, faster for one at a time
        often = np.ones(len(self.strings), np.uint8)  # every token stands somewhere
        often[store.array("several_tokens")] = store.array("several_often")
        self._tokens = memoryview(often.data)
        self._often = dict(zip(store.array("frequent_tokens").tolist(), store.array("often").tolist(), strict=True))
        self._count = len(known) + len(self.strings)

    def frequency(self, term: int) -> int:
        """Return in how many texts a term stands."""
        if term < TOKENS:
            return self._sounds[term]
        place = term - TOKENS
        often = self._tokens[place] if place < len(self._tokens) else 0
        if often == OFTEN:
            often = self._often[place]
        return often + self._changed[term] if self._changed else often

    def follows(self, first: int, second: int) -> int:
        """Return in how many texts a sound stands right behind another."""
        return self._sounds[SOUNDS + first * SOUNDS + second]

    def following(self, first: int, sounds: Sequence[int]) -> list[int]:
        """Return for each of some sounds in how many texts it stands right behind another."""
        row, often = SOUNDS + first * SOUNDS, self._sounds
        return [often[row + sound] for sound in sounds]

    def likeliest(self, first: int, letter: str) -> list[tuple[float, int]]:
        """Return what `typed.likeliest` says; remembered until a text comes or goes."""
        remembered = self._likeliest
        found = remembered.get((first, letter))
        if found is None:
            found = remembered[first, letter] = likeliest(first, letter, self)
        return found

    def longest(self, two: str) -> int:
        """Return how long a token that begins with two characters may be at most; 0: there is none."""
        if not self._small or (self._new and any(word[0] == two[0] for word in self._new)):
            return MOST_LETTERS
        return self._longest.get(two, 0)

    def token(self, word: str) -> int | None:
        """Return the term of a token; None when no text has it."""
        term = self._number(word)
        if term is None or not self.frequency(term):
            return None
        return term

    def number(self, word: str) -> int:
        """Return the term of a token, a new one when it had none."""
        term = self._number(word)
        if term is None:
            term = self._new[word] = TOKENS + len(self.strings) + len(self._new)
        return term

    def count(self, terms: Iterable[int], by: int) -> None:
        """Take note that a text with these terms came (1) or went (-1)."""
        self.documents += by
        for term in terms:
            if term < TOKENS:
                self._sounds[term] += by
            else:
                self._changed[term] += by
        self._likeliest = {}

    @property
    def terms(self) -> int:
        """Return how many different terms there are."""
        return self._count + len(self._new)

    def _number(self, word: str) -> int | None:
        if self._new and word in self._new:
            return self._new[word]
        if self._small:
            return self._numbers.get(word)
        if word not in self._found:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            place = self.strings.find(word)
            self._found[word] = None if place is None else TOKENS + place
        return self._found[word]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {word: TOKENS + place for place, word in enumerate(self.strings.all())}

    @cached_property
    def _longest(self) -> dict[str, int]:
        """Return by its first two characters, or its only one, how long the longest token is."""
        longest: dict[str, int] = {}
        for word in self._numbers:
            longest[word[:2]] = max(longest.get(word[:2], 0), len(word))
        return longest
