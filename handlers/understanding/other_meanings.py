"""What a word of ours means in some mouths: 砖 are tiles as a rule, bricks to whoever builds a wall."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.binding import Binding
    from handlers.understanding.reading import Reader, Reading

_TELLING = frozenset({"room", "scene", "work", "symptom", "feature"})


def alternatives(reading: Reading, reader: Reader, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """Return what else an utterance may ask for: category codes joined by |, and the name of what they are."""
    if not (reading.found.alternatives or reading.found.guesses or reading.slots.goods):
        return ()
    result = []
    guesses = () if reading.slots.goods else reading.found.guesses
    for span in (*reading.found.alternatives, *guesses):
        codes = reader.slots.codes(span) if span.kind in ("category", "product") else ()
        if codes:
            result.append(("|".join(codes), span.surface))
    result += [(code, catalogue.categories[code].name) for code in _in_other_mouths(reading, reader.binding)[:1]]
    return tuple(dict.fromkeys(result))


def meant_beside(word: str, text: str, binding: Binding) -> tuple[str, ...]:
    """Return the category codes that a product word means beside what is said of it, () as a rule: 砖 of which a sty is built."""
    if word not in _beside():
        return ()
    concepts = [concept for concept, role in _beside()[word] if any(sign in text for sign in signs(role))]
    return next((codes for concept in concepts if (codes := binding.codes.get(concept, ()))), ())


def _in_other_mouths(reading: Reading, binding: Binding) -> tuple[str, ...]:
    """Return the category codes that the only product word of an utterance means to others, () when its use tells it apart."""
    slots = reading.slots
    concept = _meanings().get(slots.goods[0].surface) if len(slots.goods) == 1 else None
    if concept is None or any(span.kind in _TELLING for span in reading.found.spans):
        return ()
    codes = binding.codes.get(concept, ())
    chosen = slots.values.get("categories", ())
    return codes if len(chosen) == 1 and not set(codes) & set(chosen) else ()


@cache
def _meanings() -> Mapping[str, str]:
    return {word: concept for word, concept, *_ in rows(WORDS / "other_meanings.tsv")}


@cache
def _beside() -> Mapping[str, tuple[tuple[str, str], ...]]:
    told: dict[str, tuple[tuple[str, str], ...]] = {}
    for word, concept, *role in rows(WORDS / "other_meanings.tsv"):
        if role and role[0]:
            told[word] = (*told.get(word, ()), (concept, role[0]))
    return told
