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
_ACCESSORY, _BENIGN = "accessory", "benign"
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
    if not any(span.kind in GOODS for span in spans):
        return tails
    foreign: Span | None = None  # the last word of another trade in the same breath
    for number, span in enumerate(spans):
        if number and not _same_breath(spans[number - 1], span, passage):
            foreign = None
        if any(reading.kind == "foreign" for reading in readings.get((span.start, span.end), (span,))):
            foreign = Span(span.start, span.end, "tail", "other_goods", span.surface)
        if span.kind in GOODS:
            tail = foreign or _owner(spans, number, owners, passage)
            tail = tail or _behind(passage, spans[number + 1 : number + 1 + _REACH], span.end, readings, residue)
            if tail is not None:
                tails[span.start, span.end] = tail
    return tails


def _same_breath(before: Span, span: Span, passage: Passage) -> bool:
    """Tell whether nothing but words stands between two words: 帕萨特后备箱|密封条; a question or a sign ends a breath."""
    return before.kind != "cue" and all(map(str.isalnum, passage.text[before.end : span.start]))


def _owner(spans: Sequence[Span], number: int, owners: AbstractSet[str], passage: Passage) -> Span | None:
    """Find the thing of another trade that stands directly before: 奶锅|把手."""
    before = spans[number - 1] if number else None
    if before is None or before.kind != "other_goods" or before.concept not in owners:
        return None
    if before.end != spans[number].start or before.end in passage.gaps:
        return None
    return Span(before.start, before.end, "tail", "other_goods", before.surface)


def _worked(text: str, span: Span) -> bool:
    """Tell whether a short word is what is done with the goods, over an area or so many times: 乳胶漆|刷80平, 墙漆刷三遍."""
    rest = text[span.end :]
    measured = rest.lstrip("0123456789." + "".join((*numerals().digits, *numerals().units)))
    return span.surface in signs("work_done") and measured != rest and measured.startswith(tuple(signs("worked")))


def _behind(
    passage: Passage,
    following: Sequence[Span],
    end: int,
    readings: Mapping[_Place, tuple[Span, ...]],
    residue: Sequence[_Place],
) -> Span | None:
    """Find what follows directly; benign words are passed over."""
    for span in following:
        if span.start != end or end in passage.gaps:
            break
        several = readings.get((span.start, span.end), (span,))
        concepts = {reading.concept for reading in several if reading.kind == "tail"}
        if _ACCESSORY in concepts and not _worked(passage.text, span):
            return Span(span.start, span.end, "tail", _ACCESSORY, span.surface)
        if _BENIGN in concepts or span.kind == "color":
            end = span.end
            continue
        if span.kind in GOODS:
            return Span(span.start, span.end, "tail", "product", span.surface)
        if span.kind == "other_goods":
            return Span(span.start, span.end, "tail", "other_goods", span.surface)
        return None
    for start, stop in residue:
        if start == end and end not in passage.gaps:
            return Span(start, stop, "tail", "unknown", passage.text[start:stop])
    return None
