"""The filters, one product at a time: plain, slow and obvious.

`matches` is what every faster way of filtering must agree with, and what judges the few products that changed since the
index was built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from catalog_db.search.adcodes import can_be_had, within
from catalog_db.search.facts import Facts, Known
from catalog_db.search.folding import fold, tight, word
from catalog_db.search.query import ProductQuery
from catalog_db.sizes import normalise

Predicate = Callable[[Facts], bool]


_WORDS = (
    "formaldehyde",
    "scenes",
    "features",
    "exclude_features",
    "color",
    "exclude_color",
    "size",
    "capacity",
    "series",
    "title_words",
)


def cleaned(query: ProductQuery) -> ProductQuery:
    """Return the query without empty words: they ask for nothing."""
    empty = [name for name in _WORDS if (words := getattr(query, name)) and not all(map(tight, words))]
    if not empty:
        return query
    kept: dict[str, Any] = {name: tuple(one for one in getattr(query, name) if tight(one)) for name in empty}
    return replace(query, **kept)


@lru_cache(maxsize=4096)
def normal_size(size: str) -> str:
    """Return a size as it is compared; remembered."""
    return tight(normalise(size))


def predicates(query: ProductQuery) -> list[Predicate]:
    """Return one predicate for each filter that is set; all must hold."""
    query = cleaned(query)
    return [lambda f: f.product.shown, *_place_on_shelf(query), *_evidence(query), *_values(query), *_words(query)]


def matches(facts: Facts, query: ProductQuery) -> bool:
    """Tell whether a product may be listed for the query; its `text` is no filter."""
    return all(holds(facts) for holds in predicates(query))


def _place_on_shelf(query: ProductQuery) -> Iterator[Predicate]:
    if query.skus:
        yield lambda f: f.product.sku in query.skus
    if query.exclude_skus:
        yield lambda f: f.product.sku not in query.exclude_skus
    if query.categories:
        yield lambda f: any(code in f.line for code in query.categories)
    if query.exclude_categories:
        yield lambda f: not any(code in f.line for code in query.exclude_categories)
    if query.brands:
        yield lambda f: f.product.brand in query.brands
    if query.exclude_brands:
        yield lambda f: f.product.brand not in query.exclude_brands
    if query.enterprises:
        yield lambda f: not f.makers.isdisjoint(query.enterprises)
    if query.batch is not None:
        yield lambda f: query.batch in f.batches


def _evidence(query: ProductQuery) -> Iterator[Predicate]:
    day = query.day
    least = query.min_stars
    if query.uncertified:
        yield lambda f: not f.schemes(day)
    if query.certified and not (query.schemes or query.stars or least):
        yield lambda f: f.certified(day)
    if query.schemes:
        yield lambda f: not f.schemes(day).isdisjoint(query.schemes)
    if query.stars:
        yield lambda f: f.stars(day) in query.stars
    if least:
        yield lambda f: f.stars(day) >= least


def _values(query: ProductQuery) -> Iterator[Predicate]:
    yield from _limits(query)
    if query.formaldehyde:
        grades = {tight(grade) for grade in query.formaldehyde}
        yield lambda f: tight(f.product.formaldehyde_grade or "") in grades
    if query.capacity:
        amounts = {tight(amount) for amount in query.capacity}
        yield lambda f: tight(f.product.capacity or "") in amounts
    if query.size:
        sizes = {normal_size(size) for size in query.size}
        yield lambda f: f.product.size is not None and normal_size(f.product.size) in sizes
    if query.series:
        series = {tight(one) for one in query.series}
        yield lambda f: tight(f.product.series or "") in series
    for name, values in query.attributes.items():
        wanted = {(tight(name), tight(value)) for value in values}
        yield _has_attribute(wanted)
    if query.origin is not None:
        region = query.origin
        yield lambda f: f.product.origin is not None and within(f.product.origin, region)
    if query.adcode is not None:
        place = query.adcode
        yield lambda f: can_be_had(f.product.sells_to, place)


def _has_attribute(wanted: set[tuple[str, str]]) -> Predicate:
    return lambda f: not f.attributes.isdisjoint(wanted)


def _limits(query: ProductQuery) -> Iterator[Predicate]:
    low, high = query.price_min, query.price_max
    if low is not None:
        yield lambda f: f.product.price is not None and f.product.price >= low
    if high is not None:
        yield lambda f: f.product.price is not None and f.product.price <= high
    water, energy = query.water_grade_max, query.energy_grade_max
    if water is not None:
        yield lambda f: f.product.water_grade is not None and f.product.water_grade <= water
    if energy is not None:
        yield lambda f: f.product.energy_grade is not None and f.product.energy_grade <= energy


def _words(query: ProductQuery) -> Iterator[Predicate]:
    if query.scenes:
        yield lambda f: any(has_scene(f, scene) for scene in query.scenes)
    if query.features:
        yield lambda f: all(has_feature(f, feature) for feature in query.features)
    if query.exclude_features:
        yield lambda f: not any(is_refused(f, one) for one in query.exclude_features)
    if query.color:
        yield lambda f: any(has_color(f, color) for color in query.color)
    if query.exclude_color:
        yield lambda f: not any(has_color(f, color) for color in query.exclude_color)
    for wanted in query.title_words:
        yield _stands(fold(wanted))


def _stands(wanted: str) -> Predicate:
    return lambda f: wanted in f.words


def has_scene(facts: Known, scene: str) -> bool:
    """Tell whether a scene stands in its column or in the title."""
    return word(scene) in facts.scenes or word(scene) in facts.title


def has_feature(facts: Known, feature: str) -> bool:
    """Tell whether a feature stands in its column or in the title."""
    return word(feature) in facts.features or word(feature) in facts.title


def is_refused(facts: Facts, refused: str) -> bool:
    """Tell whether a product has what is refused; a figure is no part of a longer one, 5W of 15W, but a whole value."""
    if refused[:1].isdigit():
        held = (facts.product.size, facts.product.capacity)
        if word(refused) in facts.features:
            return True
        return has_value(facts, refused) or any(one is not None and tight(one) == tight(refused) for one in held)
    return has_feature(facts, refused) or has_value(facts, refused)


def has_value(facts: Facts, value: str) -> bool:
    """Tell whether an attribute, whatever its name, has this value: 亮光, 铜."""
    return any(held == tight(value) for _, held in facts.attributes)


def has_color(facts: Known, color: str) -> bool:
    """Tell whether the catalogue colour contains the word."""
    return facts.product.color is not None and tight(color) in tight(facts.product.color)
