"""One state of the index, searched: what was built, what changed since, and the two brought together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.candidates import NOTHING, RERANKED, Candidates, Collector, Ranked
from catalog_db.search.counting import CountedFacets
from catalog_db.search.facts import Known
from catalog_db.search.filtering import Filtering
from catalog_db.search.finding import WordFinder
from catalog_db.search.found import Found
from catalog_db.search.fresh import Fresh, FreshTerms
from catalog_db.search.listing import MANY_PLACES, Listing
from catalog_db.search.matching import Predicate, predicates
from catalog_db.search.ordering import FOREMOST, Popularity, moved_up, other_brand, popularity
from catalog_db.search.plan import Asked, convinces, least
from catalog_db.search.query import Hit, ProductQuery, SearchResult
from catalog_db.search.reasons import SUPERLATIVES, Giver, Reason, Reasoner, extreme, extremes_of, givers
from catalog_db.search.reranking import rerank
from catalog_db.search.segment import Segment
from catalog_db.search.selection import Passing, Places
from catalog_db.search.vocabulary import IndexVocabulary
from catalog_db.search.windows import WindowCollector

_Pair = tuple[int, int]  # points or a score, and a number


@dataclass(frozen=True, slots=True)
class Parts:
    """What searches an index, whatever changed since."""

    finder: WordFinder
    filtering: Filtering
    collector: Collector
    fresh_terms: FreshTerms = field(default_factory=FreshTerms)

    @classmethod
    def plain(cls, segment: Segment, vocabulary: IndexVocabulary) -> Parts:
        """Return the parts that need nothing but numpy."""
        finder = WordFinder(segment, vocabulary)
        return cls(finder, Filtering(segment, finder), WindowCollector(segment))


class View:
    """Searches one state. Nothing of it changes; a change makes a new view."""

    def __init__(
        self,
        segment: Segment,
        vocabulary: IndexVocabulary,
        gone: Places,
        fresh: Mapping[str, Fresh],
        parts: Parts | None = None,
    ) -> None:
        self.segment = segment
        self.vocabulary = vocabulary
        self.gone = gone
        self.fresh = fresh
        self.parts = parts or Parts.plain(segment, vocabulary)

    def changed(self, gone: Places, fresh: Mapping[str, Fresh]) -> View:
        """Return the view after changes."""
        return View(self.segment, self.vocabulary, gone, fresh, self.parts)

    # What matches

    def found(self, query: ProductQuery) -> Found:
        """Return everything that matches."""
        selection = self.parts.filtering.selection(query, self.gone)
        holds = predicates(query) if self.fresh else []
        if not query.text.strip():
            passing = [(0, one) for one in self.fresh.values() if all(test(one.facts) for test in holds)]
            return Found(NOTHING, passing, passing=Passing(selection))
        asked = self.parts.collector.asked(query.text, self.vocabulary)
        scored = self._changed_ones(asked, holds) if self.fresh else []
        best = scored[0][0] if scored else 0
        candidates, ranked = self.parts.collector.find(asked, selection, best)
        best = max(best, candidates.best)
        if best < asked.evidence:
            return Found(NOTHING, (), asked)
        bound = least(best)
        found = self._ranked(candidates, ranked, [pair for pair in scored if pair[0] >= bound], asked)
        return found if len(found.scores) and convinces(asked, int(found.scores[0])) else Found(NOTHING, (), asked)

    def _changed_ones(self, asked: Asked, holds: Sequence[Predicate]) -> list[tuple[int, Fresh]]:
        """Return the changed products that pass and may match, with their points, the most first."""
        passing: list[tuple[int, Fresh]] = []
        bound = 0
        for points, one in self.parts.fresh_terms.points(asked, self.fresh):
            if points < bound:
                break
            if all(test(one.facts) for test in holds):
                passing.append((points, one))
                bound = least(passing[0][0])
        return passing

    def count(self, query: ProductQuery) -> int:
        """Return how many products match."""
        if self.fresh or query.text.strip():
            return len(self.found(query))
        return self.parts.filtering.selection(query, self.gone).count()

    # The list

    def search(self, query: ProductQuery) -> SearchResult:
        """Return the hits from `offset` on, how many match, and the facets of all that match."""
        found = self.found(query)
        page = self._page(found, query)
        known = [one.facts for one in self.fresh.values()]
        facets = CountedFacets(self.segment, self.parts.finder, found, known, query.day)
        return SearchResult(self._hits(page, found, query), len(found), facets)

    def skus(self, query: ProductQuery) -> list[str]:
        """Return the skus of the hits from `offset` on."""
        found = self.found(query)
        return self._skus([number for _, number in self._page(found, query)], found)

    def _skus(self, numbers: Sequence[int], found: Found) -> list[str]:
        if found.fresh:
            return [found.changed(number).sku if number < 0 else self.segment.sku(number) for number in numbers]
        return self.segment.skus.strings(numbers)

    def _hits(self, page: Sequence[_Pair], found: Found, query: ProductQuery) -> tuple[Hit, ...]:
        most = found.plan.most if found.plan else 0
        skus = self._skus([number for _, number in page], found)
        if most:  # many have the same
            fits = {score: round(score / most, 4) for score in {score for score, _ in page}}
            scores = [fits[score] for score, _ in page]
        else:
            scores = [0.0] * len(page)
        told = _Told(self, found, query)
        if told.silent:
            return tuple(map(Hit, skus, scores))
        return tuple(map(Hit, skus, scores, [partial(told.why, number) for _, number in page]))

    @cached_property
    def givers(self) -> Sequence[Giver]:
        """Return what gives reasons that some product of the index has."""
        return givers(self.segment.readers)

    @cached_property
    def has_extremes(self) -> bool:
        """Tell whether anything is known of any product in which it may be the cheapest, best sold or best rated."""
        return any(len(self.segment.values(column)) for _, column, _ in SUPERLATIVES)

    def _page(self, found: Found, query: ProductQuery) -> list[_Pair]:
        wanted = query.offset + query.limit
        if not len(found) or query.limit <= 0:
            return []
        if found.plan is not None and query.sort == "recommended":
            return self._fitting(found, query.offset, wanted)
        numbers = Listing(self.segment, self.parts.filtering, found, query).first(wanted)
        return [(0, number) for number in numbers[query.offset : wanted]]

    def _brand(self, number: int, found: Found) -> str | None:
        return found.changed(number).brand if number < 0 else self.segment.brand(number)

    # Texts

    def _fitting(self, found: Found, offset: int, wanted: int) -> list[_Pair]:
        """Return the best from an offset on by how well they fit."""
        first = _pairs(found, max(wanted, 4))
        if len(first) >= 4 and first[3][0] == first[0][0] and (move := self._moved(found)) is not None:
            first = moved_up(_pairs(found, max(wanted, move + 1)), move)
        page = first[offset:wanted]
        if wanted > len(found.numbers):
            page += [(0, number) for number in self._window(found, wanted)[max(len(found.numbers), offset) :]]
        return page

    def _moved(self, found: Found) -> int | None:
        """Return which of the best, of which four or more are equal, moves up so that not one brand has the first three places."""
        scores, numbers = found.scores, found.numbers
        first = self._brand(int(numbers[0]), found)
        if not first or any(self._brand(int(number), found) != first for number in numbers[1:3]):
            return None
        ties = int(np.count_nonzero(np.asarray(scores) == scores[0]))
        return other_brand([self._brand(int(number), found) for number in numbers[:ties]], ties)

    def _ranked(
        self, candidates: Candidates, ranked: Ranked, fresh: Sequence[tuple[int, Fresh]], asked: Asked
    ) -> Found:
        """Bring changed products in among the best."""
        if not fresh:
            return Found(candidates, (), asked, ranked.scores, ranked.places)
        found = Found(candidates, fresh, asked)
        numbers = self._window(found, RERANKED)
        kept = set(numbers)
        pairs = [*zip(ranked.scores.tolist(), ranked.places.tolist(), strict=True)]
        pairs = [pair for pair in pairs if pair[1] in kept]
        if changed := [number for number in numbers if number < 0]:
            texts = [fresh[-number - 1][1].codes for number in changed]
            starts = np.cumsum([0, *map(len, texts)])
            own = rerank(asked, np.concatenate(texts), starts[:-1], starts[1:] - 1)
            pairs = self._merged(pairs, [*zip(own.tolist(), changed, strict=True)], found)
        return Found(candidates, fresh, asked, [score for score, _ in pairs], [number for _, number in pairs])

    def _window(self, found: Found, most: int) -> list[int]:
        """Return the numbers of the best candidates, by points, then by popularity."""
        best = self.parts.collector.foremost(found.candidates, most)
        numbers: list[int] = found.places[best].tolist()
        if not found.fresh:
            return numbers
        pairs = [*zip(found.candidates.points[best].tolist(), numbers, strict=True)]
        changed = [(points, -place) for place, (points, _) in enumerate(found.fresh, start=1)]
        return [number for _, number in self._merged(pairs, changed, found)[:most]]

    def _merged(self, pairs: list[_Pair], changed: list[_Pair], found: Found) -> list[_Pair]:
        """Bring changed products in among places of the index, all with a value: by value, then by popularity.

        The places stand in order already: how popular they are is read of those alone that a changed one is held against.
        """
        if not pairs or not changed:
            return pairs or self._in_order(changed, found)
        values = [-value for value, _ in pairs]
        merged: list[_Pair] = []
        done = 0
        for pair in self._in_order(changed, found):
            own = self._popularity(pair[1], found)
            low, high = bisect_left(values, -pair[0], done), bisect_right(values, -pair[0], done)
            at = bisect_left(pairs, own, low, high, key=lambda other: self._popularity(other[1], found))
            merged += pairs[done:at]
            merged.append(pair)
            done = at
        return merged + pairs[done:]

    def _in_order(self, pairs: list[_Pair], found: Found) -> list[_Pair]:
        return sorted(pairs, key=lambda pair: (-pair[0], self._popularity(pair[1], found)))

    def _popularity(self, number: int, found: Found) -> Popularity:
        return popularity(found.changed(number)) if number < 0 else self.segment.popularity(number)


def _pairs(found: Found, most: int) -> list[_Pair]:
    """Return the scores and numbers of the best."""
    scores, numbers = found.scores[:most], found.numbers[:most]
    if isinstance(scores, np.ndarray) and isinstance(numbers, np.ndarray):
        scores, numbers = scores.tolist(), numbers.tolist()
    return [*zip(scores, numbers, strict=True)]


class _Told:
    """Tells the reasons of the hits of one result, when they are first looked at."""

    def __init__(self, view: View, found: Found, query: ProductQuery) -> None:
        self._view, self._found, self._query = view, found, query

    @cached_property
    def _reasoner(self) -> Reasoner:
        return Reasoner(self._query) if self._found.fresh else Reasoner(self._query, self._view.givers)

    @property
    def silent(self) -> bool:
        """Tell, before anything is looked at, whether no hit has any reason: the catalogue has nothing that would give one."""
        if self._found.fresh or self._view.has_extremes:
            return False
        return self._reasoner.silent

    def why(self, number: int) -> tuple[Reason, ...]:
        """Return the reasons for one hit: a place of the index, or below zero a changed product."""
        if self._reasoner.silent and not self._extremes:
            return ()
        fresh = self._found.fresh
        facts: Known = fresh[-number - 1][1].facts if number < 0 else self._view.segment.row(number)
        return self._reasoner.reasons(facts, extremes_of(facts.product, self._extremes))

    @cached_property
    def _extremes(self) -> dict[str, float]:
        """Return the values that make a product the cheapest, best sold or best rated of all that match."""
        found, segment = self._found, self._view.segment
        bounds: dict[str, float] = {}
        for name, column, lowest in SUPERLATIVES:
            most = len(segment.values(column))
            if not found.fresh and not most:
                continue
            codes = self._extreme_codes(column, lowest)
            values = [v for _, one in found.fresh if (v := getattr(one.facts.product, column)) is not None]
            several = len(codes) + len(values) > 1
            if len(codes):
                values.append(segment.at_code(column, int((np.minimum if lowest else np.maximum).reduce(codes))))
            best = extreme(map(float, values), lowest) if several else 0.0
            if best > 0:
                bounds[name] = best
        return bounds

    def _extreme_codes(self, column: str, lowest: bool) -> NDArray[Any]:
        """Return known codes of a column of products that match: all, or of very many the two foremost."""
        found, segment = self._found, self._view.segment
        passing = found.passing
        if passing is not None and len(passing) > MANY_PLACES:
            foremost = segment.leaders.first(FOREMOST[column, lowest], 2, passing.selection)
            if foremost is not None:
                codes = segment.column(column)[foremost]
                return codes[codes > 0]
        codes = segment.column(column)[found.places]
        return codes[codes > 0]
