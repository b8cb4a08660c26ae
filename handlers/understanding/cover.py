"""Choose the best reading of a text: the set of words that do not overlap and together explain most of it.

`best_cover` chooses among any words; `exact_cover` makes the same choice among words typed exactly, which most texts have
only: what a word of the lexicon weighs and in which order its readings come does not depend on where it stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import NamedTuple, TypeVar

from handlers.understanding.entries import DESCRIBING, GOODS
from handlers.understanding.spans import Span

_Any = TypeVar("_Any")
_END_AND_START = itemgetter(0, 1)
_TIER_WEIGHT = {"sure": 0.8, "soft": 0.7, "ask": 0.4}  # of a word that was not typed exactly
_new = tuple.__new__  # makes a named tuple of its class and a tuple: what Span(…) does, in half the time
_CLOSE = 0.9  # a runner-up this near to the winner is worth a question


class Choice(NamedTuple):
    """What was chosen: the words in order, and every product word that came close to one of them.

    `plain`: all were typed exactly and none is only to be asked about; a reading that is, beside a better one, is left out.
    """

    spans: tuple[Span, ...]
    readings: Mapping[tuple[int, int], tuple[Span, ...]]
    alternatives: tuple[Span, ...]
    plain: bool = False


class Word:
    """A word of the lexicon as it is typed, with its readings: `at` makes spans of them.

    `weight`, `sure`, `asked`: of the best one. `goods`, `describes`, `names`: whether one of them is of these kinds.
    """

    __slots__ = (
        "_all",
        "_at_par",
        "_firm",
        "_only",
        "asked",
        "describes",
        "goods",
        "names",
        "sure",
        "surface",
        "weight",
    )

    def __init__(self, spans: Sequence[Span], rank: Mapping[str, int]) -> None:
        """Take the readings, all of one stretch."""
        ordered = _in_order(spans, rank)
        at_par = _at_par(ordered)
        self._all = [tuple(span[2:]) for span in ordered]
        self._at_par = [tuple(span[2:]) for span in at_par]
        self._firm = [tuple(span[2:]) for span in firm(at_par)]
        self._only = self._all[0] if len(spans) == 1 else None
        self.surface = spans[0].surface
        self.goods = any(span.kind in GOODS for span in spans)
        self.describes = any(span.kind in DESCRIBING for span in spans)
        self.names = any(span.kind == "brand" for span in spans)
        self.weight = weight(ordered[0])
        self.sure, self.asked = ordered[0].tier == "sure", ordered[0].tier == "ask"

    def at(self, start: int, end: int) -> tuple[Span, ...]:
        """Return all readings at a place, the best first."""
        return tuple([_new(Span, (start, end, *rest)) for rest in self._all])

    def at_par(self, start: int, end: int, plain: bool) -> tuple[Span, ...]:
        """Return the readings that count beside the best one; `plain`: without those that are only to be asked about."""
        if self._only is not None:
            return (_new(Span, (start, end, *self._only)),)
        return tuple([_new(Span, (start, end, *rest)) for rest in (self._firm if plain else self._at_par)])


Placed = tuple[int, int, float, Word]  # end, start, weight, and the word that stands there; a place has one word


def weight(span: Span) -> float:
    """Weigh a word: the square of its length, less when it was not typed exactly; a block word wins a tie."""
    size = span.end - span.start
    if span.how == "exact":
        extra = 0.5 if span.kind in {"block", "other_goods"} else 0.0
        return size * size * (0.6 if span.tier == "ask" else 1.0) + extra
    return size * size * _TIER_WEIGHT[span.tier]


def with_whole_heads(found: list[Placed], generic: Collection[str]) -> list[Placed]:
    """Leave out a product word that cuts the one behind it short, when what stands before that one describes it.

    声控灯|泡 is 声控|灯泡: the last noun is sold. A noun of a whole trade (`generic` are their last characters) cuts nothing: 保温板|材.
    So is one that cuts a brand short of which the rest is goods: 川|上水管 is 川上|水管.
    """
    goods = [(start, end, word) for end, start, _, word in found if word.goods]
    if len(goods) < 2:
        return found
    cut = {
        (start, end)
        for start, end, _ in goods
        for behind, last, word in goods
        if start < behind < end < last
        and word.surface[-1:] not in generic
        and _described(found, start, behind)
        and not any(own < last < other and end <= own for other, own, _, _ in found)  # 节能灯|口碑好 has no 灯口
    }
    for end, start, _, word in found:
        if word.names and any(begin == end for begin, _, _ in goods):
            rest = {last for begin, last, _ in goods if begin == end}
            cut |= {(begin, last) for begin, last, _ in goods if start < begin < end and last in rest}
    return [placed for placed in found if (placed[1], placed[0]) not in cut] if cut else found


def _described(found: Sequence[Placed], start: int, end: int) -> bool:
    """Tell whether a word that describes goods stands at a place."""
    return any(word.describes and (start, end) == (own, last) for last, own, _, word in found)


def best_cover(spans: Iterable[Span], rank: Mapping[str, int], favoured: frozenset[str] = frozenset()) -> Choice:
    """Choose the words of a text by dynamic programming over positions.

    `rank` orders the kinds (small first) where one place has several readings; concepts in `favoured` (the running
    topic) win ties.
    """
    groups: dict[tuple[int, int], list[Span]] = {}
    for span in spans:
        groups.setdefault((span.start, span.end), []).append(span)
    ordered = {place: _in_order(several, rank, favoured) for place, several in groups.items()}
    placed = [(end, start, weight(several[0]), None) for (start, end), several in ordered.items()]
    chosen = [(start, end) for end, start, _, _ in _walk(placed)]
    readings = {place: _at_par(ordered[place]) for place in chosen}
    return Choice(tuple(readings[place][0] for place in chosen), readings, _alternatives(ordered, chosen))


def exact_cover(found: Sequence[Placed]) -> Choice:
    """Choose among words typed exactly."""
    chosen = _walk(found)
    sure = plain = True
    for _, _, _, word in chosen:
        if not word.sure:
            sure = False
            plain = plain and not word.asked
    readings: dict[tuple[int, int], tuple[Span, ...]] = {}
    spans = []
    for end, start, _, word in chosen:
        readings[start, end] = several = word.at_par(start, end, plain)
        spans.append(several[0])
    if sure:
        return _new(Choice, (tuple(spans), readings, (), plain))
    ordered = {(start, end): word.at(start, end) for end, start, _, word in found}
    return Choice(tuple(spans), readings, _alternatives(ordered, [*readings]), plain)


def _in_order(
    several: Sequence[Span], rank: Mapping[str, int], favoured: frozenset[str] = frozenset()
) -> tuple[Span, ...]:
    """Order the readings of one place: the heaviest first, then the running topic's, then by kind."""
    if len(several) == 1:
        return tuple(several)
    return tuple(sorted(several, key=lambda s: (-weight(s), s.concept not in favoured, rank.get(s.kind, 99))))


def _walk(placed: Iterable[tuple[int, int, float, _Any]]) -> list[tuple[int, int, float, _Any]]:
    """Return the heaviest of (end, start, weight, whatever stands there) that do not overlap, in order."""
    ordered = sorted(placed, key=_END_AND_START)
    done = 0
    for end, start, _, _ in ordered:
        if start < done:
            return _heaviest(ordered)
        done = end
    return ordered


def _heaviest(ordered: Sequence[tuple[int, int, float, _Any]]) -> list[tuple[int, int, float, _Any]]:
    """Return the heaviest that do not overlap, of places in the order of their ends."""
    ends, best = [0], [0.0]  # where the best reading so far gets better, and what it weighs there
    came: list[tuple[tuple[int, int, float, _Any], int] | None] = [None]  # its last word, and what is before that
    for place in ordered:
        end, start, own, _ = place
        before = bisect_right(ends, start) - 1
        score = best[before] + own
        if score > best[-1]:
            if ends[-1] == end:
                best[-1], came[-1] = score, (place, before)
            else:
                ends.append(end)
                best.append(score)
                came.append((place, before))
    chosen = []
    last = came[-1]
    while last is not None:
        chosen.append(last[0])
        last = came[last[1]]
    chosen.reverse()
    return chosen


def _at_par(several: Sequence[Span]) -> tuple[Span, ...]:
    """Keep the readings of one place that are typed as exactly as the best one, each kind and concept once."""
    if len(several) == 1:
        return tuple(several)
    first = several[0]
    same = [s for s in several if (s.how == "exact") == (first.how == "exact") and weight(s) >= weight(first) * 0.5]
    return tuple({(s.kind, s.concept): s for s in reversed(same)}.values())[::-1]


def firm(several: Sequence[Span]) -> tuple[Span, ...]:
    """Leave out the readings of a place that are only to be asked about, when it has a better one."""
    return (len(several) > 1 and tuple([s for s in several if s.tier != "ask"])) or tuple(several)


def _alternatives(
    ordered: Mapping[tuple[int, int], Sequence[Span]], chosen: Sequence[tuple[int, int]]
) -> tuple[Span, ...]:
    """Return other concepts that overlap an uncertain choice and weigh almost as much."""
    close: dict[str, Span] = {}
    for place in chosen:
        winner = ordered[place][0]
        if winner.how == "exact" and winner.tier == "sure":
            continue
        beside = [spans for (start, end), spans in ordered.items() if start < place[1] and end > place[0]]
        for span in chain.from_iterable(beside):
            another = span.kind == winner.kind and span.concept != winner.concept
            if another and weight(span) >= weight(winner) * _CLOSE:
                close.setdefault(span.concept, span)
    return tuple(close.values())
