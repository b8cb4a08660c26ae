"""One state of the index, searched: what was built, what changed since, and the two brought together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog_db.records import Product
from catalog_db.search.candidates import Candidates, Collector, Points
from catalog_db.search.counting import CountedFacets
from catalog_db.search.filtering import Filtering
from catalog_db.search.finding import WordFinder
from catalog_db.search.fresh import Fresh
from catalog_db.search.matching import predicates
from catalog_db.search.ordering import RANKED_BY, moved_up, other_brand, popularity, sort_key
from catalog_db.search.plan import Plan, least, plan
from catalog_db.search.query import Hit, ProductQuery, SearchResult
from catalog_db.search.reasons import SUPERLATIVES, extreme, extremes_of, reasons
from catalog_db.search.reranking import rerank
from catalog_db.search.segment import Segment
from catalog_db.search.selection import Places
from catalog_db.search.vocabulary import IndexVocabulary

RERANKED = 200  # candidates that are compared character by character
_RANK_BITS = 32


@dataclass(frozen=True, slots=True)
class Found:
    """What matches a query: places of the index with their points, and changed products with theirs."""

    places: Places
    points: Points | None  # None: nothing was typed
    fresh: Sequence[tuple[int, Fresh]]
    plan: Plan | None

    def __len__(self) -> int:
        return len(self.places) + len(self.fresh)


@dataclass(frozen=True, slots=True)
class Entry:
    """A product on its way into the list: a place of the index, or a changed product."""

    score: int
    place: int = -1
    fresh: Fresh | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What searches an index, whatever changed since."""

    finder: WordFinder
    filtering: Filtering
    collector: Collector
    rerank: Callable[[Plan, NDArray[np.uint16], NDArray[np.intp]], NDArray[np.int64]]

    @classmethod
    def plain(cls, segment: Segment, vocabulary: IndexVocabulary) -> Parts:
        """Return the parts that need nothing but numpy."""
        finder = WordFinder(segment, vocabulary)
        return cls(finder, Filtering(segment, finder), Collector(segment), rerank)


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
        passing = [one for one in self.fresh.values() if all(test(one.facts) for test in holds)]
        if not query.text.strip():
            return Found(selection.places(), None, [(0, one) for one in passing], None)
        asked = plan(query.text, self.vocabulary)
        scored = [(one.points(asked), one) for one in passing]
        best = max((points for points, _ in scored), default=0)
        candidates = self.parts.collector.collect(asked, selection, best) if asked.grams else _NOTHING
        best = max(best, candidates.best)
        bound = least(best) if best >= asked.evidence else 1 << 30
        candidates = candidates.at_least(bound)
        fresh = [(points, one) for points, one in scored if points >= bound]
        return Found(candidates.places, candidates.points, fresh, asked)

    def count(self, query: ProductQuery) -> int:
        """Return how many products match."""
        return len(self.found(query))

    # The list

    def search(self, query: ProductQuery) -> SearchResult:
        """Return the hits from `offset` on, how many match, and the facets of all that match."""
        found = self.found(query)
        entries = self._page(found, query)
        known = [one.facts for one in self.fresh.values()]
        matching = [one.facts for _, one in found.fresh]
        facets = CountedFacets(self.segment, self.parts.finder, found.places, matching, known, query.day)
        extremes = self._extremes(found)
        most = 100 * sum(found.plan.weights) if found.plan else 0
        hits = tuple(self._hit(entry, query, most, extremes) for entry in entries)
        return SearchResult(hits, len(found), facets)

    def _hit(self, entry: Entry, query: ProductQuery, most: int, extremes: Mapping[str, float]) -> Hit:
        facts = entry.fresh.facts if entry.fresh else self.segment.facts(entry.place)
        why = reasons(facts, query, extremes_of(facts.product, extremes))
        return Hit(facts.product.sku, round(entry.score / most, 4) if most else 0.0, why)

    def _page(self, found: Found, query: ProductQuery) -> list[Entry]:
        wanted = query.offset + query.limit
        if not len(found) or query.limit <= 0:
            return []
        if query.sort != "recommended":
            return self._sorted(found, query.sort, wanted)[query.offset :]
        if found.plan is not None and found.points is not None:
            return self._fitting(found, found.plan, found.points, query.offset, wanted)
        entries = self._sorted(found, query.sort, wanted)
        other = self._other_brand(found, entries)
        if other is not None and other not in entries:
            entries = [*entries, other]
        move = other_brand([self._brand(entry) for entry in entries], len(entries))
        return moved_up(entries, move)[query.offset : wanted]

    def _sorted(self, found: Found, sort: str, wanted: int) -> list[Entry]:
        """Return the first so many entries in the order of a sort."""
        order = _first(self._keys(found.places, sort), wanted)
        entries = [Entry(0, int(place)) for place in found.places[order]]
        if found.fresh:
            entries += [Entry(0, fresh=one) for _, one in found.fresh]
            entries.sort(key=lambda entry: self._value_key(entry, sort))
        return entries[:wanted]

    def _keys(self, places: Places, sort: str) -> NDArray[np.int64]:
        """Return a number for each place that grows in the order of the sort, then of popularity."""
        keys = self.segment.rank[places].astype(np.int64)
        shift = _RANK_BITS
        for name, ascending in reversed(RANKED_BY[sort]):
            codes = self.segment.column(name)[places].astype(np.int64)
            most = len(self.segment.values(name)) + 1
            ranks = np.where(codes == 0, most, codes if ascending else most - codes)
            keys += ranks << shift
            shift += int(most).bit_length()
        return keys

    def _value_key(self, entry: Entry, sort: str) -> tuple[object, ...]:
        product = self._product(entry)
        return (sort_key(product, sort), popularity(product))

    def _product(self, entry: Entry) -> Product:
        return entry.fresh.facts.product if entry.fresh else self.segment.facts(entry.place).product

    def _brand(self, entry: Entry) -> str | None:
        if entry.fresh is not None:
            return entry.fresh.facts.product.brand
        return self.segment.brand(entry.place)

    def _other_brand(self, found: Found, entries: list[Entry]) -> Entry | None:
        """Return the most popular product of another brand when the first three are of one."""
        first = self._brand(entries[0])
        if first is None or len(entries) < 3 or any(self._brand(entry) != first for entry in entries[1:3]):
            return None
        code = self.segment.column("brand")[found.places] if len(found.places) else np.zeros(0, np.uint8)
        names = self.segment.table("brand")
        others = found.places[code != names.index(first)] if first in names else found.places
        fresh = [(0, one) for _, one in found.fresh if one.facts.product.brand != first]
        return next(iter(self._sorted(Found(others, None, fresh, None), "recommended", 1)), None)

    # Texts

    def _fitting(self, found: Found, asked: Plan, points: Points, offset: int, wanted: int) -> list[Entry]:
        """Return the entries from an offset on by how well they fit; the best candidates are reranked."""
        if found.fresh:
            return self._fitting_mixed(found, asked, points, wanted)[offset:]
        window = found.places[self._best(found.places, points, max(wanted, RERANKED))]
        head, tail = window[:RERANKED], window[RERANKED:]
        scores = self.parts.rerank(asked, *self.segment.closed_texts(head))
        order = np.lexsort((self.segment.rank[head], -scores))
        ties = int(np.count_nonzero(scores == scores[order[0]]))
        move = other_brand(self.segment.column("brand")[head[order]].tolist(), ties)
        ranked = moved_up([*zip(scores[order].tolist(), head[order].tolist(), strict=True)], move)
        return [
            Entry(score, place) for score, place in [*ranked, *((0, place) for place in tail.tolist())][offset:wanted]
        ]

    def _best(self, places: Places, points: Points, most: int) -> NDArray[np.intp]:
        """Return where the best candidates stand, by points, then by popularity."""
        return _first(((1 << 20) - points << _RANK_BITS) + self.segment.rank[places].astype(np.int64), most)

    def _fitting_mixed(self, found: Found, asked: Plan, points: Points, wanted: int) -> list[Entry]:
        """Do the same with changed products among those of the index."""
        most = max(wanted, RERANKED)
        order = self._best(found.places, points, most)
        built = (Entry(0, place) for place in found.places[order].tolist())
        both = [*zip(points[order].tolist(), built, strict=True), *((n, Entry(0, fresh=one)) for n, one in found.fresh)]
        both.sort(key=lambda pair: (-pair[0], popularity(self._product(pair[1]))))
        window = [entry for _, entry in both[:most]]
        head, tail = window[:RERANKED], window[RERANKED:]
        scores = self.parts.rerank(asked, *self._texts(head)).tolist()
        ranked = [Entry(n, entry.place, entry.fresh) for n, entry in zip(scores, head, strict=True)]
        ranked.sort(key=lambda entry: (-entry.score, popularity(self._product(entry))))
        ties = sum(entry.score == ranked[0].score for entry in ranked)
        move = other_brand([self._brand(entry) for entry in ranked], ties)
        return [*moved_up(ranked, move), *tail][:wanted]

    def _texts(self, entries: Iterable[Entry]) -> tuple[NDArray[np.uint16], NDArray[np.intp]]:
        """Return the texts of entries behind one another, each closed by two END, and where each begins."""
        entries = list(entries)
        places = np.array([entry.place for entry in entries if entry.fresh is None], np.intp)
        codes, begins = self.segment.closed_texts(places)
        if len(places) == len(entries):
            return codes, begins
        built = iter(np.split(codes, begins[1:]) if len(places) else [])
        texts = [entry.fresh.codes if entry.fresh is not None else next(built) for entry in entries]
        lengths = np.array([len(text) for text in texts])
        return np.concatenate(texts), np.cumsum(lengths) - lengths

    def _extremes(self, found: Found) -> dict[str, float]:
        """Return the values that make a product the cheapest, best sold or best rated of all that match."""
        bounds: dict[str, float] = {}
        for name, column, lowest in SUPERLATIVES:
            codes = self.segment.column(column)[found.places]
            codes = codes[codes > 0]
            values = [v for _, one in found.fresh if (v := getattr(one.facts.product, column)) is not None]
            several = len(codes) + len(values) > 1
            if len(codes):
                values.append(self.segment.at_code(column, int(codes.min() if lowest else codes.max())))
            best = extreme(map(float, values), lowest) if several else 0.0
            if best > 0:
                bounds[name] = best
        return bounds


_NOTHING = Candidates(np.zeros(0, np.intp), np.zeros(0, np.int64), 0)


def _first(keys: NDArray[np.int64], most: int) -> NDArray[np.intp]:
    """Return where the smallest keys stand, in ascending order of the keys."""
    if most < len(keys):
        near = np.argpartition(keys, most)[:most]
        return near[np.argsort(keys[near])]
    return np.argsort(keys)
