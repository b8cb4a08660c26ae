"""Why each condition is in force: the words behind it, or that it was said before. For the explanation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from handlers.context.conditions import in_force
from handlers.context.references import POINTERS
from handlers.context.superlatives import said_of
from handlers.rules.shapes import SORTS
from handlers.understanding.interpretation import NOTHING_ASKED

if TYPE_CHECKING:
    from handlers.understanding.interpretation import Constraints
    from handlers.understanding.reading import Reading

WHY = "why."  # what a reason that was worked out is filed under: other rooms look at what was said itself
KEPT = "kept"  # said earlier in the conversation, or known of the asker
_THROUGH: Mapping[str, tuple[str, ...]] = {  # a condition → the slots that it is made of
    "certified": ("schemes", "stars", "min_stars", "said_stars"),
    "stars": ("said_stars",),
    "price_min": ("budget", "money_said"),
    "price_max": ("budget", "money_said"),
    "budget": ("money_said",),
    "water_grade_max": ("grade",),
    "energy_grade_max": ("grade",),
    "formaldehyde": ("honest_formaldehyde", "formaldehyde_said"),
    "features": ("symptom",),
    "categories": ("wider", "symptom", "attributes", "features", "color"),
    "scenes": ("symptom",),
    "sort": ("wishes", "features"),
}
_CUES: Mapping[str, tuple[str, ...]] = {  # a condition → the cues that ask for it
    "certified": ("ask.cert", "cond.certified", "op.must", "op.only"),
    "stars": ("best.stars",),
    "min_stars": ("best.stars", "rel.morestars"),
    "sort": (*SORTS, "rel.cheaper", "rel.dearer"),
    "price_min": ("rel.dearer",),
    "price_max": ("rel.cheaper",),
    "formaldehyde": ("best.formaldehyde",),
    "origin": ("place.origin", "place.own_place", "place.own_province", "place.made_in"),
    "adcode": ("place.reach", "place.own_place"),
    "brands": ("op.same_brand",),
    "limit": ("want.limit",),
    "exclude_brands": ("op.others", "op.except_it"),
}
_FIGURED = (
    "size",
    "attributes",
    "price_min",
    "price_max",
    "capacity",
    "exclude_features",
)  # a bare number may stand behind these
_PLACED = ("adcode", "origin")


def reasons(reading: Reading, constraints: Constraints) -> dict[str, str]:
    """Return the words behind the slots, and under `WHY` + name those behind every other condition, `KEPT` where there are none."""
    known = dict(reading.slots.because)
    if constraints is NOTHING_ASKED:
        return known
    for name in (*in_force(constraints), *(("categories",) if constraints.categories else ())):
        if not known.get(name):
            known[f"{WHY}{name}"] = next((words for words in _words(reading, name, constraints) if words), KEPT)
    return known


def pointing_words(reading: Reading) -> str:
    """Return what named or pointed at the products of a question: their names and numbers, 第二个, 它, 最便宜的; "" for nothing said."""
    if not (reading.named or reading.codes or reading.cues.names):
        return ""
    said = [named.said for named in reading.named]
    said += [reading.normalised.said(code.start, code.end) for code in reading.codes if code.skus]
    if not said and reading.has(*POINTERS, *SORTS):
        cues = [cue for cue in reading.cues.found if cue.name in POINTERS] or reading.cues.of(*SORTS)
        said = [
            reading.text[c.start : c.end] for c in cues if not any(c.start > o.start and c.end <= o.end for o in cues)
        ]
    return ", ".join(dict.fromkeys(said))


def _words(reading: Reading, name: str, constraints: Constraints) -> Iterator[str]:
    """Yield what may stand behind a condition, the likeliest first."""
    because = reading.slots.because
    yield from (because.get(slot, "") for slot in _THROUGH.get(name, ()))
    yield from (reading.text[cue.start : cue.end] for cue in reading.cues.of(*_CUES.get(name, ())))
    if name == "attributes":
        yield from said_of(reading.text, constraints.attributes)
    if name in _FIGURED:
        yield from (reading.text[q.start : q.end] for q in reading.quantities if q.dimension == "number")
    if name in _PLACED:
        yield from (place.surface for place in reading.places)
