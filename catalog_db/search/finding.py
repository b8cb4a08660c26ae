"""Find every product whose text or title contains a word exactly: by the postings first, in the text then."""

from __future__ import annotations

import re
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.folding import is_han, runs
from catalog_db.search.segment import Segment
from catalog_db.search.selection import Places
from catalog_db.search.terms import TOKENS, codes_of, distinct, sound_terms
from catalog_db.search.vocabulary import IndexVocabulary

_KEPT = 64  # words remembered
_MOST_TOKENS = 256  # that are looked up for a part of a token
_LETTERS = re.compile(r"[a-z0-9]+")


class WordFinder:
    """Finds words in the texts of an index; the last ones are remembered."""

    def __init__(self, segment: Segment, vocabulary: IndexVocabulary) -> None:
        self._segment = segment
        self._vocabulary = vocabulary
        self._found: OrderedDict[tuple[str, bool], Places] = OrderedDict()

    def places(self, word: str, titles: bool) -> Places:
        """Return the places of the products whose title (else: whole text) contains a folded word."""
        key = (word, titles)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._find(word, titles)
            if len(self._found) > _KEPT:
                self._found.popitem(last=False)
        self._found.move_to_end(key)
        return found

    def _find(self, word: str, titles: bool) -> Places:
        groups = self._groups(word)
        wanted = codes_of(word)
        parts = [
            self._verified(self._candidates(block, groups), wanted, titles) for block in range(self._segment.blocks)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.intp)

    def _groups(self, word: str) -> list[NDArray[np.uint32]]:
        """Return groups of terms: a text with the word has one of each group."""
        groups = []
        for run, _ in runs(word):
            if is_han(run):
                terms = sound_terms(codes_of(run))[0]
                telling = terms[len(run) :] if len(run) > 1 else terms
                groups += [np.array([term], np.uint32) for term in telling.tolist()]
        for letters in _LETTERS.findall(word):
            tokens = self._vocabulary.strings.containing(letters)
            if len(tokens) <= _MOST_TOKENS:
                groups.append(np.array(sorted(tokens), np.uint32) + np.uint32(TOKENS))
        return groups

    def _candidates(self, block: int, groups: list[NDArray[np.uint32]]) -> Places:
        first, last = self._segment.block_range(block)
        places: NDArray[np.uint16] | None = None
        for terms in groups:
            lists = self._segment.lists(block, terms)
            together = lists[0] if len(lists) == 1 else distinct(np.concatenate(lists or [np.zeros(0, np.uint16)]))
            places = together if places is None else np.intersect1d(places, together, assume_unique=True)
            if not len(places):
                break
        return np.arange(first, last) if places is None else places.astype(np.intp) + first

    def _verified(self, places: Places, wanted: NDArray[np.uint16], titles: bool) -> Places:
        """Return the places whose text really contains the code units."""
        starts = self._segment.text_starts[places].astype(np.int64)
        if titles:
            lengths = self._segment.title_lengths[places].astype(np.int64) + 1  # with what separates it from the rest
        else:
            lengths = self._segment.text_starts[places + 1].astype(np.int64) - starts
        begins = np.cumsum(lengths) - lengths
        codes = self._segment.codes[np.repeat(starts - begins, lengths) + np.arange(int(lengths.sum()))]
        matching = np.flatnonzero(codes == wanted[0])
        for step, code in enumerate(wanted[1:].tolist(), start=1):
            matching = matching[matching + step < len(codes)]
            matching = matching[codes[matching + step] == code]
        return places[distinct(np.searchsorted(begins, matching, "right") - 1)]
