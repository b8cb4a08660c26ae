"""Words of ours that fill nothing where they stand, but are said of the goods: 真空管的热水器, 大单槽的水槽, 五匹的空气能.

Such a word asks for the titles that have it, where some of the kind have it and others do not. A word that names other goods of
the catalogue (瓷砖用的胶) says what they are for, and is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from handlers.context.counted import counted
from handlers.understanding.entries import GOODS
from handlers.understanding.interpretation import Constraints
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading
    from handlers.understanding.spans import Span

_LEAST = 2  # characters of a word that tells something


def idle_words(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> list[str]:
    """Return the words said of the goods that nothing heeds and that tell some of the kind from the others."""
    words = dict.fromkeys((*_told_of_goods(reading, catalogue, values), *_measures(reading)))
    if not words:
        return []
    kind = Constraints(categories=values["categories"])
    total = counted(catalogue, kind)
    return [word for word in words if 0 < counted(catalogue, kind.but(title_words=(word,))) < total]


def _told_of_goods(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> Iterator[str]:
    goods = reading.slots.goods
    if not goods or not (goods[1:] or reading.found.guesses or reading.crumbs):
        return
    head = goods[-1]
    materials = [span for span in reading.found.spans if span.kind == "material"] if reading.crumbs else []
    guesses = [span for span in reading.found.guesses if span.kind in GOODS]
    for span in (*goods[:-1], *guesses, *materials):
        end = span.end - 1 if span.surface[-1] in signs("of") else span.end
        word = reading.text[_start(reading, span) : end]
        refused = reading.scope.refuses(span.start, span.end) or reading.scope.corrects(span.start, span.end)
        if refused or len(word) < _LEAST or not _beside(reading.text, span.start, end, head):
            continue
        if not (word in reading.slots.composed or _names_others(word, catalogue, values["categories"])):
            yield word


def _start(reading: Reading, span: Span) -> int:
    """Return where a word begins with the single character before it that nothing explains: 铸|铝, 大|单槽."""
    return span.start - 1 if (span.start - 1, span.start) in reading.found.residue else span.start


def _beside(text: str, start: int, end: int, head: Span) -> bool:
    """Tell whether a word is told of goods: right before them with 的 or 用的 between, or behind them as what they shall be."""
    if end <= head.start:
        return text[end : head.start] in signs("told_before")
    behind = text[end : end + 1]
    return head.end <= start and text[head.end : start] in signs("shall_be") and behind in ("", *signs("of"))


def _names_others(word: str, catalogue: Catalogue, categories: tuple[str, ...]) -> bool:
    """Tell whether a word stands in the name of a kind that is not asked for."""
    others = (category for code, category in catalogue.categories.items() if code not in categories)
    return any(word in name for category in others for name in (category.name, *category.synonyms))


def _measures(reading: Reading) -> Iterator[str]:
    """Yield figures in a unit that is none of ours, as titles write them: 5匹 of 五匹的空气能."""
    for amount in reading.quantities:
        if amount.dimension == "number" and amount.unit and amount.value is not None:
            yield f"{amount.value.normalize():f}{amount.unit}"
