"""The Latin tokens of all texts of an index in building."""

from __future__ import annotations

import string
from collections.abc import Iterable
from functools import lru_cache
from itertools import compress, islice

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.columns import Parts
from catalog_db.search.folding import glued
from catalog_db.search.packed_strings import PackedStrings, gathered
from catalog_db.search.terms import TOKENS

_SIGNS = ".+/-"
_CUTS = bytes.maketrans(b"+/-", b"   ")
_SPACE, _CLOSE = ord(" "), ord("\n")
_AT_ONCE = 65536  # runs


class TokenTable:
    """First all texts are seen, run by run of letters, digits and signs; then tokens are numbered in their order.

    Afterwards `several` has the numbers of the tokens that stand in more than one place, ascending; all others are
    singles, and `texts_of_singles` says in which text each of them stands.
    """

    several: NDArray[np.uint32]
    texts_of_singles: NDArray[np.uint32]

    def __init__(self) -> None:
        self._run = _Runs()
        self._seen = Parts(np.uint32)
        self._often = Parts(np.uint32)

    def see(self, codes: NDArray[np.uint16], ends: NDArray[np.intp]) -> None:
        """Take note of the runs of some texts, given as code units and with the end of each."""
        letters = _kept().take(codes)
        inside = letters != _SPACE
        begins = np.flatnonzero(inside[1:] & ~inside[:-1]) + 1
        if inside[:1].any():
            begins = np.concatenate([[0], begins])
        inside[1:] |= inside[:-1]  # with one space behind each run
        self._seen.add(map(self._run.__getitem__, str(letters[inside].data, "ascii").split()), len(begins))
        often = np.bincount(np.searchsorted(ends, begins, "right"), minlength=len(ends))
        self._often.add(often.astype(np.uint32), len(ends))

    def settle(self) -> PackedStrings:
        """Number the tokens of what was seen in the order of their letters, and return them in it."""
        numbered = _Numbered()
        counts, tokens = numbered.all(self._without_signs_around())
        words = numbered.words()
        del numbered
        order = words.order()
        rank = np.empty(len(order), np.uint32)
        rank[order] = np.arange(len(order), dtype=np.uint32)
        self._starts = np.cumsum(self._often.all(), dtype=np.int64) - self._often.all()
        self._set_apart(counts, rank[tokens], len(order))
        return words.taken(order)

    def _without_signs_around(self) -> list[str]:
        """Return the runs; those with signs before or behind them (`-a.`, `a-`) are seen as what stands between the signs."""
        runs = [*self._run]
        letters = np.frombuffer("\n".join([*runs, ""]).encode("ascii"), np.uint8)
        closes = np.flatnonzero(letters == _CLOSE)
        begins = np.concatenate([[0], closes + 1])[:-1]
        sign = np.zeros(256, bool)
        sign[[*_SIGNS.encode("ascii")]] = True
        odd = np.flatnonzero(sign[letters[begins]] | sign[letters[closes - 1]]).tolist()
        if not odd:
            return runs
        number_of = np.arange(len(runs), dtype=np.uint32)
        number_of[odd] = [self._run[runs[number].strip(_SIGNS)] for number in odd]
        seen = number_of[self._seen.all()]
        self._seen = Parts(np.uint32)
        self._seen.add(seen, len(seen))
        runs = [*self._run]
        for number in odd:
            runs[number] = ""
        return runs

    def _set_apart(self, counts: NDArray[np.int64], tokens: NDArray[np.uint32], size: int) -> None:
        """Keep the tokens of runs, but those that stand somewhere once apart, with the text that has each."""
        seen = self._seen.all()
        often = np.bincount(tokens, np.repeat(np.bincount(seen, minlength=len(counts)), counts), size)
        once = often[tokens] == 1
        text_of_run = np.zeros(len(counts), np.uint32)
        text_of_run[seen] = np.repeat(np.arange(len(self._starts), dtype=np.uint32), self._often.all())
        run = np.repeat(np.arange(len(counts)), counts)
        texts = np.zeros(size, np.uint32)
        texts[tokens[once]] = text_of_run[run[once]]
        single = often == 1
        self.several, self.texts_of_singles = np.flatnonzero(~single).astype(np.uint32), texts[single]
        self._terms = tokens[~once] + np.uint32(TOKENS)
        self._counts = counts - np.bincount(run[once], minlength=len(counts))
        self._begins = np.cumsum(self._counts) - self._counts

    def terms(self, texts: NDArray[np.intp]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return the tokens of some texts as terms, but for the singles, and for each token which one of these texts has it."""
        often = self._often.all()[texts]
        runs, _ = gathered(self._seen.all(), self._starts[texts], often.astype(np.int64))
        counts = self._counts[runs]
        terms, _ = gathered(self._terms, self._begins[runs], counts)
        return terms, np.repeat(np.repeat(np.arange(len(texts), dtype=np.uint32), often), counts)


class _Runs(dict[str, int]):
    """Numbers runs as they come."""

    def __missing__(self, run: str) -> int:
        number = self[run] = len(self)
        return number


class _Numbered:
    """Numbers the tokens of runs: of all of a run, of what stands between signs, of what is glued together. As `pieces` cuts it.

    Runs with signs come once each and are no part of any other: they are numbered behind everything else, as they come.
    """

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._signed: list[PackedStrings] = []
        self._more: dict[int, tuple[int, ...]] = {}  # what is glued together in a token
        self._glued = np.zeros(_AT_ONCE, np.int64)  # how many pieces that is
        self._counts, self._tokens, self._firsts = Parts(np.int64), Parts(np.uint32), Parts(np.bool_)

    def all(self, runs: Iterable[str]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """Return how many tokens each run has, and the numbers of all behind one another."""
        waiting = iter(runs)
        while some := [*islice(waiting, _AT_ONCE)]:
            self._add(some)
        tokens, first = self._tokens.all(), self._firsts.all()
        tokens[first] = np.arange(len(self._number), len(self._number) + np.count_nonzero(first), dtype=np.uint32)
        return self._counts.all(), tokens

    def words(self) -> PackedStrings:
        """Return the tokens in the order of their numbers."""
        return PackedStrings.joined([PackedStrings.of([*self._number]), *self._signed])

    def _add(self, wholes: list[str]) -> None:
        letters = "\n".join(["", *wholes, ""]).encode("ascii").translate(_CUTS)
        parts = letters.decode("ascii").split()
        shape = np.frombuffer(letters, np.uint8)
        begins = np.flatnonzero((shape[1:] > _SPACE) & (shape[:-1] <= _SPACE)) + 1
        own = np.diff(np.searchsorted(begins, np.flatnonzero(shape == _CLOSE)))  # parts of each run
        several = own > 1
        self._signed.append(PackedStrings.of([*compress(wholes, several.tolist())]))
        number, own_pieces = self._number, dict[int, tuple[int, ...]]()
        for part in self._take(parts):
            if not (part.isdigit() or part.isalpha()) and (cut := glued(part)):
                self._take(cut)
                own_pieces[number[part]] = tuple(map(number.__getitem__, cut))
        self._note(own_pieces)
        count = own + several
        tokens = np.zeros(int(count.sum()), np.uint32)
        first = np.zeros(len(tokens), bool)  # where a whole run with signs in it stands, before its parts
        first[(np.cumsum(count) - count)[several]] = True
        tokens[~first] = np.fromiter(map(number.__getitem__, parts), np.uint32, len(parts))
        if self._more:
            count, tokens, first = self._with_more(count, tokens, first)
        self._counts.add(count, len(count))
        self._tokens.add(tokens, len(tokens))
        self._firsts.add(first, len(first))

    def _take(self, words: Iterable[str]) -> list[str]:
        """Number what is new, and return it."""
        number = self._number
        new = [word for word in dict.fromkeys(words) if word not in number]
        number.update(zip(new, range(len(number), len(number) + len(new)), strict=True))
        return new

    def _note(self, pieces: dict[int, tuple[int, ...]]) -> None:
        """Note what is glued together in new tokens."""
        if len(self._number) > len(self._glued):
            self._glued = np.concatenate([self._glued, np.zeros(2 * len(self._number), np.int64)])
        self._glued[[*pieces]] = [*map(len, pieces.values())]
        self._more |= pieces

    def _with_more(
        self, count: NDArray[np.int64], tokens: NDArray[np.uint32], first: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.bool_]]:
        """Return the tokens of runs with what is glued together in them; not in whole runs, which are `first`."""
        more = self._glued[tokens]
        more[first] = 0
        at = np.flatnonzero(more)
        behind = np.repeat(at + 1, more[at])
        pieces = [piece for token in tokens[at].tolist() for piece in self._more[token]]
        owner = np.repeat(np.arange(len(count)), count)
        count = count + np.bincount(owner[at], more[at], len(count)).astype(np.int64)
        return count, np.insert(tokens, behind, np.array(pieces, np.uint32)), np.insert(first, behind, False)


@lru_cache(maxsize=1)
def _kept() -> NDArray[np.uint8]:
    """Return for each code unit itself when it may stand in a run of letters, digits and signs, else a space."""
    kept = np.full(65536, _SPACE, np.uint8)
    for one in string.digits + string.ascii_lowercase + _SIGNS:
        kept[ord(one)] = ord(one)
    return kept
