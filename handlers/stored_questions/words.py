"""A question cut into what it says: concepts (synonyms folded into one word), categories by their code, and what is left by syllable.

Shared by the matching of stored questions and of titles. Not for finding products: the lexicon does that.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from handlers.stored_questions.trade_names import kind_called, trade_names
from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from catalog_db.records import Category
    from handlers.understanding.spans import Span

KIND = "=category:"  # what the token of a kind of goods begins with
_HAN_OR_WORD = re.compile(r"[㐀-鿿]|[a-z0-9.]+")
_FIRST_HAN = "㐀"


class QuestionWords(NamedTuple):
    """The tokens of a text, and which of the characters left over stand side by side. The token of a concept, a category or a Latin word begins with "="."""

    tokens: frozenset[str]
    pairs: frozenset[tuple[str, str]]


@cache
def synonyms() -> Mapping[str, str]:
    """Read the words that mean the same in questions; an empty concept is a word without meaning here."""
    return {row[0]: row[1] for row in rows(WORDS / "faq_synonyms.tsv")}


@cache
def _syllables() -> Mapping[str, str]:
    """Read the usual toneless syllable of each character, so that one written for another still counts."""
    return {char: syllable for syllable, usual, *_ in rows(WORDS / "pinyin.tsv") for char in usual}


def _short_names(kinds: Sequence[Category]) -> Iterator[tuple[str, str]]:
    """Yield what kinds are called for short, and their codes: 砖 for 瓷砖 (the shortest name that ends so), 保温 for 保温材料."""
    names = [(name.lower(), kind.code) for kind in kinds for name in (kind.name, *kind.synonyms)]
    for end in signs("kind_end"):
        ending = [(len(name), place) for place, (name, _) in enumerate(names) if name.endswith(end)]
        if ending:
            yield end, kind_called(end, kinds) or names[min(ending)[1]][1]
    for name, code in names:
        for end in signs("stuff_end"):
            stem = name.removesuffix(end)
            if stem != name and len(stem) > 1:
                yield stem, code


def respelled(text: str, spans: Sequence[Span]) -> str:
    """Return the text with misspelled products written as the word that they stand for."""
    for span in sorted(spans, key=lambda s: -s.start):
        if span.kind == "product" and span.how != "exact":
            text = text[: span.start] + span.surface + text[span.end :]
    return text


class QuestionReader:
    """Cuts texts into words; built once for a catalogue's categories."""

    def __init__(self, categories: Iterable[Category] = ()) -> None:
        from ahocorasick_rs import AhoCorasick, MatchKind

        concepts = dict(synonyms())
        kinds = list(categories)
        for category in kinds:
            for name in (category.name, *category.synonyms):
                concepts.setdefault(name.lower(), f"category:{category.code}")
        for word, code in _short_names(kinds):
            concepts.setdefault(word, f"category:{code}")
        named = [word for word, concept in concepts.items() if concept.startswith(KIND[1:])]
        for word, code in trade_names(kinds):
            if not any(name in word for name in named):  # 面板灯 is read as 灯 already
                concepts.setdefault(word, f"category:{code}")
        self._words = tuple(concepts)
        self._concepts = ["=" + concept if concept else "" for concept in concepts.values()]
        self._automaton = AhoCorasick(list(concepts), matchkind=MatchKind.LeftmostLongest)
        self._syllables = _syllables()
        self._known: dict[str, QuestionWords] = {}

    def words_for(self, tokens: Collection[str]) -> tuple[str, ...]:
        """Return the words that are read as one of some tokens."""
        return tuple([word for word, concept in zip(self._words, self._concepts, strict=True) if concept in tokens])

    def shares_none(self, text: str, pairs: AbstractSet[tuple[str, str]]) -> bool:
        """Tell whether a text of Chinese characters has certainly none of some pairs, however it is cut."""
        try:
            return pairs.isdisjoint(pairwise(map(self._syllables.__getitem__, text)))
        except KeyError:  # letters, figures, signs: what stands beside what is not sure
            return False

    def read_known(self, text: str) -> QuestionWords:
        """Return the words of a text of the catalogue, kept for the next time."""
        if text not in self._known:
            self._known[text] = self.read(text.lower())
        return self._known[text]

    def read(self, text: str) -> QuestionWords:
        """Return the words of a text (lower case)."""
        tokens, pairs = self.cut(text)
        return QuestionWords(frozenset(tokens), frozenset(pairs))

    def cut(self, text: str) -> tuple[list[str], list[tuple[str, str]]]:
        """Return the tokens and the pairs of a text as they come, some more than once."""
        tokens: list[str] = []
        pairs: list[tuple[str, str]] = []
        position = 0
        for pattern, start, end in self._automaton.find_matches_as_indexes(text):
            if start > position:
                self._spell(text[position:start], tokens, pairs)
            if concept := self._concepts[pattern]:
                tokens.append(concept)
            position = end
        if position < len(text):
            self._spell(text[position:], tokens, pairs)
        return tokens, pairs

    def _spell(self, text: str, tokens: list[str], pairs: list[tuple[str, str]]) -> None:
        pieces: Sequence[str] = ()
        try:
            spelled = [*map(self._syllables.__getitem__, text)]  # most often
        except KeyError:  # letters, figures, signs or a character that nobody spells
            pieces = _HAN_OR_WORD.findall(text)
            syllable_of = self._syllables.get
            spelled = [syllable_of(piece, piece) for piece in pieces if piece >= _FIRST_HAN]
        tokens += spelled
        pairs += pairwise(spelled)
        tokens += ["=" + piece for piece in pieces if piece < _FIRST_HAN]


def roots_of(categories: Iterable[Category]) -> dict[str, str]:
    """Return the token of each kind of goods, and the code of the broadest kind above it."""
    parents = {category.code: category.parent for category in categories}
    roots: dict[str, str] = {}
    for code in parents:
        root = code
        while parents.get(root):
            root = str(parents[root])
        roots[f"{KIND}{code}"] = root
    return roots
