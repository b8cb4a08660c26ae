"""The search as plain Python over records: slow and obvious, the oracle of the property tests.

It shares with the real one what a filter, a sort key, a reason and a typed text mean for one product; how to find the
products quickly, to count them by columns and to compare many texts at once it knows nothing of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from catalog_db.search.candidates import RERANKED
from catalog_db.search.facets import facets
from catalog_db.search.facts import Facts
from catalog_db.search.facts import facts as facts_of
from catalog_db.search.matching import predicates
from catalog_db.search.ordering import moved_up, other_brand, popularity, sort_key
from catalog_db.search.plan import Plan, convinces, least, plan
from catalog_db.search.query import Hit, ProductQuery, SearchResult
from catalog_db.search.reasons import SUPERLATIVES, Reasoner, extreme, extremes_of
from catalog_db.search.shelf import Shelf
from catalog_db.search.sounds import sounds
from catalog_db.search.source import Change, IndexSource
from catalog_db.search.terms import TOKENS, pair, text_terms
from catalog_db.search.typed import MOST_LETTERS, Unit, likeliest

_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_Scored = list[tuple[int, Facts]]


class ReferenceIndex:
    """Search a small catalogue by looking at every product."""

    def __init__(self, shelf: Shelf, rows: Iterable[Facts]) -> None:
        self._shelf = shelf
        self._rows = {row.product.sku: row for row in rows}

    @classmethod
    def build(cls, source: IndexSource) -> ReferenceIndex:
        """Read every product of the source."""
        shelf = Shelf(source.categories, source.brands, source.enterprises)
        return cls(shelf, [facts_of(product, certificates, shelf) for product, certificates in source.products()])

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over the new state of single products."""
        for change in changes:
            self._rows.pop(change.sku, None)
            if change.product is not None:
                self._rows[change.sku] = facts_of(change.product, change.certificates, self._shelf)

    def search(self, query: ProductQuery) -> SearchResult:
        """Return the hits from `offset` on, how many match, and the facets of all that match."""
        asked, found = self._found(query)
        ordered = _ordered(found, query, asked)
        page = ordered[query.offset : query.offset + query.limit]
        matching = [row for _, row in found]
        bounds = _extremes(matching)
        most, why = (asked.most if asked else 0), Reasoner(query)
        hits = tuple(
            Hit(
                row.product.sku,
                round(score / most, 4) if most else 0.0,
                why.reasons(row, extremes_of(row.product, bounds)),
            )
            for score, row in page
        )
        return SearchResult(hits, len(found), facets(matching, query.day, *self._words()))

    def count(self, query: ProductQuery) -> int:
        """Return how many products match."""
        return len(self._found(query)[1])

    def count_many(self, query: ProductQuery, loosenings: Sequence[ProductQuery]) -> list[int]:
        """Return how many products match each loosened query."""
        return [self.count(loosened) for loosened in loosenings]

    def _shown(self) -> list[Facts]:
        return [row for row in self._rows.values() if row.product.shown]

    def _words(self) -> tuple[set[str], set[str]]:
        shown = [row.product for row in self._shown()]
        return {word for p in shown for word in p.features}, {word for p in shown for word in p.scenes}

    def _found(self, query: ProductQuery) -> tuple[Plan | None, _Scored]:
        holds = predicates(query)
        rows = [row for row in self._rows.values() if all(test(row) for test in holds)]
        if not query.text.strip():
            return None, [(0, row) for row in rows]
        vocabulary = _Vocabulary(row.words for row in self._shown())
        asked = plan(query.text, vocabulary)
        scored = [(_points(asked, text_terms(row.words, vocabulary.number)), row) for row in rows]
        best = max((points for points, _ in scored), default=0)
        bound = least(best) if best >= asked.evidence else best + 1
        found = [(points, row) for points, row in scored if points >= bound]
        fits = max((fit(asked, row.words) for _, row in _window(found)), default=0)
        return asked, found if convinces(asked, fits) else []


class _Vocabulary:
    """The terms of some texts, counted."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._tokens: dict[str, int] = {}
        terms = [text_terms(text, self.number) for text in texts]
        self.documents = len(terms)
        self._often = Counter(term for of_text in terms for term in of_text)

    def number(self, word: str) -> int:
        return TOKENS + self._tokens.setdefault(word, len(self._tokens))

    def frequency(self, term: int) -> int:
        return self._often[term]

    def follows(self, first: int, second: int) -> int:
        return self._often[pair(first, second)]

    def following(self, first: int, sounds: Sequence[int]) -> list[int]:
        return [self.follows(first, sound) for sound in sounds]

    def likeliest(self, first: int, letter: str) -> list[tuple[float, int]]:
        return likeliest(first, letter, self)

    def longest(self, two: str) -> int:
        return MOST_LETTERS

    def token(self, word: str) -> int | None:
        term = self._tokens.get(word)
        return TOKENS + term if term is not None and self._often[TOKENS + term] else None


def _points(asked: Plan, terms: frozenset[int]) -> int:
    return sum(gram.weight for gram in asked.grams if any(term in terms for term in gram.terms))


def _ordered(found: _Scored, query: ProductQuery, asked: Plan | None) -> _Scored:
    if query.sort != "recommended":
        ordered = sorted(found, key=lambda hit: (sort_key(hit[1].product, query.sort), popularity(hit[1].product)))
        return [(0, row) for _, row in ordered]
    if asked is None:
        ordered = sorted(found, key=lambda hit: (not hit[1].certified(query.day), popularity(hit[1].product)))
        certified = sum(row.certified(query.day) for _, row in found)
        return _diversified(ordered, certified or len(ordered))
    ordered = _by_points(found)
    head = _by_points([(fit(asked, row.words), row) for _, row in _window(found)])
    ties = sum(score == head[0][0] for score, _ in head)
    return _diversified(head, ties) + [(0, row) for _, row in ordered[RERANKED:]]


def _by_points(found: _Scored) -> _Scored:
    return sorted(found, key=lambda hit: (-hit[0], popularity(hit[1].product)))


def _window(found: _Scored) -> _Scored:
    return _by_points(found)[:RERANKED]


def _diversified(hits: _Scored, ties: int) -> _Scored:
    return moved_up(hits, other_brand([row.product.brand for _, row in hits], ties))


def _extremes(found: Sequence[Facts]) -> Mapping[str, float]:
    bounds = {}
    for name, column, lowest in SUPERLATIVES:
        values = [float(value) for row in found if (value := getattr(row.product, column)) is not None]
        best = extreme(values, lowest) if len(values) > 1 else 0.0
        if best > 0:
            bounds[name] = best
    return bounds


# How well one text fits: the definition in `reranking`, unit by unit and place by place


def fit(asked: Plan, text: str) -> int:
    """Return the score of one text: for each unit its weight times the best percentage of any place."""
    text = _BEYOND.sub("\ufffd\ufffd", text)  # two code units are two places
    likeness = [[_likeness(unit, text, place) for place in range(len(text))] for unit in asked.units]
    return sum(
        weight * max((_percent(asked, likeness, unit, place, text) for place in range(len(text))), default=0)
        for unit, weight in enumerate(asked.weights)
    )


def _likeness(unit: Unit, text: str, place: int) -> str:
    """Return exact, other, same, accent or nothing for a unit at a place of a text."""
    if unit.token:
        return "exact" if place in _token_places(unit.word, text) else ""
    table = sounds()
    heard = int(table.of_code[ord(text[place])])
    if not heard:
        return ""
    if unit.code:
        if ord(text[place]) == unit.code:
            return "exact"
        if heard == unit.sounds[0]:
            return "same"
    elif heard in unit.sounds:
        return "exact" if heard == unit.sounds[0] else "other"
    return "accent" if table.class_of[heard] == table.class_of[unit.sounds[0]] else ""


def _token_places(word: str, text: str) -> set[int]:
    """Return the first and the last place of each occurrence of a token that is no part of a longer one."""
    return {
        place
        for begin in range(len(text) - len(word) + 1)
        if text[begin : begin + len(word)] == word and _free(word, text[:begin], text[begin + len(word) :])
        for place in (begin, begin + len(word) - 1)
    }


def _free(word: str, before: str, after: str) -> bool:
    """Tell whether a token ends where it stands: figures beside letters do, letters behind an amount when there are two."""
    figure, letter = "[0-9.x]", "[a-z]"
    for kind in (figure, letter):
        if re.match(kind, word) and re.match(kind, before[-1:]):
            return False
    if re.match(r"[0-9.].*[a-wyz]$", word) and re.match("[a-wyz][a-z]", after):
        return True
    return not any(re.match(kind, word[-1]) and re.match(kind, after) for kind in (figure, letter))


_Steps = tuple[tuple[int, int], ...]
_NEAR: _Steps = ((-1, -1), (1, 1))
_LEFT: _Steps = ((-1, -1), (-1, -2), (-2, -1), (-2, -2))
_RIGHT: _Steps = ((1, 1), (1, 2), (2, 1), (2, 2))
_LOOSE: _Steps = ((-1, -2), (1, 2), (-2, -1), (2, 1), (-2, -2), (2, 2), (1, -1), (-1, 1))


def _percent(asked: Plan, likeness: list[list[str]], unit: int, place: int, text: str) -> int:
    stands = _may_stand(asked, likeness, unit, place) and sounds().of_code[ord(text[place])] > 0
    return max(60 if stands else 0, _by_likeness(asked, likeness, unit, place))


def _may_stand(asked: Plan, likeness: list[list[str]], unit: int, place: int) -> bool:
    """Tell whether a unit is doubtful, and its neighbours on both sides, typed in one word with it, are sure."""
    steps = _of_one_word(asked.units, unit, _NEAR)
    return bool(asked.doubtful >> unit & 1) and all(
        _beside(likeness, unit, place, (step,), _SURE) and step in steps for step in _NEAR
    )


def _by_likeness(asked: Plan, likeness: list[list[str]], unit: int, place: int) -> int:
    kind = likeness[unit][place]
    if not kind:
        return 0
    alone = _needs_nothing(asked.units, unit)
    near, loose = (alone or _beside(likeness, unit, place, steps, _ALIKE) for steps in (_NEAR, _LOOSE))
    if kind == "exact":
        return (100 if alone or _held(likeness, unit, place) else 94) if near else 82 if loose else 20
    if kind == "other":
        return 82 if near else 60 if loose else 20
    beside, nearly = (_of_one_word(asked.units, unit, steps) for steps in (_NEAR, _LOOSE))
    if alone or _beside(likeness, unit, place, beside, _SURE):
        return 60 if kind == "same" else 48
    if _beside(likeness, unit, place, nearly, _SURE):
        return 48 if kind == "same" else 36
    return 24 if _beside(likeness, unit, place, beside, _ALIKE) else 4


def _of_one_word(units: Sequence[Unit], unit: int, steps: _Steps) -> _Steps:
    """Return the steps that lead to a unit of the same word as it was typed."""
    return tuple(
        (step, far)
        for step, far in steps
        if all(one.joined for one in units[max(min(unit, unit + step) + 1, 0) : max(unit, unit + step) + 1])
    )


def _held(likeness: list[list[str]], unit: int, place: int) -> bool:
    """Tell whether the neighbours on both sides stand beside a place; the first and the last unit have only one."""
    left = unit == 0 or _beside(likeness, unit, place, _LEFT, _ALIKE)
    right = unit == len(likeness) - 1 or _beside(likeness, unit, place, _RIGHT, _ALIKE)
    return left and right


_SURE = ("exact", "other")
_ALIKE = ("exact", "other", "same", "accent")


def _beside(likeness: list[list[str]], unit: int, place: int, steps: _Steps, kinds: tuple[str, ...]) -> bool:
    return any(
        0 <= unit + step < len(likeness)
        and 0 <= place + far < len(likeness[unit])
        and likeness[unit + step][place + far] in kinds
        for step, far in steps
    )


def _needs_nothing(units: Sequence[Unit], place: int) -> bool:
    """Tell whether a unit convinces alone: the only one, or a token that is no number before a character."""
    if len(units) == 1:
        return True
    unit = units[place]
    if not unit.token:
        return False
    beside = place + 1 < len(units) and units[place + 1].joined and not units[place + 1].token
    return not (beside and unit.word.isdigit() and len(unit.word) < 3)
