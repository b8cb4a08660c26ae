"""What was meant: the interpretation of one question, with the evidence for every slot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from catalog_db.search.query import ProductQuery
from handlers.understanding.spans import Normalised, PlaceSpan, Quantity, Span

UNGRADED = "ungraded"  # in `because`: the least formaldehyde was asked of goods that have no such grade


@dataclass(eq=False)  # not frozen: that costs ten times as much to make; nobody changes one
class Constraints:
    """What the products must satisfy, by the filter names of the answer format. Empty or None: not asked. Shared: never changed in place."""

    categories: tuple[str, ...] = ()
    exclude_categories: tuple[str, ...] = ()
    certified: bool = False
    uncertified: bool = False  # those without a certificate in force are asked for: 没证的有哪些
    schemes: tuple[str, ...] = ()
    stars: tuple[int, ...] = ()
    min_stars: int | None = None
    brands: tuple[str, ...] = ()
    exclude_brands: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    budget: Decimal | None = None
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
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    origin: str | None = None
    adcode: str | None = None
    batch: str | None = None
    title_words: tuple[str, ...] = ()
    text: str = ""
    sort: str | None = None
    limit: int | None = None

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Constraints) and self.__dict__ == other.__dict__)

    __hash__ = None  # type: ignore[assignment]  # attributes are a mapping

    def query(self, day: date, **more: Any) -> ProductQuery:
        """Make the search query for a day; `more` overrides (offset, limit, skus …)."""
        asked = zip(_ASKED, _asked_of(self), strict=True)
        # What is empty or none stands in a query anyway.
        values: dict[str, Any] = {name: value for name, value in asked if value or value == 0}
        if self.limit:
            values["limit"] = self.limit
        return ProductQuery(day, **(values | more))

    def but(self, **changes: Any) -> Constraints:
        """Return a copy with some constraints changed."""
        known = self.__dict__
        if not changes.keys() <= known.keys():
            raise TypeError(f"no such constraints: {sorted(changes.keys() - known.keys())}")
        for name, value in changes.items():
            if known[name] != value:
                break
        else:
            return self
        copy = object.__new__(Constraints)  # dataclasses.replace takes ten times as long
        copy.__dict__ = known | changes
        return copy


NOTHING_ASKED = Constraints()
_ASKED = tuple(
    spec.name for spec in fields(ProductQuery) if spec.name in NOTHING_ASKED.__dict__ and spec.name != "limit"
)
_asked_of: Callable[[Constraints], tuple[Any, ...]] = attrgetter(*_ASKED)


@dataclass(slots=True)  # not frozen: that costs more than all else of making one
class Interpretation:
    """One question understood; filled by who reads it, changed by nobody who answers it. Intents and slots carry their evidence in `because` (slot → human words)."""

    intent: str
    normalised: Normalised
    constraints: Constraints = field(default_factory=lambda: NOTHING_ASKED)
    cues: frozenset[str] = frozenset()  # every cue concept found, e.g. ask.price, ask.hours, op.cheaper
    skus: tuple[str, ...] = ()  # the products that this is about: by name, number, ordinal or 它; in the order named
    skus_said: str = ""  # the words that named them
    certificate_numbers: tuple[str, ...] = ()  # as said, in the order said
    enterprises: tuple[str, ...] = ()  # ids of makers named
    spans: tuple[Span, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    places: tuple[PlaceSpan, ...] = ()
    place: str | None = None  # adcode said in this turn or kept from the conversation or the asker's
    unknown: tuple[str, ...] = ()  # words read as a brand, category or model that the catalogue does not have
    residue: tuple[str, ...] = ()  # words not understood, as said
    soft: tuple[Span, ...] = ()  # readings to be read back
    because: Mapping[str, str] = field(default_factory=dict)
    alternatives: tuple[
        tuple[str, str], ...
    ] = ()  # other readings of a product word: (category codes joined by |, its name)
    kin: tuple[str, ...] = ()  # category codes of narrower kinds kept beside the categories asked for
    symptoms: tuple[str, ...] = ()
    helping: tuple[str, ...] = ()  # category codes of what helps against a trouble, in the order of use
    strange: tuple[str, ...] = ()  # stretches of the text that nothing explains
    absent: tuple[str, ...] = ()  # building materials named that the catalogue lacks, as said
    foreign: tuple[str, ...] = ()  # things named that are not ours, as said
    chosen: str = ""  # the id of the one thing a button asks for: a guide, a stored answer, a ranking, a pavilion …
    rule: str = ""  # the human name of the rule that decided the intent
    place_options: tuple[str, ...] = ()  # adcodes of a place that only the asker can tell apart
    beyond: int | None = None  # an ordinal that the last list does not have
    past_the_others: tuple[int, int] | None = None  # an ordinal of makers, events or shops, and how many were listed
    who: str = ""  # the neighbour named, for whom it is asked

    @property
    def text(self) -> str:
        """Return the normalised text."""
        return self.normalised.text
