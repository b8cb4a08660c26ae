"""What need not be any more: 星级无所谓, 牌子随便, 没有ENF也行, 不是黑色的也可以."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from handlers.understanding.interpretation import NOTHING_ASKED, Constraints
from handlers.understanding.word_tables import WORDS, rows

if TYPE_CHECKING:
    from handlers.understanding.reading import Reading

_DIMENSIONS = {
    "stars": ("stars", "min_stars"),
    "money": ("price_min", "price_max"),
    "size": ("size",),
    "grade": ("water_grade_max", "energy_grade_max"),
}
_WORDS = ("features", "scenes", "color", "formaldehyde", "size", "capacity", "title_words", "series", "brands")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


@cache
def _droppable() -> dict[str, tuple[str, ...]]:
    return {word: tuple(filters.split("|")) for word, filters in rows(WORDS / "droppable.tsv")}


def dropped_filters(reading: Reading) -> list[str]:
    """Return the filters that need not be any more: 星级无所谓, 牌子随便, 不一定要证了."""
    said = [reading.text[slice(*cue.groups["what"])] for cue in reading.cues.of("op.drop_what", "op.need_not")]
    return [name for word in said for name in _droppable().get(word, ())]


def without_dropped(merged: Constraints, reading: Reading) -> Constraints:
    """Take back what need not be: 不一定要三星, 没有遥控也行, 不是十八毫米的也行."""
    names = [name for dimension in reading.slots.dropped for name in _DIMENSIONS.get(dimension, ())]
    names += dropped_filters(reading)
    names = [name for name in names if not reading.slots.values.get(name)]  # 不要三星了,二星就行 asks for two
    changes: dict[str, Any] = {name: getattr(NOTHING_ASKED, name) for name in names}
    return merged.but(**{**_without_words(merged, reading), **changes})


def _without_words(merged: Constraints, reading: Reading) -> dict[str, Any]:
    """Return the conditions without the words that need not be; of an attribute its figure may be said alone: 不是305的也行."""
    if not reading.scope.dropped:
        return {}
    free = " ".join(reading.text[low:high] for low, high in reading.scope.dropped).lower()
    concepts = {word.concept for word in reading.found.spans if reading.scope.drops(word.start, word.end)}
    figures = {f"{q.value:f}" for q in reading.quantities if q.value and reading.scope.drops(q.start, q.end)}

    def wanted(value: str) -> bool:
        measured = figures and figures & set(_FIGURE.findall(value))
        return not (value in concepts or value.lower() in free or measured)

    changes: dict[str, Any] = {}
    for name in _WORDS:
        values = getattr(merged, name)
        kept = tuple(one for one in values if wanted(one))
        if len(kept) < len(values):
            changes[name] = kept
    attributes = {name: values for name, values in merged.attributes.items() if all(map(wanted, values))}
    return changes if len(attributes) == len(merged.attributes) else {**changes, "attributes": attributes}
