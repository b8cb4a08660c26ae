"""What a kind's own goods make of a word: 球阀 by the titles of the 阀门, 不吵 by 隔音 of windows and 静音 of pumps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from handlers.answer_parts.price_range import price_range
from handlers.context.counted import counted
from handlers.context.properties_of_kind import attribute_holding, attribute_with, with_kin
from handlers.understanding.interpretation import Constraints
from handlers.understanding.variety_words import ENOUGH
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading

VARIETY = "variety"  # slot: the word said, and the words that a title may have for it
ALIKE = "alike"  # slot: property said → others of the catalogue with the same meaning
_STEP = Decimal(1)  # CNY: less than the cheapest of a brand is said in whole yuan
_ANY_DAY = date(2000, 1, 1)  # titles do not depend on the day


def of_the_kind(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Return what the kind asked for makes of a word for a variety and of a property that it calls otherwise."""
    return (
        _of_the_variety(reading, catalogue, values)
        | called_otherwise(reading, catalogue, values)
        | _beside_a_brand(reading, catalogue, values)
    )


def called_otherwise(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Ask for the property of the same meaning that the kind has, or a near one, where none of it has the one said."""
    alike, said = reading.slots.values.get(ALIKE, {}), values.get("features", ())
    if not said or not values.get("categories"):
        return {}
    kind = Constraints(categories=values["categories"])

    def known(word: str) -> bool:
        return bool(counted(catalogue, kind.but(features=(word,))))

    features: list[str] = []
    attributes: dict[str, tuple[str, ...]] = {}
    for word in said:
        meant = next((o for o in (word, *alike.get(word, ())) if known(o)), "")
        first = reading.slots.values.get("any_of", {}).get(word, (word,))[:1]
        better = word not in first and attribute_with(catalogue, values["categories"], first)  # 声控 before 感应
        held = better or ({} if meant else attribute_holding(catalogue, values["categories"], word))
        attributes |= held
        features += [] if held else [meant or with_kin(catalogue, values["categories"], word)]
    told = {"attributes": {**values.get("attributes", {}), **attributes}} if attributes else {}
    return {"features": tuple(dict.fromkeys(features)), **told}


def _beside_a_brand(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Ask for what costs less than the cheapest of a brand, or more than its dearest: 比星子湾便宜的吸顶灯."""
    brands = values.get("brands", ())
    cue = reading.cues.first("rel.than_brand")
    if cue is None or len(brands) != 1 or not values.get("categories"):
        return {}
    prices = price_range(catalogue, Constraints(categories=values["categories"], brands=brands).query(_ANY_DAY))
    if prices is None:
        return {}
    dearer = any(sign in reading.text[cue.start : cue.end] for sign in signs("dearer"))
    limit = {"price_min": prices[1] + _STEP} if dearer else {"price_max": max(prices[0] - _STEP, _STEP)}
    return {"brands": (), **limit}


def _of_the_variety(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Ask for titles that have the word for the variety, where enough of the kind have it and not all do."""
    words = reading.slots.values.get(VARIETY, ())
    if not words or values.get("title_words") or not values.get("categories"):
        return {}
    if not set(words).isdisjoint(values.get("features", ())):
        return {}  # 抽拉龙头 where 抽拉 is a property
    kind = Constraints(categories=values["categories"])
    total = counted(catalogue, kind)
    counts = [(counted(catalogue, kind.but(title_words=(word,))), word) for word in words]
    most, best = max(counts, key=lambda pair: pair[0])
    least = reading.slots.values.get("kind_apart") or ENOUGH
    asked = Constraints(**{**values, "title_words": (best,)})
    narrows = least <= most < total and counted(catalogue, asked)
    return {"title_words": (best,)} if narrows else {}


def untold(reading: Reading, catalogue: Catalogue, categories: tuple[str, ...]) -> tuple[str, ...]:
    """Return the word for a variety that no title of the kind has: 琉璃瓦 where all tiles are of resin."""
    words = reading.slots.values.get(VARIETY, ())
    if not words or not categories or not reading.slots.values.get("kind_apart"):
        return ()
    kind = Constraints(categories=categories)
    told = any(counted(catalogue, kind.but(title_words=(word,))) for word in words)
    return () if told else words[:1]
