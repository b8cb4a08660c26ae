"""Search the text that no word covers for words typed with wrong characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import add

from handlers.lazy import Lazy
from handlers.understanding.entries import GOODS, LexiconEntry, policy
from handlers.understanding.matching import SoundIndex, Written, accept
from handlers.understanding.passage import Passage
from handlers.understanding.spans import How, Span, Tier
from handlers.understanding.word_tables import signs

_LONG = 4
_CONTEXT = GOODS | {"scheme"}


@dataclass(frozen=True, slots=True)
class Slip:
    """An entry that the person seems to have meant at a place, and how well the characters support it."""

    entry: LexiconEntry
    start: int
    end: int
    how: How
    tier: Tier
    evidence: str


def beginnings(passage: Passage, open_: bytearray, index: SoundIndex) -> list[tuple[int, tuple[Written, ...]]]:
    """Return where a word of the index may begin that holds some of what is uncovered, and which; none in most texts."""
    text, blocked = passage.text, passage.blocked
    several = [*map(index.begun.__getitem__, map(add, text, text[1 : open_.rfind(1) + 2]))]
    if not any(several):
        return []
    return [
        (start, begun)
        for start, begun in enumerate(several)
        if begun and not (blocked[start] or blocked[start + 1]) and open_.find(1, start, start + index.longest) >= 0
    ]


class SlipSearch:
    """The search through one passage whose exact words are known.

    `cover` is the best exact reading: a slip may swallow a word of it, never cut one. `open_`: what it leaves uncovered.
    `counted`: where a numeral with its measure ends (两袋|泥子粉): a word may begin there.
    """

    def __init__(
        self,
        passage: Passage,
        cover: Sequence[Span],
        open_: bytearray,
        signs: frozenset[str],
        counted: Sequence[int] = (),
    ) -> None:
        self._counted = counted
        self._passage = passage
        self._cover = cover
        self._signs = signs
        self._open = open_

    @Lazy
    def _clean(self) -> bytearray:
        """Mark the boundaries where a word may begin or end."""
        passage = self._passage
        clean = _clean_edges(passage, self._cover)
        for place in self._counted:
            clean[place] = 1
        for sign in self._signs:
            if sign in passage.text:
                clean[passage.text.index(sign)] = 1
        return clean

    @Lazy
    def _inside(self) -> bytearray:
        """Mark the boundaries inside a known word, where none may begin or end."""
        inside = bytearray(len(self._passage.text) + 1)
        for span in self._cover:
            inside[span.start + 1 : span.end] = b"\x01" * (span.end - span.start - 1)
        return inside

    @Lazy
    def _goods(self) -> list[Span]:
        return [span for span in self._cover if span.kind in GOODS]

    def find(
        self,
        index: SoundIndex,
        begun_at: Sequence[tuple[int, tuple[Written, ...]]],
        entries: Mapping[str, tuple[LexiconEntry, ...]],
        guards: Sequence[tuple[int, int]],
    ) -> Iterator[Slip]:
        """Yield every word of the index that some uncovered stretch may stand for, of those that `begun_at` tells.

        `guards` are places of everyday words that must not be changed.
        """
        self._guards = guards
        text, open_, blocked = self._passage.text, self._open, self._passage.blocked
        size = len(text)
        for start, begun in begun_at:
            if self._inside[start]:
                continue
            third = () if start + 2 >= size or blocked[start + 2] else index.heard(text[start + 2])
            for word in _continued(begun, third):
                end = start + len(word)
                if end <= size and not self._inside[end] and open_.find(1, start, end) >= 0:
                    evidence = index.evidence(word, text[start:end])
                    if evidence and self._possible(start, end, evidence):
                        yield from self._judged(start, end, evidence, entries[word])

    def _possible(self, start: int, end: int, evidence: str) -> bool:
        """Rule out what is no slip: the word itself, an everyday word, a neighbour of a complete product word."""
        if evidence.count("=") == len(evidence) or not self._passage.joined_well(start, end):
            return False
        if evidence[-1] != "=" and self._passage.text[end - 1] in signs("of"):
            return False  # the 的 of 1200长的 is no slip of a name
        if evidence[0] != "=" and self._passage.text[start] in signs("of") and any(s.end == start for s in self._cover):
            return False  # nor is that of 粘得牢的胶 the 地 of 地胶
        left, right = bool(self._clean[start]), bool(self._clean[end])
        loose_end = (evidence[0] != "=" and not left) or (evidence[-1] != "=" and not right)
        if loose_end and (len(evidence) < _LONG or "p" not in evidence):
            return False
        if _guarded(start, evidence, self._guards, left and right):
            return False
        return not any(_neighbour(span, start, evidence, left and right) for span in self._goods)

    def _judged(self, start: int, end: int, evidence: str, entries: Sequence[LexiconEntry]) -> Iterator[Slip]:
        left, right = bool(self._clean[start]), bool(self._clean[end])
        how: How = "shape" if "s" in evidence else "sound"
        for entry in entries:
            fuzzy = policy(entry.kind).fuzzy
            if fuzzy == "no" or (fuzzy == "long" and len(evidence) < _LONG):
                continue
            if fuzzy == "context" and not any(s.kind in _CONTEXT for s in self._cover):
                continue
            if fuzzy == "strict" and len(evidence) == 2 and not self._named(end):
                continue
            tier = accept(evidence, left, right, strict=fuzzy == "strict", noun=fuzzy != "context")
            if tier == "ask" and fuzzy == "context":
                tier = "soft"  # 三心 beside 认证 or goods: the words around it say that stars are meant
            if tier is not None:
                yield Slip(entry, start, end, how, tier, evidence)

    def _named(self, end: int) -> bool:
        """Tell whether a short name stands beside something that makes it one: a product, or 牌."""
        return bool(self._goods) or any(self._passage.text.startswith(sign, end) for sign in self._signs)


def _continued(begun: Iterable[Written], third: Iterable[int]) -> Iterator[str]:
    """Yield the words that may begin so and go on with a third syllable (() when nothing follows)."""
    for short, longer in begun:
        yield from short
        if longer:
            for last in third:
                yield from longer.get(last, ())


def _clean_edges(passage: Passage, cover: Sequence[Span]) -> bytearray:
    """Mark the boundaries where a word may begin or end: the ends, signs, spaces, and the edges of known words."""
    size = len(passage.text)
    clean = bytearray(size + 1)
    clean[0] = clean[size] = 1
    for here, han in enumerate(passage.free_han):
        if not han:
            clean[here] = clean[here + 1] = 1
    for gap in passage.gaps:
        clean[gap] = 1
    for span in cover:
        clean[span.start] = clean[span.end] = 1
    return clean


def _neighbour(span: Span, start: int, evidence: str, isolated: bool) -> bool:
    """Tell, of a word for goods, whether all but the wrong character is a product word already: 25公分|水龙头 is no 混水龙头.

    A wrong character that sounds right may still be a slip when it stands alone with the word: 断桥吕, 敦便器.
    """
    size = span.end - span.start
    if size < 2 or size != len(evidence) - 1 or span.start < start:
        return False
    if evidence[span.start - start : span.end - start] != "=" * size:
        return False
    return not isolated or "l" in evidence


def _guarded(start: int, evidence: str, guards: Sequence[tuple[int, int]], isolated: bool) -> bool:
    """Tell whether a changed character belongs to an everyday word, unless the match is longer than that word."""
    end = start + len(evidence)
    for low, high in guards:
        longer = len(evidence) - (high - low) if start <= low and high <= end else 0
        if longer >= 2 or (longer == 1 and isolated):
            continue
        if any(evidence[at - start] != "=" for at in range(max(low, start), min(high, end))):
            return True
    return False
