"""Stored questions said in wholly other words: found by what everyday words have in common, not by the words.

啥时候收摊 and 活动截止日期 share no word, but both speak of a time at which something ends. A word has one meaning or several
(`meanings.tsv`), so does a stored question; how rare a meaning is among the stored questions is what it weighs.
Coarser than `matching`, and only for what no rule is sure of. What has a character of no word that is known speaks of
something that no stored question tells of: 馒头起白毛 is no 墙面返碱.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from handlers.stored_questions.matching import FaqMatch
from handlers.stored_questions.telling import tells
from handlers.stored_questions.words import KIND, synonyms
from handlers.understanding.word_tables import WORDS, rows

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Category, Faq

ASKING = 0.6  # what a word counts that questions are asked with: 怎么, 能
LETTER = 0.35  # what a character outside of all words counts, against a meaning
STRANGE = 1.2  # what a meaning of no stored question counts, against one that a single stored question has
TOLD = 0.35  # what a meaning counts that stands in the answer alone
MEANT = 0.45  # at or above: what was asked, where no other comes near
NEAR = 0.4  # at or above: worth offering
APART = 0.07  # how far the next one must be
BETTER = 0.55, 0.1  # score and distance of the next one where another answer is at hand
SURELY = 0.65, 0.2  # score and distance of the next one where a rule has an answer of its own
_BESIDE = 0.2  # how far below the best one another is worth offering
_MOST = 3  # are offered
STRANGELY = 0.6  # at or above: what was asked, though characters of no known word stand in it
_FEW_STRANGE = 2  # such characters may stand there
_FAR = 0.2  # below: neither offered nor near enough to one that is to make it doubtful
_WITH_ANSWER = 1.5  # what the answer may add to what a wording shares
SEVERAL = 2  # words shared, then
PLAINLY = 0.8, 0.2  # score and distance of what is plain enough by a single word, too
BY_ONE_WORD, ALONE = 0.6, 0.2  # score and distance of what was asked, though a single word is shared
_OUTSIDE = re.compile("[㐀-鿿]|[a-z]{2,}")  # what counts of what no word explains
_UNTELLING = frozenset({"=时间", "=多久", "=钱", "=收费", "=地区"})  # what may be asked of anything


class Meant(NamedTuple):
    """Stored questions that may be meant, best first, and what else was said."""

    matches: list[FaqMatch]
    ahead: float  # how far the second is
    words: tuple[frozenset[str], ...]  # what each telling word means that the first one shares, those alike once
    strange: int  # characters and Latin words that nobody knows

    def clear(self, score: float = MEANT, ahead: float = APART) -> bool:
        """Tell whether the first is what was asked."""
        if not self.words or not self.matches or self._of_something_else:
            return False
        least, apart = (score, ahead) if len(self.words) >= SEVERAL else (max(score, BY_ONE_WORD), max(ahead, ALONE))
        return self.matches[0].score >= (max(least, STRANGELY) if self.strange else least) and self.ahead >= apart

    def beyond(self, meanings: Iterable[str]) -> bool:
        """Tell whether some word that is shared means something else than these."""
        known = {f"={meaning}" for meaning in meanings}
        return any(not word <= known for word in self.words)

    @property
    def _of_something_else(self) -> bool:
        """Tell whether something is spoken of that nobody here knows: 馒头起白毛 shares but one word with 墙面起白毛怎么办."""
        plain = len(self.words) >= SEVERAL or (
            self.words and self.matches[0].score >= PLAINLY[0] and self.ahead >= PLAINLY[1]
        )
        return self.strange > (_FEW_STRANGE if plain else 0)

    def near(self) -> list[FaqMatch]:
        """Return those that are worth offering."""
        if not self.words or not self.matches or self._of_something_else or self.matches[0].score < NEAR:
            return []
        least = max(NEAR, self.matches[0].score - _BESIDE)
        return [match for match in self.matches[:_MOST] if match.score >= least]


class _Wording(NamedTuple):
    faq: str
    meanings: frozenset[str]
    total: float


class MeaningMatcher:
    """The stored questions of a catalogue by their meanings. Build once for each catalogue."""

    def __init__(self, faqs: Iterable[Faq], categories: Iterable[Category] = ()) -> None:
        from ahocorasick_rs import AhoCorasick, MatchKind

        words = dict(_meanings())
        for category in categories:
            for name in (category.name, *category.synonyms):
                words.setdefault(name.lower(), (f"{KIND}{category.code}",))
        self._meanings = list(words.values())
        self._automaton = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest)
        stored = list(faqs)
        read = {faq.id: [self.read(text) for text in (faq.question, *faq.similar)] for faq in stored}
        holders = Counter(m for several in read.values() for m in frozenset().union(*several))
        self._weights = {m: _size(m) * math.log(1 + len(stored) / count) for m, count in holders.items()}
        self._rare = STRANGE * math.log(1 + max(1, len(stored)))
        self._wordings = [_Wording(i, w, self._weighed(w)) for i, several in read.items() for w in several if w]
        self._told = {faq.id: self.read(faq.answer).union(*read[faq.id]) for faq in stored}
        self._holders: dict[str, list[int]] = defaultdict(list)  # by each meaning the wordings that have it
        for number, wording in enumerate(self._wordings):
            for meaning in wording.meanings:
                self._holders[meaning].append(number)
        self._said = "\n".join(text for faq in stored for text in (faq.question, *faq.similar))

    def read(self, text: str) -> frozenset[str]:
        """Return the meanings of a text; a character outside of all words stands for itself."""
        return frozenset(meaning for word in self._words(text.lower()) for meaning in word)

    def _words(self, text: str) -> Iterator[Sequence[str]]:
        """Yield the meanings of each word, and characters outside of all words."""
        position = 0
        for pattern, start, end in self._automaton.find_matches_as_indexes(text):
            yield _letters(text[position:start])
            yield self._meanings[pattern]
            position = end
        yield _letters(text[position:])

    def meant(self, text: str) -> Meant:
        """Return the stored questions that mean something of what was asked, best first, each once; none beside too much that is strange."""
        words = list(self._words(text.lower()))
        asked = frozenset(meaning for word in words for meaning in word)
        strange = sum([not _is_word(m) and m not in self._weights for m in asked])
        if strange > _FEW_STRANGE:
            return Meant([], 0.0, (), strange)
        best = self._scored(asked)
        found = sorted((FaqMatch(i, round(min(s, 1.0), 4)) for i, s in best.items()), key=lambda m: (-m.score, m.id))
        scores = [match.score for match in found[:2]] + [0.0, 0.0]
        shared = self._told[found[0].id] - _UNTELLING if found else frozenset()
        telling = [frozenset([m for m in word if m in shared and _says_what(m)]) for word in words]
        return Meant(found, scores[0] - scores[1], tuple(dict.fromkeys(filter(None, telling))), strange)

    def _scored(self, asked: frozenset[str]) -> dict[str, float]:
        """Return how well each stored question fits, those left out that are too far to matter."""
        weights: dict[int, float] = defaultdict(float)
        for meaning in asked:
            for number in self._holders.get(meaning, ()):
                weights[number] += self._weights[meaning]
        root = math.sqrt(self._weighed(asked))
        best: dict[str, float] = defaultdict(float)
        for number, weight in weights.items():
            faq, meanings, total = self._wordings[number]
            size = root * math.sqrt(total)
            if _WITH_ANSWER * weight < _FAR * size:
                continue
            told = TOLD * self._weighed((asked - meanings) & self._told[faq])
            best[faq] = max(best[faq], (weight + min(told, weight / 2)) / size)
        return best

    def says(self, words: Iterable[str]) -> bool:
        """Tell whether each of some words stands in a stored question."""
        return all(word in self._said for word in words)

    def means(self, text: str, meanings: Iterable[str]) -> bool:
        """Tell whether a text has one of some meanings."""
        return not self.read(text).isdisjoint(f"={meaning}" for meaning in meanings)

    def _weighed(self, meanings: Iterable[str]) -> float:
        weights = self._weights
        return sum([weights.get(m) or self._rare * _size(m) for m in meanings])


def _letters(text: str) -> list[str]:
    return _OUTSIDE.findall(text) if text else []


def _is_word(meaning: str) -> bool:
    return meaning[0] == "="


def _says_what(meaning: str) -> bool:
    return _is_word(meaning) and tells(meaning) and not meaning.startswith(KIND)


def _size(meaning: str) -> float:
    if not _is_word(meaning):
        return LETTER
    return 1.0 if tells(meaning) else ASKING


@cache
def _meanings() -> dict[str, tuple[str, ...]]:
    """Return the meanings of each word: those of the table, else those of the word that stands for it in questions."""
    table: dict[str, tuple[str, ...]] = {}
    for meanings, words in rows(WORDS / "meanings.tsv"):
        of_these = tuple(f"={meaning}" for meaning in meanings.split())
        for word in words.split():
            table[word] = tuple(dict.fromkeys((*table.get(word, ()), *of_these)))
    for word, concept in synonyms().items():
        if word not in table:
            table[word] = table.get(concept, (f"={concept}",)) if concept else ()
    return table


_MATCHERS: WeakKeyDictionary[Catalogue, tuple[int, MeaningMatcher]] = WeakKeyDictionary()


def meanings_of(catalogue: Catalogue) -> MeaningMatcher:
    """Return the matcher of a catalogue, built when it is first asked for and anew when the catalogue has changed."""
    revision, matcher = _MATCHERS.get(catalogue, (None, None))
    if matcher is None or revision != catalogue.revision:
        matcher = MeaningMatcher(catalogue.faqs.values(), catalogue.categories.values())
        _MATCHERS[catalogue] = (catalogue.revision, matcher)
    return matcher
