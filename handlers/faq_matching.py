"""Which stored answer fits a question: paraphrases found by weighted word overlap, with abstention.

A question and every way to ask it become sets of tokens: concepts (synonyms folded into one word, categories into their
code) and, for what is left, the syllables of single characters. A token weighs what it tells apart among the stored questions.
The score is how much of *both* sides is shared, so that another question with a few words in common stays below the bar.
Not for searching answers' texts, and not for deciding the intent: the caller weighs the score against its other readings.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from itertools import pairwise
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from handlers.understanding.word_tables import WORDS, rows

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Category, Faq
    from handlers.understanding.spans import Normalised, Span

SURE = 0.60  # at or above: this is what was asked
NEAR = 0.42  # at or above: worth offering as 您是不是想问
MARGIN = 0.06  # two this close are both offered
ALONE = 0.6  # what a character shared without its neighbour counts
UNKNOWN = 0.6  # what a word no stored question has counts, of the rarest word's weight
CONCEPT = 1.5  # what a whole word counts, against one character of a word we have no concept for
CANDIDATES = 12  # how many wordings are scored in full

_HAN_OR_WORD = re.compile(r"[㐀-鿿]|[a-z0-9.]+")


@dataclass(frozen=True, slots=True)
class FaqMatch:
    """A stored question that fits, 0–1."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class _Wording:
    """One way to ask: whose it is, its tokens, and which characters stand side by side."""

    faq: str
    tokens: frozenset[str]
    pairs: frozenset[tuple[str, str]]


@cache
def _synonyms() -> Mapping[str, str]:
    """Read the words that mean the same in questions; an empty concept is a word without meaning here."""
    return {row[0]: row[1] for row in rows(WORDS / "faq_synonyms.tsv")}


@cache
def _syllables() -> Mapping[str, str]:
    """Read the usual toneless syllable of each character, so that one written for another still counts."""
    return {char: syllable for syllable, usual, *_ in rows(WORDS / "pinyin.tsv") for char in usual}


class FaqMatcher:
    """The stored questions of a catalogue, ready to be asked. Build once for each catalogue; `match` changes nothing."""

    def __init__(self, faqs: Iterable[Faq], categories: Iterable[Category] = ()) -> None:
        self._reader = _Reader(_synonyms(), categories)
        self._wordings = [w for faq in faqs for w in self._wordings_of(faq)]
        self._postings: dict[str, list[int]] = defaultdict(list)
        for index, wording in enumerate(self._wordings):
            for token in wording.tokens:
                self._postings[token].append(index)
        stored = max(1, len({w.faq for w in self._wordings}))
        self._unknown = UNKNOWN * math.log(1 + stored)
        self._weights = {token: self._weight(token, indexes, stored) for token, indexes in self._postings.items()}

    @classmethod
    def of(cls, catalogue: Catalogue) -> FaqMatcher:
        """Build the matcher of a catalogue."""
        return cls(catalogue.faqs.values(), catalogue.categories.values())

    def match(self, question: Normalised, spans: Sequence[Span] = ()) -> list[FaqMatch]:
        """Return the stored questions at or above NEAR, best first, each once.

        `spans` of kind product let wrong characters and pinyin count as the word that they stand for.
        """
        asked = self._reader.read(_respelled(question.text, spans))
        best: dict[str, float] = {}
        for index in self._candidates(asked):
            wording = self._wordings[index]
            score = self._score(asked, wording)
            if score >= NEAR and score > best.get(wording.faq, 0.0):
                best[wording.faq] = score
        return sorted((FaqMatch(i, round(s, 4)) for i, s in best.items()), key=lambda m: (-m.score, m.id))

    def _wordings_of(self, faq: Faq) -> list[_Wording]:
        said = (self._reader.read(text.lower(), faq.id) for text in (faq.question, *faq.similar))
        return [wording for wording in said if wording.tokens]

    def _weight(self, token: str, indexes: Sequence[int], stored: int) -> float:
        holders = len({self._wordings[i].faq for i in indexes})
        return (CONCEPT if token[0] == "=" else 1.0) * math.log(1 + stored / holders)

    def _candidates(self, asked: _Wording) -> list[int]:
        """Return the wordings that share the most weight with the question."""
        shared: dict[int, float] = defaultdict(float)
        for token in asked.tokens:
            weight = self._weights.get(token, 0.0)
            for index in self._postings.get(token, ()):
                shared[index] += weight
        return nlargest(CANDIDATES, shared, key=lambda i: (shared[i], -i))

    def _score(self, asked: _Wording, wording: _Wording) -> float:
        """Return how much of both sides is shared: the geometric mean of the two shares."""
        beside = {token for pair in asked.pairs & wording.pairs for token in pair}
        shared = sum(
            self._weights[token] * (1.0 if token[0] == "=" or token in beside else ALONE)
            for token in asked.tokens & wording.tokens
        )
        return shared / math.sqrt(self._total(asked) * self._total(wording)) if shared else 0.0

    def _total(self, wording: _Wording) -> float:
        unknown = self._unknown
        return sum(self._weights.get(t, unknown * (CONCEPT if t[0] == "=" else 1.0)) for t in wording.tokens)


_MATCHERS: WeakKeyDictionary[Catalogue, tuple[int, FaqMatcher]] = WeakKeyDictionary()


def matcher_of(catalogue: Catalogue) -> FaqMatcher:
    """Return the matcher of a catalogue, built anew when the catalogue has changed."""
    revision, matcher = _MATCHERS.get(catalogue, (None, None))
    if matcher is None or revision != catalogue.revision:
        matcher = FaqMatcher.of(catalogue)
        _MATCHERS[catalogue] = (catalogue.revision, matcher)
    return matcher


class _Reader:
    """Cuts a question into tokens. A concept token begins with "=", anything else is a syllable or a Latin word."""

    def __init__(self, synonyms: Mapping[str, str], categories: Iterable[Category]) -> None:
        from ahocorasick_rs import AhoCorasick, MatchKind

        concepts = dict(synonyms)
        for category in categories:
            for name in (category.name, *category.synonyms):
                concepts.setdefault(name.lower(), f"category:{category.code}")
        self._concepts = list(concepts.values())
        self._automaton: AhoCorasick = AhoCorasick(list(concepts), matchkind=MatchKind.LeftmostLongest)
        self._syllables = _syllables()

    def read(self, text: str, faq: str = "") -> _Wording:
        tokens: set[str] = set()
        pairs: set[tuple[str, str]] = set()
        position = 0
        for pattern, start, end in self._automaton.find_matches_as_indexes(text):
            self._spell(text[position:start], tokens, pairs)
            if concept := self._concepts[pattern]:
                tokens.add("=" + concept)
            position = end
        self._spell(text[position:], tokens, pairs)
        return _Wording(faq, frozenset(tokens), frozenset(pairs))

    def _spell(self, text: str, tokens: set[str], pairs: set[tuple[str, str]]) -> None:
        spelled = [self._syllables.get(piece, piece) for piece in _HAN_OR_WORD.findall(text)]
        tokens.update(spelled)
        pairs.update(pairwise(spelled))


def _respelled(text: str, spans: Sequence[Span]) -> str:
    """Return the text with misspelled products written as the word that they stand for."""
    for span in sorted(spans, key=lambda s: -s.start):
        if span.kind == "product" and span.how != "exact":
            text = text[: span.start] + span.surface + text[span.end :]
    return text
