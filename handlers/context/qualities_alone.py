"""A word that is a kind of goods and a quality as well, said alone with 的: 防水的 after 灯 wants lamps that are waterproof."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from handlers.context.counted import counted
from handlers.context.followup import wanted_words
from handlers.understanding.interpretation import Constraints
from handlers.understanding.light import family_in
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.session import Session
    from handlers.understanding.reading import Reading
    from handlers.understanding.slots import SlotReader

_BEFORE = 2  # characters before the word: 要|防水的, 那|太阳能的
_BEHIND = 4  # characters behind it: 的有没有
_QUALITIES = ("feature", "color", "material")
_LEAST = 2  # characters of a word that may be part of an attribute's value


def as_quality(reading: Reading, session: Session, slot_reader: SlotReader, catalogue: Catalogue) -> Reading:
    """Read the only goods named as a quality of the running goods, where those have it; else return the reading as it is."""
    running = session.topic.constraints.categories
    if not (running or reading.cues.found):
        return reading
    reading = _shaded(reading, catalogue)
    if told := _having(reading, running, catalogue):
        return replace(_with_values(reading, {**told, "wishes": ()}), residue=())
    goods = reading.slots.goods
    if not running or len(goods) != 1 or reading.slots.symptoms:
        return reading
    word, behind = reading.text[goods[0].start : goods[0].end], reading.text[goods[0].end :]
    first = goods[0].start <= _BEFORE or _other_qualities(reading, goods[0].start)
    alone = first and len(behind) <= _BEHIND and behind.startswith(tuple(signs("of")))
    alone = alone or (not behind and goods[0].start == 0 and word in catalogue.vocabulary.features)  # 防水 after 插座
    said = reading.slots.values.get("categories", ())
    if not alone or not said or set(said) & catalogue.under(running):
        return reading
    if composed := slot_reader.compose_with(reading.text, running, wanted_words(reading)):
        return _with_values(reading, {"categories": composed})
    told = _told_by(word, running, catalogue)
    return _with_values(reading, told) if told else reading


def _other_qualities(reading: Reading, end: int) -> bool:
    """Tell whether nothing but other qualities stands before a word: 隔音的|保温的都要."""
    told = [span for span in reading.found.spans if span.kind in _QUALITIES and span.end <= end]
    left = [char for at, char in enumerate(reading.text[:end]) if not any(s.start <= at < s.end for s in told)]
    return bool(told) and set(left) <= {",", *signs("of"), *signs("link"), *signs("also_wanted")}


def _having(reading: Reading, running: tuple[str, ...], catalogue: Catalogue) -> dict[str, Any]:
    """Read 含灯杆的 as the attribute of the running goods that says so (含6米灯杆), never as 不含灯杆."""
    cue = reading.cues.first("op.wish")
    wish = reading.text[slice(*cue.groups["wish"])] if cue and running else ""
    if wish[:1] not in signs("having") or len(wish) <= _LEAST or reading.slots.values.get("attributes"):
        return {}
    for name, values in catalogue.vocabulary.attributes.items():
        told = tuple(value for value in values if value[:1] in signs("having") and value.endswith(wish[1:]))
        if told and _held(catalogue, running, attributes={name: told}):
            return {"attributes": {name: told}}
    return {}


def _shaded(reading: Reading, catalogue: Catalogue) -> Reading:
    """Read 灰一点的 as the colour that some goods have; 浅的 is any light colour, 深了要浅的 no dark one."""
    other, cue = reading.cues.first("rel.other_shade"), reading.cues.first("rel.shade")
    cue = other or cue
    if cue is None or (other is None and reading.slots.values.get("color")):
        return reading
    word, colors = reading.text[slice(*cue.groups["what"])], catalogue.vocabulary.colors
    known = family_in(f"{word}{next(iter(signs('color_end')))}", colors) or [word]
    if not any(one in color for one in known for color in colors):
        return reading
    slots = replace(reading.slots, values={**reading.slots.values, "color": tuple(known)})
    residue = tuple(one for one in reading.residue if word not in one)
    return replace(reading, slots=slots, residue=residue)


def _told_by(word: str, running: tuple[str, ...], catalogue: Catalogue) -> dict[str, Any]:
    """Return the property or the attribute of the running goods that a word names, its last character or two left out at need."""
    if word in catalogue.vocabulary.features and _held(catalogue, running, features=(word,)):
        return {"features": (word,)}
    for size in range(len(word), max(_LEAST, len(word) - 2) - 1, -1):
        for name, values in catalogue.vocabulary.attributes.items():
            told = tuple(value for value in values if word[:size] in value)
            if told and _held(catalogue, running, attributes={name: told}):
                return {"attributes": {name: told}}
    return {}


def _held(catalogue: Catalogue, running: tuple[str, ...], **quality: Any) -> bool:
    return bool(counted(catalogue, Constraints(categories=running, **quality)))


def _with_values(reading: Reading, told: dict[str, Any]) -> Reading:
    values = {name: value for name, value in reading.slots.values.items() if name not in ("categories", "wider")}
    if features := told.get("features"):
        told = {**told, "features": tuple(dict.fromkeys((*values.get("features", ()), *features)))}
    slots = replace(reading.slots, values={**values, **told}, goods=[])
    return replace(reading, slots=slots)
