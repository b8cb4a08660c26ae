"""Other ways to say the properties of one catalogue: 好打磨 for its 易打磨, 挂墙上 where titles say 壁挂."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from handlers.understanding.entries import LexiconEntry
from handlers.understanding.normalise import folded
from handlers.understanding.value_forms import forms_of_written
from handlers.understanding.word_tables import WORDS, rows

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

_TWO = 2


def other_forms(catalogue: Catalogue, taken: set[str]) -> list[LexiconEntry]:
    """Return other ways to say the catalogue's properties, where they are no words yet: 好打磨 for 易打磨, 不怕潮 for 防潮.

    The published lists have other names too: 第一批 for 首批.
    """
    forms: dict[tuple[str, str], str] = {}
    words = [(word, "feature") for word in catalogue.vocabulary.features]
    words += [(word, "batch") for word in catalogue.vocabulary.batches]
    for (own, kind), (place, written, said, but) in product(words, rows(WORDS / "feature_forms.tsv")):
        if (place == "batch") != (kind == "batch"):
            continue
        word, ends = folded(own), place == "ends"
        rest = word.removesuffix(written) if ends else word.removeprefix(written)
        if rest == word or not rest or rest in but:
            continue
        for other in said.split("|"):
            forms.setdefault((rest + other if ends else other + rest, kind), own)
    return [
        LexiconEntry(form, kind, word)
        for (form, kind), word in forms.items()
        if form not in taken and len(form) > (1 if kind == "batch" else _TWO)
    ]


def forms_of_values(catalogue: Catalogue, taken: set[str]) -> list[LexiconEntry]:
    """Return what people say for values that no attribute of the catalogue holds: its properties or titles may (带盖的, 挂墙上)."""
    values = {folded(value) for several in catalogue.vocabulary.attributes.values() for value in several}
    features = sorted(catalogue.vocabulary.features, key=len)
    entries: dict[str, LexiconEntry] = {}
    forms = forms_of_written()
    held = {form for form in forms if any(form.held.search(value) for value in values)}
    taken = taken.union(*(form.said for form in held))  # the scanner of attributes knows those
    for form in forms:
        if form in held:
            continue
        own = next((feature for feature in features if form.held.search(folded(feature))), form.word)
        for said in form.said:
            if said not in taken and len(said) >= _TWO:
                entries.setdefault(said, LexiconEntry(said, "feature", own))
    return list(entries.values())
