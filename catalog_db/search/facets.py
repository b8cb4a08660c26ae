"""How many of the products that match bear each value: plain counting, the oracle of the counted columns."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from catalog_db.search.facts import Facts
from catalog_db.search.matching import has_feature, has_scene

MOST = 50  # values of one facet, the most frequent first


def facets(
    found: Sequence[Facts], day: date, features: Iterable[str], scenes: Iterable[str]
) -> dict[str, dict[str, int]]:
    """Count every facet over the products found. `features` and `scenes` are the values that the catalogue knows."""
    result = {name: most_frequent(counts) for name, counts in counted(found, day, features, scenes).items()}
    result["price"] = quartiles([f.product.price for f in found if f.product.price is not None])
    return result


def counted(
    found: Sequence[Facts], day: date, features: Iterable[str], scenes: Iterable[str]
) -> dict[str, Counter[str]]:
    """Count every facet but prices, uncut."""
    return {
        "category": Counter(f.product.category for f in found),
        "brand": Counter(f.product.brand for f in found if f.product.brand),
        "stars": Counter(str(f.stars(day)) for f in found if f.stars(day)),
        "color": Counter(f.product.color for f in found if f.product.color),
        "water_grade": Counter(str(f.product.water_grade) for f in found if f.product.water_grade),
        "energy_grade": Counter(str(f.product.energy_grade) for f in found if f.product.energy_grade),
        "formaldehyde": Counter(f.product.formaldehyde_grade for f in found if f.product.formaldehyde_grade),
        "feature": Counter({word: sum(has_feature(f, word) for f in found) for word in features}),
        "scene": Counter({word: sum(has_scene(f, word) for f in found) for word in scenes}),
    }


def most_frequent(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the values that occur, most frequent first, ties by the value, at most `MOST`."""
    ordered = sorted(((value, n) for value, n in counts.items() if n), key=lambda pair: (-pair[1], pair[0]))
    return dict(ordered[:MOST])


def quartiles(prices: Sequence[Decimal]) -> dict[str, int]:
    """Count known prices between their quartiles, as `low-high` (both included, the lower quarter first)."""
    ordered = sorted(prices)
    if not ordered:
        return {}
    last = len(ordered) - 1
    bounds = [ordered[last * quarter // 4] for quarter in range(5)]
    counts = {}
    below = 0
    for low, high in pairwise(bounds):
        upto = bisect_right(ordered, high)
        if upto > below:
            counts[f"{plain(low)}-{plain(high)}"] = upto - below
        below = upto
    return counts


def plain(price: Decimal) -> str:
    """Write a price without needless digits behind the point."""
    return f"{price.normalize():f}"
