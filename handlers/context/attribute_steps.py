"""Relative wishes that are no price: 厚一点的, 功率大点, 再亮一点, 大一点的. The words stand in `locales/zh_Hans_CN/attribute_steps.tsv`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from catalog_db.sizes import normalise
from handlers.context.counted import counted
from handlers.understanding.interpretation import Constraints
from handlers.understanding.measures import measure
from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Product
    from handlers.session import Session
    from handlers.understanding.reading import Reading

NO_FURTHER = "no_further"  # session.data: the words of wishes that found nothing beyond what was listed
WENT_BY = "went_by"  # session.data: words of wishes, and the fields that answered them by another name
_COLUMNS = ("size", "capacity")
_GOODS = ("category", "product", "kind")  # kinds of words that a wish may stand behind: 地砖大一点
_SIDE = "side"  # the first side of a size
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Step:
    """A wish said: its words and where they stand, the word of the direction, and the fields that may answer it."""

    said: str
    start: int
    end: int
    word: str
    fields: tuple[str, ...]
    most: bool
    named: bool  # a name of the field itself, so that nothing need be told


@cache
def _table() -> dict[str, list[tuple[str, str, str]]]:
    table: dict[str, list[tuple[str, str, str]]] = {}
    for word, field, end, said in rows(WORDS / "attribute_steps.tsv"):
        table.setdefault(word, []).append((field, end, said))
    return table


def steps_said(reading: Reading) -> tuple[Step, ...]:
    """Return the relative wishes of an utterance; none where another word takes them: 声音小一点的."""
    found: dict[str, Step] = {}
    for cue in reading.cues.of("rel.step"):
        word = reading.text[slice(*cue.groups["what"])]
        of = reading.text[slice(*cue.groups["of"])] if "of" in cue.groups else ""
        if of or _free(reading, cue.start):
            found.setdefault(of or word, _step(reading, cue.start, cue.end, word, of))
    plain = reading.cues.first("rel.bigger", "rel.smaller")
    if plain is not None and not reading.has("rel.step"):
        word = next(iter(signs(plain.name.removeprefix("rel."))))
        return (_step(reading, plain.start, plain.end, word, ""),)
    return tuple(found.values())


def _step(reading: Reading, start: int, end: int, word: str, of: str) -> Step:
    known = _table()
    fields = tuple(field for field, _, _ in known.get(of or word, ()) if field)
    most = any(way == "most" for _, way, _ in known[word])
    named = not any(said for _, _, said in known[of or word])
    return Step(reading.text[start:end], start, end, word, fields, most, named)


def _free(reading: Reading, start: int) -> bool:
    """Tell whether a wish stands by itself or behind goods, not behind a word that it speaks of: 声音|小一点."""
    if start == 0 or any(span.end == start and span.kind in _GOODS for span in reading.found.spans):
        return True
    return reading.text[:start].endswith(tuple(signs("before_step")))


def heeds(constraints: Constraints, step: Step) -> bool:
    """Tell whether the constraints answer a wish."""
    return any(bool(_held_already(constraints, field)) for field in step.fields)


def stepped(merged: Constraints, reading: Reading, session: Session, catalogue: Catalogue) -> Constraints:
    """Ask for what lies beyond the running goods in the way wished; of another kind, for its upper or lower half.

    Unchanged where no such wish is said, or no field of the goods tells it apart.
    """
    session.data[NO_FURTHER], session.data[WENT_BY] = [], []
    for step in steps_said(reading) if merged.categories else ():
        if "size" in step.fields and _told_behind(reading, step):
            continue
        merged = _stepped(merged, step, session, catalogue)
    return merged


def _told_behind(reading: Reading, step: Step) -> bool:
    """Tell whether the size itself is told behind the wish: 大点儿的浴室柜,一米的."""
    told = reading.slots.because.get("size", "") if reading.slots.values.get("size") else ""
    return bool(told) and reading.text.find(told) >= step.end


def _stepped(merged: Constraints, step: Step, session: Session, catalogue: Catalogue) -> Constraints:
    family = catalogue.under(merged.categories)
    looked_at = session.topic.focus if session.intent in ("detail", "verify") and len(session.topic.focus) == 1 else ()
    beside = [p for p in catalogue.products(list(looked_at or session.topic.listed)) if p.category in family]
    alike: tuple[str, tuple[str, ...]] | None = None  # a field that all of them have alike
    for field in step.fields:
        said = _held_already(merged, field) if beside else ()
        own = said or tuple(value for product in beside if (value := _value(product, field)))
        wanted = None if beside and not own else _wanted(merged, field, own, step, catalogue)
        alike = alike or ((field, tuple(dict.fromkeys(own))) if own else None)
        if wanted is not None:
            values, further = wanted
            session.data[NO_FURTHER] += [] if further else [step.word]
            session.data[WENT_BY] += [] if step.named else [[step.word, field]]
            return _with(merged, field, values)
    session.data[NO_FURTHER] += [step.word] if alike else []
    return _with(merged, *alike) if alike else merged


def _wanted(
    merged: Constraints, field: str, own: Sequence[str], step: Step, catalogue: Catalogue
) -> tuple[tuple[str, ...], bool] | None:
    """Return the values wished and whether they lie beyond the goods at hand; None where the field tells nothing apart."""
    held = {value: figure for value in _known(field, catalogue) if (figure := _figure(value, field)) is not None}
    held = {value: held[value] for value in _held(merged, field, tuple(held), catalogue)}
    sign = 1 if step.most else -1
    figures = sorted(sign * figure for figure in set(held.values()))
    known = [sign * figure for value in own if (figure := _figure(value, field)) is not None]
    if len(figures) < 2:
        return None
    if not known:
        least = figures[(len(figures) + 1) // 2]  # of another kind: its upper half
        return _from(held, sign, least, field), True
    beyond = [figure for figure in figures if figure > max(known)]
    return _from(held, sign, (beyond or figures[-1:])[0], field), bool(beyond)


def _from(held: dict[str, float], sign: int, least: float, field: str) -> tuple[str, ...]:
    """Return the values from a figure on, the nearest first; of a capacity the next one alone, as often as it is written."""
    found = sorted((value for value in held if sign * held[value] >= least), key=lambda value: sign * held[value])
    return tuple(value for value in found if field != "capacity" or sign * held[value] == least)


def _with(merged: Constraints, field: str, values: tuple[str, ...]) -> Constraints:
    if field == _SIDE:
        field = "size"
    if field in _COLUMNS:
        return merged.but(**{field: values})
    return merged.but(attributes={**merged.attributes, field: values})


def _held_already(merged: Constraints, field: str) -> tuple[str, ...]:
    if field == _SIDE:
        field = "size"
    return getattr(merged, field) if field in _COLUMNS else merged.attributes.get(field, ())


def _held(merged: Constraints, field: str, values: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    """Return the values with which the constraints still find something."""
    kind = Constraints(categories=merged.categories)
    own = [value for value in values if counted(catalogue, _with(kind, field, (value,)))]
    return tuple(value for value in own if counted(catalogue, _with(merged, field, (value,))))


def _known(field: str, catalogue: Catalogue) -> tuple[str, ...]:
    words = catalogue.vocabulary
    if field in ("size", _SIDE):
        return tuple(words.sizes)
    return tuple(words.capacities) if field == "capacity" else tuple(words.attributes.get(field, ()))


def _value(product: Product, field: str) -> str:
    if field in ("size", _SIDE):
        return product.size or ""
    return (product.capacity or "") if field == "capacity" else product.attributes.get(field, "")


def _figure(value: str, field: str) -> float | None:
    """Return how much a value says: kilograms or litres of a capacity, the area of a size, else its first figure (5+12A+5: all)."""
    if field in ("capacity", _SIDE):
        amount = measure(value)
        return None if amount is None else float(amount)
    figures = [float(found) for found in _NUMBER.findall(normalise(value) if field == "size" else value)]
    if not figures:
        return None
    if field == "size":
        return figures[0] * (figures[1] if len(figures) > 1 else 1)
    return sum(figures) if "+" in value else figures[0]
