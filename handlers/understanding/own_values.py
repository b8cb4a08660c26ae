"""Words of another meaning that are values of the goods named: 吊轨 of a 推拉门, 锂电池 of a 门锁, 平板 of a heater.

Which it is, the goods tell: those named beside the word, else those that the conversation is about. Where none of them has
the value, the word keeps its meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from catalog_db.search.query import ProductQuery
from handlers.understanding.entries import GOODS
from handlers.understanding.normalise import folded
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.attributes import AttributeSpan
    from handlers.understanding.lexicon import Found, LexiconEntry
    from handlers.understanding.spans import Span

_MISTYPED = frozenset({"sound", "shape", "near"})
_OTHER = frozenset({*GOODS, "block", "other_goods", "scene", "room", "color"})  # meanings that a value may have besides
_ANY_DAY = date(2000, 1, 1)  # attributes do not depend on the day


class OwnValues:
    """Knows the words of one catalogue that are values of an attribute and mean something else as well."""

    def __init__(self, catalogue: Catalogue, entries: Iterable[LexiconEntry]) -> None:
        self._catalogue = catalogue
        values = {folded(value) for several in catalogue.vocabulary.attributes.values() for value in several}
        self._names = {folded(name) for one in catalogue.categories.values() for name in (one.name, *one.synonyms)}
        self.words = frozenset(e.surface for e in entries if e.kind in _OTHER and e.surface in values)

    def may_be(self, span: Span) -> bool:
        """Tell whether a word found may be a value all the same: it is one, or it was only guessed at (免漆 for 面漆)."""
        return span.surface in self.words or span.how in _MISTYPED

    def settle(
        self,
        said: Sequence[AttributeSpan],
        found: Found,
        codes: Callable[[Span], Sequence[str]],
        topic: Sequence[str],
    ) -> tuple[list[AttributeSpan], Found]:
        """Return the values that count and the words that are left; of two meanings of a word one is gone."""
        kept: list[AttributeSpan] = []
        gone: set[tuple[int, int]] = set()
        for told in said:
            others = [one for one in found.spans if one.start < told.end and told.start < one.end and self.may_be(one)]
            if not others:
                kept.append(told)
            elif self._is_value(told, others, found, codes, topic):
                kept.append(told)
                gone.update(one[:2] for one in others)
            else:
                found = found._replace(mistyped=True)  # in another conversation it may be the value
        if gone:
            tails = {place: tail for place, tail in found.tails.items() if tail[:2] not in gone}
            found = found._replace(spans=tuple([one for one in found.spans if one[:2] not in gone]), tails=tails)
        return kept, found

    def _is_value(
        self,
        told: AttributeSpan,
        others: Sequence[Span],
        found: Found,
        codes: Callable[[Span], Sequence[str]],
        topic: Sequence[str],
    ) -> bool:
        if not all(told.start <= one.start and _end(one) <= told.end for one in others):
            return False
        named = [one for one in found.spans if one.kind in GOODS and one not in others and codes(one)]
        kinds = {code for one in named for code in codes(one)} or set(topic)
        called = [one for one in others if one.surface in self._names and one.how not in _MISTYPED]
        if not kinds or any(not set(codes(one)) <= kinds for one in called):
            return False  # 瓷砖 beside 美缝剂 that are for tiles: two things
        return self._has(kinds, told) and not self._has_so(kinds, others)

    def _has(self, kinds: Iterable[str], told: AttributeSpan) -> bool:
        """Tell whether some of the goods have the value, of whichever attribute: 平板 is of heaters and of roof tiles."""
        known = self._catalogue.vocabulary.attributes
        names = (name for name, values in known.items() if name == told.name or not set(told.values).isdisjoint(values))
        queries = (ProductQuery(_ANY_DAY, categories=tuple(kinds), attributes={n: told.values}) for n in names)
        return any(map(self._catalogue.count, queries))

    def _has_so(self, kinds: Iterable[str], others: Sequence[Span]) -> bool:
        """Tell whether the goods have the word in its other meaning, as a place of use or a colour."""
        own = self._catalogue.vocabulary.scenes
        places = tuple(one.concept for one in others if one.kind in ("scene", "room") and one.concept in own)
        colors = tuple(one.surface for one in others if one.kind == "color")
        if not (places or colors):
            return False
        query = ProductQuery(_ANY_DAY, categories=tuple(kinds), scenes=places, color=colors)
        return bool(self._catalogue.count(query))


def _end(span: Span) -> int:
    """Return where a word found ends without the 的 behind it: 单舌的 that was taken for 单色的."""
    return span.end - (len(span.surface) > 1 and span.surface.endswith(tuple(signs("of"))))
