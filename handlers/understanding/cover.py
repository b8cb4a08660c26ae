"""Choose the best reading of a text: the set of words that do not overlap and together explain most of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from handlers.understanding.entries import DESCRIBING, GOODS
from handlers.understanding.spans import Span

_TIER_WEIGHT = {"sure": 0.8, "soft": 0.7, "ask": 0.4}  # of a word that was not typed exactly
_CLOSE = 0.9  # a runner-up this near to the winner is worth a question


class Choice(NamedTuple):
    """What `best_cover` chose: the words in order, and every product word that came close to one of them."""

    spans: tuple[Span, ...]
    readings: Mapping[tuple[int, int], tuple[Span, ...]]
    alternatives: tuple[Span, ...]


def weight(span: Span) -> float:
    """Weigh a word: the square of its length, less when it was not typed exactly; a block word wins a tie."""
    size = span.end - span.start
    if span.how == "exact":
        extra = 0.5 if span.kind in {"block", "other_goods"} else 0.0
        return size * size * (0.6 if span.tier == "ask" else 1.0) + extra
    return size * size * _TIER_WEIGHT[span.tier]


def with_whole_heads(spans: Sequence[Span], generic: Collection[str]) -> list[Span]:
    """Leave out a product word that cuts the one behind it short, when what stands before that one describes it.

    声控灯|泡 is 声控|灯泡: the last noun is sold. A noun of a whole trade (`generic` are their last characters) cuts nothing: 保温板|材.
    """
    goods = {(s.start, s.end) for s in spans if s.kind in GOODS}
    cut = {
        (start, end)
        for start, end in goods
        for behind, last in goods
        if start < behind < end < last
        and any(s.kind in DESCRIBING and (s.start, s.end) == (start, behind) for s in spans)
        and not any(s.end == last and s.surface[-1:] in generic for s in spans if s.start == behind)
    }
    return [s for s in spans if (s.start, s.end) not in cut] if cut else list(spans)


def best_cover(
    spans: Iterable[Span], length: int, rank: Mapping[str, int], favoured: frozenset[str] = frozenset()
) -> Choice:
    """Choose the words of a text of `length` characters by dynamic programming over positions.

    `rank` orders the kinds (small first) where one place has several readings; concepts in `favoured` (the running
    topic) win ties.
    """
    groups: dict[tuple[int, int], list[Span]] = {}
    for span in spans:
        groups.setdefault((span.start, span.end), []).append(span)
    ordered = {
        place: tuple(several)
        if len(several) == 1
        else tuple(sorted(several, key=lambda s: (-weight(s), s.concept not in favoured, rank.get(s.kind, 99))))
        for place, several in groups.items()
    }
    chosen = _walk(ordered, length)
    readings = {place: _at_par(ordered[place]) for place in chosen}
    return Choice(tuple(readings[place][0] for place in chosen), readings, _alternatives(ordered, chosen))


def _walk(ordered: Mapping[tuple[int, int], Sequence[Span]], length: int) -> list[tuple[int, int]]:
    best = [0.0] * (length + 1)
    came: list[int] = [-1] * (length + 1)
    done = 0
    for end, start in sorted([(end, start) for start, end in ordered]):
        while done < end:
            done += 1
            best[done] = best[done - 1]
        score = best[start] + weight(ordered[start, end][0])
        if score > best[end]:
            best[end], came[end] = score, start
    chosen = []
    end = length
    while end > 0:
        if came[end] >= 0:
            chosen.append((came[end], end))
            end = came[end]
        else:
            end -= 1
    return chosen[::-1]


def _at_par(several: Sequence[Span]) -> tuple[Span, ...]:
    """Keep the readings of one place that are typed as exactly as the best one, each kind and concept once."""
    if len(several) == 1:
        return tuple(several)
    first = several[0]
    same = [s for s in several if (s.how == "exact") == (first.how == "exact") and weight(s) >= weight(first) * 0.5]
    return tuple({(s.kind, s.concept): s for s in reversed(same)}.values())[::-1]


def _alternatives(
    ordered: Mapping[tuple[int, int], Sequence[Span]], chosen: Sequence[tuple[int, int]]
) -> tuple[Span, ...]:
    """Return other concepts that overlap an uncertain choice and weigh almost as much."""
    close: dict[str, Span] = {}
    for place in chosen:
        winner = ordered[place][0]
        if winner.how == "exact" and winner.tier == "sure":
            continue
        for start, end in ordered:
            if start < place[1] and end > place[0]:
                for span in ordered[start, end]:
                    if (
                        span.kind == winner.kind
                        and span.concept != winner.concept
                        and weight(span) >= weight(winner) * _CLOSE
                    ):
                        close.setdefault(span.concept, span)
    return tuple(close.values())
