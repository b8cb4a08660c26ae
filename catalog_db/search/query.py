"""What is asked of the search and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

SORTS = (
    "recommended",
    "price_asc",
    "price_desc",
    "sales",
    "rating",
    "growth",
    "water_saving",
    "energy_saving",
    "carbon_saving",
)


@dataclass(
    slots=True
)  # not frozen: that costs ten times as much to make, and an answer makes a dozen; nobody changes one
class ProductQuery:
    """Which products: every filter that is set must hold. Names and meanings are those of the answer format.

    A category code stands for everything under it; an adcode for everything under it. Between the values of one filter
    *any* suffices, but all of `features` must hold. A scene or a feature holds when it is in its column or in the title;
    an excluded one must not be the value of an attribute either (不要亮光的).
    A colour holds when the catalogue colour contains the word. Sizes are compared after `sizes.normalise`.
    `certified` alone is judged product by product: green_building_material where the category (own or inherited) has a
    certification class, elsewhere any scheme but `other`.
    """

    day: date
    text: str = ""  # typed by a person, wrong characters and pinyin included: selects and ranks candidates
    categories: tuple[str, ...] = ()
    exclude_categories: tuple[str, ...] = ()
    certified: bool = False
    uncertified: bool = False  # no certificate of any scheme is in force on the day
    schemes: tuple[str, ...] = ()
    stars: tuple[int, ...] = ()
    min_stars: int | None = None
    brands: tuple[str, ...] = ()
    exclude_brands: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()  # makers: through the brand or a certificate
    series: tuple[str, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    water_grade_max: int | None = None
    energy_grade_max: int | None = None
    formaldehyde: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    exclude_features: tuple[str, ...] = ()
    color: tuple[str, ...] = ()
    exclude_color: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    capacity: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name → values, spaces and case ignored
    origin: str | None = None
    adcode: str | None = None  # can be had there
    batch: str | None = None
    title_words: tuple[str, ...] = ()  # every one stands in the title, model, series or an attribute (folded, exactly)
    skus: tuple[str, ...] = ()  # nothing else
    exclude_skus: tuple[str, ...] = ()
    sort: str = "recommended"
    limit: int = 5
    offset: int = 0


Reasons = tuple[tuple[str, str], ...]


class Hit:
    """A product found. `score` is how much of the typed text fits, 0 to 1; 0 when nothing was typed or another sort asked.

    `reasons` are machine names with values, the most telling first: what was asked for (feature, scene, color,
    within_price, sold_there, made_there), what sets it apart from all that match (best_rated, best_seller, cheapest), then
    its own: ("stars", "3"), ("certified", scheme), water_grade, energy_grade, formaldehyde, water_saving, energy_saving,
    carbon_saving, growth, sales, rating. They are read off the product when first looked at.
    """

    __slots__ = ("_reasons", "score", "sku")

    def __init__(self, sku: str, score: float = 0.0, reasons: Reasons | Callable[[], Reasons] = ()) -> None:
        self.sku = sku
        self.score = score
        self._reasons = reasons

    @property
    def reasons(self) -> Reasons:
        """Return why the product stands in the list."""
        if callable(self._reasons):
            self._reasons = self._reasons()
        return self._reasons

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Hit):
            return NotImplemented
        return (self.sku, self.score, self.reasons) == (other.sku, other.score, other.reasons)

    def __hash__(self) -> int:
        return hash((self.sku, self.score))

    def __repr__(self) -> str:
        return f"Hit({self.sku!r}, {self.score!r}, {self.reasons!r})"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits in a stable order, and how many products match before the cut.

    `facets`: name → value → count over all that match: category, brand, stars, price (quartile bounds), color, scene,
    feature, water_grade, energy_grade, formaldehyde. At most the 50 most frequent values of each; counted when first
    looked at.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
