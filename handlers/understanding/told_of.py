"""What is told of goods behind them or with 的 before them: 马桶要智能的, 智能的马桶, 筒灯要吊顶的, 门锁要铝合金的."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from handlers.understanding.cues import WORK
from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.cues import Cue
    from handlers.understanding.filled import Slots
    from handlers.understanding.scope import Scope
    from handlers.understanding.spans import Span

WORKED = "worked"  # the part of a frame that is only worked on, and what it is filed under: the door of 门刷成红色
_LEAST = 2  # characters that tell a narrower kind


@cache
def described_things() -> frozenset[str]:
    """Return the works that are a thing told of by what it does: 感应灯 for 人来就亮的."""
    return frozenset(work for work, concept, *_ in rows(WORDS / "work_to_products.tsv") if work == concept)


def described_thing(text: str, works: Iterable[Cue]) -> Cue | None:
    """Return what tells of a thing by what it does, where that ends what was said: 挂窗子上|挡蚊虫的网子."""
    told = (cue for cue in works if cue.name.removeprefix(WORK) in described_things())
    return next((cue for cue in told if cue.end == len(text) or text[cue.end] in signs("clause_end")), None)


def beside_described(span: Span, text: str, works: Iterable[Cue]) -> bool:
    """Tell whether goods only say where a thing is that is told of by what it does, or are part of how it is told."""
    described = described_thing(text, works) if works else None
    if described is None or span.end > described.end:
        return False
    return not any(sign in text[span.end : described.start] for sign in signs("side_by_side"))


def worked_on(span: Span, works: Iterable[Cue]) -> bool:
    """Tell whether goods are only what is worked on: the door of 门刷成红色, which asks for paint."""
    parts = (cue.groups.get(WORKED) for cue in works)
    return any(part is not None and part[0] <= span.start and span.end <= part[1] for part in parts)


def likened(span: Span, slots: Slots, text: str, catalogue: Catalogue) -> bool:
    """Tell whether a word ends the text as what goods before it should be like, and take it so: 筒灯要吊顶的, 地漏要50管的."""
    before = next((one for one in reversed(slots.goods) if one.end <= span.start), None)
    if before is None or text[span.end :] not in signs("of"):
        return False
    if text[before.end : span.start].rstrip("0123456789") not in signs("shall_be"):
        return False
    said = text[span.start : span.end]
    if said in catalogue.vocabulary.scenes:
        slots.add("scenes", said, because=said)
        return True
    if said[:-1].isdigit():
        return True  # 地漏要75管的
    return any(said in value for values in slots.values.get("attributes", {}).values() for value in values)


def told_kind(
    span: Span, text: str, names: Callable[[Span], Mapping[str, Iterable[str]]], scope: Scope
) -> tuple[str, ...]:
    """Return the kinds whose names a word makes with the goods that it is told of: 智能 and 马桶; () when none does.

    `names`: tells those of the kinds under and beside that of the goods, by code.
    """
    if not [sign for sign in signs("of") if sign in text]:
        return ()
    said = text[span.start : span.end]
    begun = {
        code: name.removesuffix(said)
        for code, several in names(span).items()
        for name in several
        if name.endswith(said)
    }
    told = {code: word for code, word in begun.items() if len(word) >= _LEAST and _told(word, span, text, scope)}
    longest = max(map(len, told.values()), default=0)
    return tuple(code for code, word in told.items() if len(word) == longest)


def _told(word: str, span: Span, text: str, scope: Scope) -> bool:
    at = text.find(word)
    end = at + len(word)
    if at < 0 or scope.refuses(at, end) or scope.corrects(at, end):
        return False
    if end <= span.start:
        return text[end : span.start] in signs("of")
    linked = text[span.end : at] in signs("shall_be") or text[span.end : at] in ("", ",", " ")
    return span.end <= at and linked and text[end : end + 1] in signs("of")
