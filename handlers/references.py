"""What 第二个, 它, 大桶那个 and 最便宜的 point at: entries of the last list, or what was spoken of last."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from handlers.understanding.numbers import parse_number

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Product
    from handlers.session import Session
    from handlers.understanding.reading import Reading

POINTERS = ("ref.ordinal", "ref.last", "ref.pair", "ref.it", "ref.these", "ref.both", "ref.largest", "ref.smallest")


@dataclass(frozen=True, slots=True)
class Reference:
    """Products pointed at, in the order said. `beyond`: the ordinal that the list does not have. `said`: there was a pointer."""

    skus: tuple[str, ...] = ()
    beyond: int | None = None
    said: bool = False
    without_list: bool = False


def find_reference(reading: Reading, session: Session, catalogue: Catalogue) -> Reference:
    """Resolve the pointers of an utterance against the session."""
    listed, focus = session.topic.listed, session.topic.focus
    cues = [cue for cue in reading.cues.found if cue.name in POINTERS]
    exact = [cue for cue in cues if cue.name not in ("ref.it", "ref.these", "ref.both")]
    cues = [cue for cue in cues if cue in exact or not any(cue.start < other.end + 1 and other.start < cue.end + 1 for other in exact)]
    if not cues:
        return Reference()
    skus: list[str] = []
    beyond: int | None = None
    without = False
    done: set[tuple[str, int]] = set()
    for cue in cues:
        if (cue.name, cue.start) in done or any(cue.start >= low and cue.end <= high and cue.name == "ref.ordinal" for low, high in _pairs(cues)):
            continue
        done.add((cue.name, cue.start))
        if cue.name in ("ref.ordinal", "ref.pair", "ref.last"):
            if not listed:
                without = True
                continue
            for index in _indexes(cue.groups, cue.name, reading.text, len(listed)):
                if index >= len(listed):
                    beyond = index + 1
                else:
                    skus.append(listed[index])
        elif cue.name == "ref.it":
            known = focus[:1] or (listed if len(listed) == 1 else ())
            without = without or not (known or listed or reading.slots.goods)
            skus += known
        elif cue.name == "ref.both":
            skus += focus[:2] if len(focus) >= 2 else listed[:2]
        elif cue.name == "ref.these":
            skus += listed
        elif cue.name in ("ref.largest", "ref.smallest"):
            chosen = _by_contents(catalogue.products(list(focus if len(focus) > 1 else listed)), cue.name == "ref.largest")
            skus += [chosen] if chosen else []
    return Reference(tuple(dict.fromkeys(skus)), beyond, True, without and not skus)


def best_of(catalogue: Catalogue, skus: tuple[str, ...], sort: str) -> tuple[str, ...]:
    """Return the skus ordered by a sort of the answer format, unknown values last."""
    column, down = _COLUMNS.get(sort, ("price", False))
    products = catalogue.products(list(skus))

    def key(product: Product) -> tuple[bool, Decimal]:
        value = getattr(product, column)
        number = Decimal(str(value)) if value is not None else Decimal(0)
        return value is None, -number if down else number

    return tuple(product.sku for product in sorted(products, key=key))


_COLUMNS = {
    "price_asc": ("price", False),
    "price_desc": ("price", True),
    "sales": ("sales_30d", True),
    "rating": ("rating", True),
    "growth": ("growth_pct", True),
    "water_saving": ("water_m3_per_year", True),
    "energy_saving": ("power_kwh_per_year", True),
    "carbon_saving": ("carbon_kg_per_year", True),
}


def _pairs(cues: list) -> list[tuple[int, int]]:  # type: ignore[type-arg]  # Cue, imported for types only
    return [(cue.start, cue.end) for cue in cues if cue.name == "ref.pair"]


def _indexes(groups: object, name: str, text: str, size: int) -> list[int]:
    if name == "ref.last":
        return [size - 1]
    result = []
    for key in ("n", "m", "first"):
        span = groups.get(key) if isinstance(groups, dict) else None
        if span is None:
            continue
        if key == "first":
            result.append(0)
            continue
        number = parse_number(text[span[0] : span[1]])
        if number is not None and number >= 1:
            result.append(int(number) - 1)
    return result


def _by_contents(products: list[Product], largest: bool) -> str | None:
    measured = [(amount, product.sku) for product in products if (amount := _contents(product)) is not None]
    if not measured:
        return None
    return (max(measured) if largest else min(measured))[1]


def _contents(product: Product) -> Decimal | None:
    figure = "".join(char for char in (product.capacity or "") if char.isdigit() or char == ".")
    return Decimal(figure) if figure else None
