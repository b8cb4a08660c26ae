"""Titles said in part: 地板节, 菏泽馆, 曹县庙会. Tells which kinds of things a question names; their handlers find which one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from catalog_db.records import Faq
from handlers.stored_questions.matching import LIKE, FaqMatcher
from handlers.understanding.normalise import folded
from handlers.understanding.passage import is_han
from handlers.understanding.word_search import Hits, WordSearch
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from datetime import date

    from catalog_db.catalog import Catalogue
    from handlers.understanding.spans import Normalised

_NO_KINDS: frozenset[str] = frozenset()
SIZES = "sizes"  # a guide of a kind named says how big it should be: 水泵选多大
_LONG = 3  # characters of a title that are enough, when no category, brand or other title has them


class TitleFinder:
    """Knows the pieces of titles that belong to one title only."""

    def __init__(self, catalogue: Catalogue, asking: Iterable[str] = ()) -> None:
        """Take the catalogue and the words that people ask with: they tell nothing about a title."""
        common = {
            folded(name) for category in catalogue.categories.values() for name in (category.name, *category.synonyms)
        }
        common |= {folded(brand.name) for brand in catalogue.brands.values()}
        names = frozenset(name for name in {*common, *asking} if name)
        joined = "\n".join(names)
        told: dict[str, list[str]] = defaultdict(list)
        for titled in (_titles(catalogue), _guides(catalogue)):
            for piece, kind in _of_one_title(titled):
                if piece not in joined and _telling(piece, names):
                    told[piece].append(kind)
        for name in _sized_kinds(catalogue):
            told[name].append(SIZES)
        self._catalogue = catalogue
        self._kinds = list(told.values())
        self.pieces = tuple(told)  # what is looked for in a text

    @cached_property
    def _search(self) -> WordSearch:
        return WordSearch(self.pieces)

    def kinds(self, text: str, day: date, hits: Hits | None = None) -> frozenset[str]:
        """Return the kinds whose title shares a telling piece with the text: event, pavilion, plan, guide.

        `SIZES` where a kind of goods is named of which a guide says in its title how big it should be.
        `hits`: where `pieces` stand, when they have been looked for already.
        """
        hits = self._search.find_one(text) if hits is None else hits
        return frozenset([kind for number, _, _ in hits for kind in self._kinds[number]]) if hits else _NO_KINDS

    def fit_of_guides(self, question: Normalised) -> float:
        """Return how well the title of the best guide fits a question, 0–1: 屋面防水刷几层 fits 屋面防水做几层."""
        return self._asked_of_guides.best(question, LIKE)

    @cached_property
    def _asked_of_guides(self) -> FaqMatcher:
        guides = self._catalogue.guides.values()
        asked = [Faq(guide.id, guide.title, guide.summary or "", (), guide.categories) for guide in guides]
        return FaqMatcher(asked, self._catalogue.categories.values())


def _telling(piece: str, names: frozenset[str]) -> bool:
    """Tell whether a piece holds more than names of goods and particles: 地板节 does, 的瓷砖 does not."""
    rest = piece
    for size in range(_LONG, 0, -1):
        for start in range(_LONG - size + 1):
            if piece[start : start + size] in names:
                rest = rest.replace(piece[start : start + size], "")
    return len(rest) > 0 and not all(char in signs("particle") for char in rest)


def _titles(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for event in catalogue.events.values():
        yield "event", folded(event.title)
    for pavilion in catalogue.pavilions.values():
        yield "pavilion", folded(pavilion.name)
    for plan in catalogue.plans.values():
        yield "plan", folded(plan.title)


def _guides(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for guide in catalogue.guides.values():
        yield "guide", folded(guide.title)


def _sized_kinds(catalogue: Catalogue) -> Iterator[str]:
    """Yield the names of the kinds of which the title of a guide says how big they should be."""
    codes = {
        code
        for guide in catalogue.guides.values()
        if any(sign in guide.title for sign in signs("how_big"))
        for code in guide.categories
    }
    for code in codes & catalogue.categories.keys():
        category = catalogue.categories[code]
        yield from (name for name in map(folded, (category.name, *category.synonyms)) if name)


def _of_one_title(titled: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the pieces that one title only has, and of which kind it is."""
    owners: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for kind, title in titled:
        for piece in _pieces(title):
            owners[piece].add((kind, title))
    for piece, who in owners.items():
        if len(who) == 1:
            yield piece, next(iter(who))[0]


def _pieces(text: str) -> Iterator[str]:
    for start in range(len(text) - _LONG + 1):
        piece = text[start : start + _LONG]
        if all(map(is_han, piece)):
            yield piece
