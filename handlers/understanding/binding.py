"""Bind the words of the trade to one catalogue: which category a product word means there, and which it lacks.

A catalogue names its categories as it likes. A concept of ours (坐便器) is bound to the categories whose name or synonyms
are among the concept's surfaces; a narrower kind (连体马桶) to the category of the concept above it; a building material
without any is known to be absent, which is another answer than not being understood.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from handlers.understanding.lexicon import LexiconEntry
from handlers.understanding.normalise import folded
from handlers.understanding.property_forms import forms_of_values, other_forms
from handlers.understanding.used_for import with_uses
from handlers.understanding.variety_words import VarietyWords, variety_words
from handlers.understanding.word_tables import WORDS, rows

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Category

_QUALITIES = frozenset({"feature", "scene"})  # of which a catalogue's own words count before ours
# the concept of features.tsv that no product satisfies: the best grade is the honest reading
FORMALDEHYDE_FREE = "无甲醛"
_TWO_WORDS = 4  # characters


@dataclass(frozen=True, slots=True)
class Concept:
    """A kind of thing people ask for. scope: building (of our trade) or other."""

    name: str
    parent: str
    scope: str


@dataclass(frozen=True, slots=True)
class Binding:
    """What the concepts mean in one catalogue.

    `codes`: concept → category codes. `wider`: an unbound concept → the codes of the nearest bound concept above it.
    `compositions`: modifier word → (head word, category codes).
    """

    concepts: Mapping[str, Concept]
    codes: Mapping[str, tuple[str, ...]]
    wider: Mapping[str, tuple[str, ...]]
    compositions: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]
    symptoms: Mapping[str, tuple[str, ...]]  # symptom → category codes in order of use
    remedies: Mapping[str, str]  # symptom → the kind that helps first, bound or not
    kin: Mapping[
        str, tuple[str, ...]
    ]  # word → codes of narrower kinds that the catalogue keeps beside what it is bound to
    lacking: Mapping[
        str, tuple[tuple[str, str], ...]
    ]  # head → (modifier, unbound concept that both name), longest first
    varieties: VarietyWords
    alike: Mapping[str, tuple[str, ...]]  # feature of the catalogue → those of the same meaning: 隔音 and 静音

    def helping(self, troubles: Collection[str]) -> tuple[str, ...]:
        """Return the codes of what helps against troubles, in the order of use."""
        if not troubles:
            return ()  # most often
        return tuple(dict.fromkeys(code for trouble in troubles for code in self.symptoms.get(trouble, ())))


def bind(catalogue: Catalogue, entries: Iterable[LexiconEntry]) -> tuple[Binding, list[LexiconEntry]]:
    """Return the binding and the lexicon entries for a catalogue: ours, bound, and the catalogue's own names."""
    entries = list(entries)
    concepts = {name: Concept(name, parent, scope) for name, parent, scope, *_ in rows(WORDS / "concepts.tsv")}
    surfaces: dict[str, set[str]] = {name: {folded(name)} for name in concepts}
    for entry in entries:
        if entry.kind == "product" and entry.tier == "sure":
            if entry.concept not in surfaces:
                surfaces[entry.concept] = {folded(entry.concept)}
            surfaces[entry.concept].add(entry.surface)
    codes = _codes(catalogue, surfaces, concepts)
    through = _narrower(concepts, codes)
    wider = {name: _wider(name, concepts, codes) for name in surfaces if name not in codes}
    binding = Binding(
        concepts,
        codes,
        wider,
        with_uses(_compositions(codes), catalogue, codes, surfaces),
        _symptoms(codes),
        _remedies(),
        _kin(catalogue, concepts, codes, surfaces),
        _lacking(codes),
        variety_words(catalogue, {one.name: one.parent for one in concepts.values()}, codes, surfaces),
        _alike(catalogue, entries),
    )
    taken = {folded(name) for category in catalogue.categories.values() for name in (category.name, *category.synonyms)}
    spoken = {entry.surface: entry.region for entry in entries if entry.kind == "product" and entry.region}
    own = [
        replace(entry, region=spoken.get(entry.surface, "")) if entry.kind == "category" else entry
        for entry in _own_entries(catalogue)
    ]
    own = [_own_sense(catalogue, entry, surfaces, codes) for entry in own]
    own += _short_colors(catalogue, {entry.surface for entry in (*entries, *own)})
    own += other_forms(catalogue, {entry.surface for entry in (*entries, *own)})
    own += forms_of_values(catalogue, {entry.surface for entry in (*entries, *own)})
    bound = [bound for entry in entries if (bound := _bound(entry, binding, through, taken)) is not None]
    return binding, [*_own_qualities(bound, own), *own]


def _alike(catalogue: Catalogue, entries: Iterable[LexiconEntry]) -> dict[str, tuple[str, ...]]:
    """Return for each property of the catalogue the others of it that our words take for the same."""
    own = {folded(word): word for word in catalogue.vocabulary.features}
    named = {entry.surface: entry.concept for entry in entries if entry.kind == "feature"}
    meant = {word: concept for word in own if (concept := _begun_with(word, named))}  # 防蚊 of 防蚊纱网
    meant |= {word: word for word in own if word in meant.values()}
    groups: dict[str, list[str]] = {}
    for surface, concept in meant.items():
        groups.setdefault(concept, []).append(own[surface])
    return {word: tuple(o for o in group if o != word) for group in groups.values() for word in group if group[1:]}


def _begun_with(word: str, named: Mapping[str, str]) -> str:
    """Return what the longest of our words for a property means that a catalogue's begins with, "" for none."""
    begun = (word[:size] for size in range(len(word), 1, -1))
    return next((named[one] for one in begun if one in named), "")


def _own_sense(
    catalogue: Catalogue, entry: LexiconEntry, surfaces: Mapping[str, set[str]], codes: Mapping[str, tuple[str, ...]]
) -> LexiconEntry:
    """Read a word of one character that a broad kind has as one of its names for the narrower one that it is: 窗 of 门窗."""
    if entry.kind != "category" or len(entry.surface) > 1:
        return entry
    under = catalogue.under(entry.concept.split("|"))
    for concept, words in surfaces.items():
        own = codes.get(concept, ())
        if entry.surface in words and own and set(own) < under and not set(own) & set(entry.concept.split("|")):
            return replace(entry, concept="|".join(own))
    return entry


def _short_colors(catalogue: Catalogue, taken: set[str]) -> list[LexiconEntry]:
    """Return the catalogue's colours without 色, where that is no other word: 木纹 for 木纹色."""
    short = {word: folded(word).removesuffix("色") for word in catalogue.vocabulary.colors}
    return [
        LexiconEntry(said, "color", word)
        for word, said in short.items()
        if said != folded(word) and len(said) > 1 and said not in taken
    ]


def _own_qualities(entries: Sequence[LexiconEntry], own: Sequence[LexiconEntry]) -> Iterator[LexiconEntry]:
    """Yield the words as this catalogue has them: one that it explains itself is left out; a property that it calls by another word
    of ours (防冻 where we say 抗冻) stands for that.
    """
    known = {(entry.surface, entry.kind) for entry in own if entry.kind in _QUALITIES}
    named = {
        entry.surface: entry.concept for entry in own if entry.kind == "feature"
    }  # a taught word stands for its own
    called: dict[str, str] = {}
    for entry in entries:
        differs = entry.surface in named and entry.concept not in named and entry.concept != FORMALDEHYDE_FREE
        if entry.kind == "feature" and differs:
            called.setdefault(entry.concept, named[entry.surface])
    broader = {entry.surface: entry.concept for entry in entries if entry.kind == "feature"}
    called |= {word: named[concept] for word, concept in broader.items() if word not in named and concept in named}
    for entry in entries:
        if (entry.surface, entry.kind) not in known or entry.tier == "ask":
            other = called.get(entry.concept, "") if entry.kind == "feature" else ""
            yield replace(entry, concept=other) if other else entry


def _codes(
    catalogue: Catalogue, surfaces: Mapping[str, set[str]], concepts: Mapping[str, Concept]
) -> dict[str, tuple[str, ...]]:
    """Bind each concept to the categories that bear its name, else one of its surfaces as a name, else as a synonym."""
    by_surface: dict[str, list[str]] = {}
    for concept, words in surfaces.items():
        for word in words:
            by_surface.setdefault(word, []).append(concept)
    named: dict[str, list[str]] = {}
    called: dict[str, list[str]] = {}
    exact: dict[str, list[str]] = {}
    for category in catalogue.categories.values():
        for word in dict.fromkeys(map(folded, (category.name, *category.synonyms))):
            exact.setdefault(word, []).append(category.code)
        for concept in by_surface.get(folded(category.name), ()):
            named.setdefault(concept, []).append(category.code)
        for synonym in category.synonyms:
            for concept in by_surface.get(folded(synonym), ()):
                called.setdefault(concept, []).append(category.code)
    result = {}
    for concept in surfaces:
        own = by_surface.get(folded(concept), [])
        found = exact.get(folded(concept)) or named.get(concept) or called.get(concept)
        if found and concept in own:
            result[concept] = _outermost(catalogue, found)
    return result


def _outermost(catalogue: Catalogue, codes: Iterable[str]) -> tuple[str, ...]:
    """Drop the codes that stand under another one of them."""
    unique = tuple(dict.fromkeys(codes))
    return tuple(
        code for code in unique if not any(code != other and code in catalogue.under([other]) for other in unique)
    )


def _wider(name: str, concepts: Mapping[str, Concept], codes: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    seen = set()
    while name in concepts and name not in seen:
        seen.add(name)
        name = concepts[name].parent
        if name in codes:
            return codes[name]
    return ()


def _narrower(concepts: Mapping[str, Concept], codes: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Bind a concept without a category of its own to those of the kinds right below it: 热水器 where only 太阳能热水器 is."""
    result: dict[str, tuple[str, ...]] = {}
    for concept in concepts.values():
        if concept.name in codes and concept.parent in concepts and concept.parent not in codes:
            result[concept.parent] = tuple(dict.fromkeys((*result.get(concept.parent, ()), *codes[concept.name])))
    return result


def _kin(
    catalogue: Catalogue,
    concepts: Mapping[str, Concept],
    codes: Mapping[str, tuple[str, ...]],
    surfaces: Mapping[str, set[str]],
) -> dict[str, tuple[str, ...]]:
    """Note, for the words of a wide kind, the narrower kinds beside its category: 智能马桶 for 马桶, none for 连体马桶."""
    result: dict[str, tuple[str, ...]] = {}
    for concept in concepts.values():
        if concept.name not in codes or concept.parent not in codes:
            continue
        wide = set().union(*(catalogue.under([code]) for code in codes[concept.parent]))
        beside = tuple(own for own in codes[concept.name] if own not in wide)
        if beside and not any(set(codes[concept.parent]) & catalogue.under([own]) for own in beside):
            for word in surfaces[concept.parent]:
                named = [code for code in beside if _named_for(catalogue.categories[code], word)]
                if named:
                    result[word] = tuple(dict.fromkeys((*result.get(word, ()), *named)))
    return result


def _named_for(category: Category, word: str) -> bool:
    """Tell whether a category's name is a word with something before it: 智能马桶 is for 马桶."""
    return len(word) > 1 and any(name.endswith(word) and name != word for name in _names(category))


def _bound(
    entry: LexiconEntry, binding: Binding, through: Mapping[str, tuple[str, ...]], taken: set[str]
) -> LexiconEntry | None:
    """Turn a product word into the category that it is here; what is not bound stays a product word of ours.

    A concept known only by the kinds below it lends them its own name alone: 热水器 is what there is, 电热水器 is not.
    """
    if entry.kind != "product":
        return entry
    if entry.surface in taken:
        return None  # the catalogue says itself what this word means
    codes = binding.codes.get(entry.concept) or (through.get(entry.concept) if entry.surface == entry.concept else None)
    return replace(entry, kind="category", concept="|".join(codes)) if codes else entry


def _own_entries(catalogue: Catalogue) -> list[LexiconEntry]:
    """Make entries of the names that the catalogue gives to its categories, brands, makers and qualities."""
    entries: dict[tuple[str, str, str], LexiconEntry] = {}
    for surface, kind, concept in _own_words(catalogue):
        word = folded(surface)
        if word and (len(word) > 1 or kind == "category"):
            entries.setdefault((word, kind, concept), LexiconEntry(word, kind, concept))
    return list(entries.values())


def _own_words(catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """Yield (surface, kind, concept) of everything that the catalogue names."""
    for word, codes in _category_words(catalogue).items():
        yield word, "category", "|".join(_outermost(catalogue, codes))
    for brand in catalogue.brands.values():
        yield from ((name, "brand", brand.id) for name in (brand.name, *brand.aliases))
    goods = {name for category in catalogue.categories.values() for name in (category.name, *category.synonyms)}
    for enterprise in catalogue.enterprises.values():
        makes = [brand.name for brand in catalogue.brands_of_enterprise(enterprise.id)]
        short = enterprise.short_name or ""
        rests = [short.removeprefix(brand) for brand in makes if short.startswith(brand) and short != brand]
        if any(kind.startswith(rest) for rest in rests for kind in goods):
            short = ""  # 橡里地板 is the floors of 橡里 to whoever asks; the brand leads to the maker as well
        yield from ((name, "enterprise", enterprise.id) for name in (enterprise.name, short))
    for kind, words in _qualities(catalogue):
        yield from ((word, kind, word) for word in words)
    for word in catalogue.vocabulary.features:
        if len(word) == _TWO_WORDS:  # 座圈加热 is said 加热座圈 as well
            yield word[2:] + word[:2], "feature", word
    for term in catalogue.terms:
        own = () if term.kind in ("category", "brand", "attribute") else (term.value,)
        yield from ((word, term.kind, term.value) for word in (*term.synonyms, *own))


def _category_words(catalogue: Catalogue) -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for category in catalogue.categories.values():
        for name in _names(category):
            words.setdefault(name, []).append(category.code)
    return words


def _names(category: Category) -> tuple[str, ...]:
    return (category.name, *category.synonyms)


def _qualities(catalogue: Catalogue) -> tuple[tuple[str, Iterable[str]], ...]:
    vocabulary = catalogue.vocabulary
    return (
        ("series", (*vocabulary.series, *(name for name in vocabulary.gone if name not in vocabulary.series))),
        ("feature", vocabulary.features),
        ("scene", vocabulary.scenes),
        ("color", vocabulary.colors),
        ("batch", vocabulary.batches),
    )


def _compositions(codes: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    result: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
    for modifier, head, concept in rows(WORDS / "compositions.tsv"):
        if concept in codes:
            result[modifier] = (*result.get(modifier, ()), (head, codes[concept]))
    return result


def _lacking(codes: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the compositions of heads of one character whose concept the catalogue lacks."""
    named: dict[str, list[tuple[str, str]]] = {}
    for modifier, head, concept in rows(WORDS / "compositions.tsv"):
        if concept not in codes and len(head) == 1:
            named.setdefault(head, []).append((modifier, concept))
    return {head: tuple(sorted(several, key=lambda pair: -len(pair[0]))) for head, several in named.items()}


def _remedies() -> dict[str, str]:
    """Return what helps first against each trouble."""
    first: dict[str, str] = {}
    for name in ("symptoms_to_products.tsv", "work_to_products.tsv"):
        for symptom, concept, *_ in rows(WORDS / name):
            first.setdefault(symptom, concept)
    return first


def _symptoms(codes: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    result: dict[str, tuple[str, ...]] = {}
    tables = ("symptoms_to_products.tsv", "work_to_products.tsv")
    for symptom, concept, *_ in (row for name in tables for row in rows(WORDS / name)):
        if concept in codes:
            result[symptom] = tuple(dict.fromkeys((*result.get(symptom, ()), *codes[concept])))
    return result


def codes_of_work(binding: Binding, symptoms: Collection[str]) -> tuple[str, ...]:
    """Return the categories that the pieces of work among these take, in the order of use: 刷外墙."""
    if not symptoms:
        return ()
    taking = works()
    return tuple(code for symptom in symptoms if symptom in taking for code in binding.symptoms.get(symptom, ()))


@cache
def works() -> frozenset[str]:
    """Return the pieces of work that are read like a trouble, by what they take: 刷外墙."""
    return frozenset(work for work, *_ in rows(WORDS / "work_to_products.tsv"))
