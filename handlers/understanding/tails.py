"""What stands beside a product word and changes what is sold: 马桶刷, 地板鞋, 瓷砖美缝剂, 汽车水泵."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from handlers.understanding.entries import GOODS
from handlers.understanding.numbers import numerals
from handlers.understanding.passage import Passage
from handlers.understanding.spans import Span
from handlers.understanding.word_tables import signs

_Place = tuple[int, int]
_ACCESSORY = "accessory"
_BENIGN = frozenset({"benign", "quality"})  # what says nothing, and what says how goods are: no other thing is meant
_HOW = frozenset({"feature", "material", "scene"})
_PLACES = frozenset({"room", "scene"})
_PARTICLES = 2  # characters that end a question
_REACH = 8  # words looked at behind goods


def find_tails(
    passage: Passage,
    spans: Sequence[Span],
    readings: Mapping[_Place, tuple[Span, ...]],
    residue: Sequence[_Place],
    owners: AbstractSet[str],
) -> dict[_Place, Span]:
    """Return, for the place of each product word, the word that makes it something else; most have none.

    The concept of the tail says what it is: `accessory` · `product` (another product follows: the last noun is sold) ·
    `other_goods` (a thing of another trade follows, or its owner stands before: 汽车水泵) · `unknown` (a word we do not
    know). `owners` are the concepts of other trades whose parts are theirs.
    """
    tails: dict[_Place, Span] = {}
    if not [span for span in spans if span.kind in GOODS]:  # no generator: every text comes here
        return tails
    foreign: Span | None = None  # the last word of another trade in the same breath
    for number, span in enumerate(spans):
        if number and not _same_breath(spans[number - 1], span, passage):
            foreign = None
        if [reading for reading in readings.get(span[:2], (span,)) if reading.kind == "foreign"]:
            foreign = Span(span.start, span.end, "tail", "other_goods", span.surface)
        if span.kind in GOODS:
            tail = foreign or _owner(spans, number, owners, passage, residue)
            if tail is None or tail.end < span.start:
                following = spans[number + 1 : number + 1 + _REACH]
                laid = passage.text[span.end : span.end + 1] in signs("laid")
                if laid and _place_at(span.end + 1, following, readings):
                    continue  # 墙砖|贴|厕所
                behind = _behind(passage, following, span.end, readings, residue)
                tail = behind if tail is None or (behind and behind.concept == _ACCESSORY) else tail
            if tail is not None:
                tails[span.start, span.end] = tail
    return tails


def _same_breath(before: Span, span: Span, passage: Passage) -> bool:
    """Tell whether nothing but words stands between two words: 帕萨特后备箱|密封条; a question or a sign ends a breath."""
    return before.kind != "cue" and all(map(str.isalnum, passage.text[before.end : span.start]))


def _owner(
    spans: Sequence[Span], number: int, owners: AbstractSet[str], passage: Passage, residue: Sequence[_Place]
) -> Span | None:
    """Find the thing of another trade that stands directly before, or with an unknown character between: 奶锅|把手, 打药机|抽|水管."""
    before = spans[number - 1] if number else None
    if before is None or before.kind != "other_goods" or before.concept not in owners:
        return None
    between = passage.text[before.end : spans[number].start]
    near = not between or (len(between) == 1 and (before.end, spans[number].start) in residue)
    if not near or between in signs("place_end") or before.end in passage.gaps:
        return None  # 奶茶|店|背景墙布 is for a place
    return Span(before.start, before.end, "tail", "other_goods", before.surface)


def _worked(text: str, span: Span) -> bool:
    """Tell whether a short word is what is done with the goods, over an area or so many times: 乳胶漆|刷80平, 墙漆刷三遍."""
    rest = text[span.end :]
    measured = rest.lstrip("0123456789." + "".join((*numerals().digits, *numerals().units)))
    return span.surface in signs("work_done") and measured != rest and measured.startswith(tuple(signs("worked")))


def _asked_about(text: str, span: Span, several: Sequence[Span]) -> bool:
    """Tell whether a kind that is a quality as well is asked about as one: 地板|防水吗."""
    rest = text[span.end :]
    return (
        1 <= len(rest) <= _PARTICLES
        and rest[0] in signs("asked_end")
        and span.kind in GOODS
        and any(reading.kind == "feature" for reading in several)
    )


def _behind(
    passage: Passage,
    following: Sequence[Span],
    end: int,
    readings: Mapping[_Place, tuple[Span, ...]],
    residue: Sequence[_Place],
) -> Span | None:
    """Find what follows directly; benign words are passed over, and what only says how an accessory is: 地板|杀菌|清洁剂."""
    described = False
    for span in following:
        if span.start != end or end in passage.gaps:
            break
        several = readings.get((span.start, span.end), (span,))
        concepts = {reading.concept for reading in several if reading.kind == "tail"}
        accessory = _ACCESSORY in concepts and not _worked(passage.text, span)
        benign = not _BENIGN.isdisjoint(concepts) or span.kind == "color" or _asked_about(passage.text, span, several)
        if accessory or not (benign or (span.kind in _HOW and not concepts)):
            return _accessory(passage, span, described, residue) if accessory else _other(passage, span)
        described = described or not benign
        end = span.end
    if described:
        return None
    for start, stop in residue:
        if start == end and end not in passage.gaps:
            if passage.text[start:stop] in (*signs("purpose"), *signs("diminutive")):
                return None  # 免漆板|打|柜子 is what it is for, 绿管|子 is a 绿管
            return _farther(following, readings, stop) or Span(start, stop, "tail", "unknown", passage.text[start:stop])
    return None


def _place_at(start: int, following: Sequence[Span], readings: Mapping[_Place, tuple[Span, ...]]) -> bool:
    """Tell whether a room or another place begins there."""
    words = (readings.get(span[:2], (span,)) for span in following if span.start == start)
    return any(word.kind in _PLACES for several in words for word in several)


def _farther(following: Sequence[Span], readings: Mapping[_Place, tuple[Span, ...]], stop: int) -> Span | None:
    """Find the accessory that an unknown word says more of: 铝扣板|裁板|神器."""
    for span in following:
        if span.start == stop and len(span.surface) > 1:
            several = readings.get((span.start, span.end), (span,))
            if any(reading.kind == "tail" and reading.concept == _ACCESSORY for reading in several):
                return Span(span.start, span.end, "tail", _ACCESSORY, span.surface)
    return None


def _accessory(passage: Passage, span: Span, described: bool, residue: Sequence[_Place]) -> Span | None:
    """Make a tail of an accessory, with the unknown character that ends its name: 水管固定|架."""
    if described and span.end - span.start == 1:
        return None  # 花洒不锈钢头
    longer = any(start == span.end < stop and passage.text[start] in signs("tool") for start, stop in residue)
    end = span.end + longer
    return Span(span.start, end, "tail", _ACCESSORY, passage.text[span.start : end])


def _other(passage: Passage, span: Span) -> Span | None:
    """Make a tail of goods, of a thing of another trade or of a tool: 艺术漆|抛光刀."""
    if span.kind == "block" and span.end == len(passage.text) and span.surface[-1] in signs("tool"):
        return Span(span.start, span.end, "tail", _ACCESSORY, span.surface)
    if span.kind in GOODS:
        return Span(span.start, span.end, "tail", "product", span.surface)
    return Span(span.start, span.end, "tail", "other_goods", span.surface) if span.kind == "other_goods" else None
