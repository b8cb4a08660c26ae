"""Superlatives that an attribute answers: 最厚的地板, 哪款水泵扬程高. The words stand in `locales/zh_Hans_CN/superlatives.tsv`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from handlers.context.counted import counted
from handlers.understanding.interpretation import Constraints
from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Product

_SAVINGS = ("water_saving", "energy_saving", "carbon_saving")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


@cache
def _words() -> tuple[tuple[str, str, bool], ...]:
    table = ((word, attribute, end == "most") for word, attribute, end in rows(WORDS / "superlatives.tsv"))
    return tuple(sorted(table, key=lambda row: -len(row[0])))


@cache
def _any_word() -> re.Pattern[str]:
    """Return what finds whether a text has one of the words: most have none."""
    return re.compile("|".join(re.escape(word) for word, _, _ in _words()))


def most_of_a_figure(text: str) -> bool:
    """Tell whether it is said that the most or the least of a figure is wanted: 瓦数最大."""
    return _any_word().search(text) is not None


def sort_by_saving(word: str) -> str | None:
    """Return the sort that answers a wish to save: water_saving for 省水; None for other words."""
    return next((sort for sort in _SAVINGS if word in signs(sort)), None)


def best_attribute(text: str, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Return the attribute with the extreme value that some of what is asked for has, {} when none is asked for or known."""
    if not values.get("categories") or _any_word().search(text) is None:
        return {}
    told = dict(values.get("attributes") or {})
    for word, name, most in _words():
        if word not in text or name in told or name not in catalogue.vocabulary.attributes:
            continue
        known = sorted(catalogue.vocabulary.attributes[name], key=_figure, reverse=most)
        for value in known if len({_figure(one) for one in known}) > 1 else ():
            of_kind = Constraints(categories=values["categories"], attributes={name: (value,)})
            asked = Constraints(**{**values, "attributes": {**told, name: (value,)}})
            if counted(catalogue, of_kind) and counted(catalogue, asked):
                return {"attributes": {**told, name: (value,)}}
    return {}


def best_listed(text: str, products: Sequence[Product]) -> str:
    """Return the sku of the product with the extreme figure that a superlative asks for, "" where that tells none apart."""
    for word, name, most in _words():
        if word not in text:
            continue
        known = [(_figure(value), product.sku) for product in products if (value := product.attributes.get(name))]
        if len({figure for figure, _ in known}) > 1:
            return (max(known) if most else min(known))[1]
    return ""


def said_of(text: str, attributes: Mapping[str, object]) -> tuple[str, ...]:
    """Return the superlatives of a text that one of the attributes answers."""
    if not attributes or _any_word().search(text) is None:
        return ()
    return tuple(word for word, name, _ in _words() if name in attributes and word in text)


def _figure(value: str) -> float:
    found = _FIGURE.search(value)
    return float(found[0]) if found else 0.0
