"""A wider word said short for what is being looked for: 涂料 after 防水涂料 is that one, not every paint."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.context.kind_attributes import all_names
from handlers.context.topics import BACK
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.session import Session
    from handlers.understanding.reading import Reading
    from handlers.understanding.slots import SlotReader

_LEAST = 2  # characters of a word that may stand for a longer name: 漆 alone is every paint
_SHORT = 12  # characters of what is said; more names things in full


def as_short_name(reading: Reading, session: Session, slot_reader: SlotReader, catalogue: Catalogue) -> Reading:
    """Read a goods word with which a running kind's name ends as that kind; 那涂料呢 asks for another one."""
    running, said = session.topic.constraints.categories, reading.slots.values.get("categories", ())
    if not running or not said or len(reading.text) > _SHORT or reading.has("op.switch", *BACK):
        return reading
    meant: dict[str, str] = {}
    for span in reading.slots.goods:
        word, codes = reading.text[span.start : span.end], slot_reader.codes(span)
        among = [code for code in running if code in catalogue.under(codes)]
        if 0 < len(among) < len(running):  # 那就漆 after a comparison of paper and paint
            meant |= dict.fromkeys(codes, among[0])
        if len(word) < _LEAST or among or _another(reading.text, span.start, span.end):
            continue
        kind = next((code for code in running if any(_ends(name, word) for name in all_names(code, catalogue))), None)
        meant |= dict.fromkeys(codes, kind) if kind else {}
    if not meant:
        return reading
    values = {**reading.slots.values, "categories": tuple(dict.fromkeys(meant.get(code, code) for code in said))}
    return replace(reading, slots=replace(reading.slots, values=values))


def _another(text: str, start: int, end: int) -> bool:
    """Tell whether a word is said of another kind than the running one: 那普通马桶呢,也不要黑的 after 智能马桶."""
    switched = any(text.startswith(sign, end) for sign in signs("switched"))
    return switched or text[:start].endswith(tuple(signs("plain_kind")))


def _ends(name: str, word: str) -> bool:
    return name.endswith(word) and name != word
