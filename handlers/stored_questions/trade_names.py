"""What people call the kinds of a catalogue beside its own names: 莲蓬头 for 花洒, 洋灰 for 水泥, in stored questions and in what is asked.

The words are those of the lexicon of the trade. Not for finding goods: that binds them with more care.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from catalog_db.records import Category

_SHORTEST, _LONGEST = (
    2,
    3,
)  # characters: one alone stands in too many other words, and longer ones say more than the kind
_TIERS = ("sure", "soft")  # a word that may mean something else still tells what a question is like


def trade_names(kinds: Sequence[Category]) -> Iterator[tuple[str, str]]:
    """Yield the words of the trade for what the catalogue has, and the code of the kind."""
    for concept, code in _codes(kinds).items():
        yield from ((word, code) for word in _names().get(concept, ()))


def kind_called(word: str, kinds: Sequence[Category]) -> str:
    """Return the kind that a word of the trade stands for, "" for none: 窗 is 窗户 where 门窗 is a kind too."""
    return _codes(kinds).get(_short().get(word, ""), "")


def _codes(kinds: Sequence[Category]) -> dict[str, str]:
    """Return the kind of each concept of the trade that the catalogue names; what two kinds bear is nobody's."""
    bearing: dict[str, set[str]] = defaultdict(set)
    concept_of = _concepts()
    for kind in kinds:
        for name in (kind.name, *kind.synonyms):
            if concept := concept_of.get(name.lower()):
                bearing[concept].add(kind.code)
    parents = {kind.code: kind.parent for kind in kinds}
    return {concept: code for concept, several in bearing.items() if (code := _broadest(several, parents))}


def _broadest(codes: set[str], parents: Mapping[str, str | None]) -> str:
    """Return the code that stands above all the others, "" where none does."""
    above = [code for code in codes if parents.get(code) not in codes]
    return above[0] if len(above) == 1 else ""


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """Read the words of the trade by what they stand for; what counts a part tells of which kind goods are, and stays: 单槽, 双槽."""
    names: dict[str, list[str]] = defaultdict(list)
    for surface, kind, concept, _, tier, *_ in rows(WORDS / "lexicon" / "products.tsv"):
        fits = kind == "product" and tier in _TIERS and _SHORTEST <= len(surface) <= _LONGEST
        if fits and surface[0] not in signs("counts_a_part"):
            names[concept].append(surface)
    return {concept: tuple(words) for concept, words in names.items()}


@cache
def _short() -> Mapping[str, str]:
    said = rows(WORDS / "lexicon" / "products.tsv")
    return {surface: concept for surface, kind, concept, *_ in said if kind == "product" and len(surface) < _SHORTEST}


@cache
def _concepts() -> Mapping[str, str]:
    said = {word: concept for concept, words in _names().items() for word in words}
    return {concept.lower(): concept for concept in _parents()} | said


@cache
def _parents() -> Mapping[str, str]:
    return {concept: parent for concept, parent, *_ in rows(WORDS / "concepts.tsv")}
