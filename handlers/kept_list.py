"""A list that somebody keeps: products, guides, calculations, in order, with quantities and notes; shown as they are today.

What was true when something was put there is kept beside it (`told`), so that whatever has changed since is said first: a
certificate that lapsed or was suspended, a product that is gone, another price.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from catalog_db.certification import certified, in_force
from catalog_db.records import Certificate, Pavilion, Product
from handlers.answer_parts.product_facts import by_weight, certificate_line, price_line
from handlers.turn import Answer, Block, Choice, Entry, Listing, Money, Note, Say, Text, say

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

MOST = 60  # entries of one list
MOST_COUNT = 9999
_MAKERS = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """One entry. `kind`: product, guide, calculation, pavilion. `ref`: sku or id. `count`: None is one, not said. `told`: see the module."""

    kind: str
    ref: str = ""
    count: int | None = None
    note: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"kind": self.kind, "ref": self.ref, "count": self.count, "note": self.note, "told": dict(self.told)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Kept:
        """Read what `to_json` wrote."""
        return cls(value["kind"], value["ref"], value["count"], value["note"], value["told"])


@dataclass(frozen=True, slots=True)
class Goods:
    """What the catalogue says today of the products of a list, fetched at once."""

    products: Mapping[str, Product]
    certificates: Mapping[str, Sequence[Certificate]]


def goods_of(catalogue: Catalogue, items: Sequence[Kept]) -> Goods:
    """Fetch the products of a list and their certificates."""
    skus = [item.ref for item in items if item.kind == "product"]
    found = {product.sku: product for product in catalogue.products(skus)}
    return Goods(found, catalogue.certificates_of_many(found))


# ---- keeping


def kept_product(catalogue: Catalogue, sku: str, day: date) -> Kept | None:
    """Make an entry of a product as it is on the day; None when there is no such product."""
    product = catalogue.product(sku)
    if product is None:
        return None
    held = [c for c in by_weight(catalogue.certificates_of(sku), day) if in_force(c, day) and c.scheme != "other"]
    told: dict[str, Any] = {"title": product.title, "day": day.isoformat()}
    if product.price is not None:
        told["price"] = str(product.price)
    if held:
        told["certificate"] = held[0].number
    return Kept("product", sku, told=told)


def kept_guide(catalogue: Catalogue, guide_id: str, day: date) -> Kept | None:
    """Make an entry of a guide."""
    guide = catalogue.guides.get(guide_id)
    return Kept("guide", guide_id, told={"title": guide.title, "day": day.isoformat()}) if guide else None


def kept_pavilion(catalogue: Catalogue, pavilion_id: str, day: date) -> Kept | None:
    """Make an entry of a pavilion."""
    pavilion = catalogue.pavilions.get(pavilion_id)
    told = {"title": pavilion.name, "day": day.isoformat()} if pavilion else {}
    return Kept("pavilion", pavilion_id, told=told) if pavilion else None


def kept_calculation(lines: Sequence[str], day: date) -> Kept:
    """Make an entry of a calculation: its result and its assumptions, in words, as they were on the day."""
    return Kept(
        "calculation", told={"title": lines[0] if lines else "", "lines": list(lines[1:]), "day": day.isoformat()}
    )


# ---- today's truth


def changes(items: Sequence[Kept], catalogue: Catalogue, goods: Goods, day: date) -> list[Text]:
    """Say what is not as it was when it was put on the list, the weightiest first."""
    said = [(weight, text) for item in items for weight, text in _changes(item, catalogue, goods, day)]
    return [text for _, text in sorted(said, key=lambda found: found[0])]


def _changes(item: Kept, catalogue: Catalogue, goods: Goods, day: date) -> Iterator[tuple[int, Text]]:
    title = str(item.told.get("title", ""))
    if item.kind == "guide" and item.ref not in catalogue.guides:
        yield 1, say("list.change.no_guide", title=title)
    if item.kind != "product":
        return
    product = goods.products.get(item.ref)
    if product is None or product.withdrawn:
        yield 1, say("list.change.withdrawn", title=title)
        return
    if not product.on_sale:
        yield 1, say("list.change.off_sale", title=product.title)
    held = goods.certificates.get(item.ref, ())
    if item.told.get("certificate") and not certified(held, day):
        yield 0, say("list.change.lapsed", title=product.title, state=certificate_line(held, day))
    elif not item.told.get("certificate") and certified(held, day):
        yield 3, say("list.change.now_certified", title=product.title, state=certificate_line(held, day))
    yield from _price_change(item, product)


def _price_change(item: Kept, product: Product) -> Iterator[tuple[int, Text]]:
    was = Decimal(item.told["price"]) if item.told.get("price") else None
    if was == product.price:
        return
    if product.price is None:
        yield 2, say("list.change.no_price", title=product.title)
    elif was is None:
        yield 2, say("list.change.new_price", title=product.title, now=Money(product.price, product.unit))
    else:
        yield (
            2,
            say(
                "list.change.price",
                title=product.title,
                was=Money(was, product.unit),
                now=Money(product.price, product.unit),
            ),
        )


# ---- showing


def total(items: Sequence[Kept], goods: Goods) -> tuple[Decimal, int]:
    """Return what everything comes to that has a price and can be had, and how many entries are not in it."""
    amount, unknown = Decimal(0), 0
    for item in items:
        product = goods.products.get(item.ref) if item.kind == "product" else None
        if product is not None and product.shown and product.price is not None:
            amount += product.price * (item.count or 1)
        elif item.kind == "product":
            unknown += 1
    return amount, unknown


def answer(
    name: str, items: Sequence[Kept], catalogue: Catalogue, goods: Goods, day: date,
    choices: Sequence[Choice] = (), head: Sequence[Text] = (),
) -> Answer:  # fmt: skip
    """Show a list: what has changed first, then its entries as they are today, then what they come to."""
    changed = changes(items, catalogue, goods, day)
    blocks: list[Block] = [Say(text) for text in (say("list.head", name=name, count=len(items)), *head)]
    if changed:
        blocks += [Say(say("list.changed")), *(Say(say("list.change", text=text)) for text in changed)]
    entries = tuple(entry(number, item, catalogue, goods, day) for number, item in enumerate(items, 1))
    if entries:
        blocks.append(Listing(entries))
    blocks += [Say(text) for text in total_lines(items, goods)]
    if entries:
        blocks.append(Note(say("verify.source", day=day)))
    skus = tuple(item.ref for item in items if item.ref in goods.products)
    return Answer("recommend", tuple(blocks), tuple(choices), total=len(items), products=skus)


def entry(number: int, item: Kept, catalogue: Catalogue, goods: Goods, day: date) -> Entry:
    """Write one entry as it is today."""
    note = (say("list.note", note=item.note),) if item.note else ()
    told = str(item.told.get("title", ""))
    if item.kind == "guide":
        guide = catalogue.guides.get(item.ref)
        return Entry(guide.title if guide else told, note, ref=("guide", item.ref) if guide else None, number=number)
    if item.kind == "pavilion":
        pavilion = catalogue.pavilions.get(item.ref)
        return (
            _pavilion(pavilion, catalogue, number)
            if pavilion
            else Entry(told, (say("list.gone"), *note), number=number)
        )
    if item.kind == "calculation":
        lines = tuple(say("list.line", text=line) for line in item.told.get("lines", ()))
        made = say("list.calculated", day=date.fromisoformat(item.told["day"]))
        return Entry(told, (*lines, made, *note), number=number)
    product = goods.products.get(item.ref)
    if product is None or product.withdrawn:
        return Entry(told, (say("list.gone"), *note), number=number)
    held = goods.certificates.get(item.ref, ())
    lines = (certificate_line(held, day), price_line(product, day))
    if item.count and item.count > 1:
        lines = (*lines, _counted(item.count, product))
    return Entry(product.title, (*lines, *note), ref=("product", product.sku), number=number)


def _pavilion(pavilion: Pavilion, catalogue: Catalogue, number: int) -> Entry:
    """Write a pavilion: what it is, and whose goods stand there."""
    makers = tuple(catalogue.enterprises[one].name for one in pavilion.enterprises if one in catalogue.enterprises)
    lines = [say("pavilion.intro", intro=pavilion.intro)] if pavilion.intro else []
    lines += [say("pavilion.makers", total=len(makers), makers=makers[:_MAKERS])] if makers else []
    return Entry(pavilion.name, tuple(lines), ref=("pavilion", pavilion.id), number=number)


def _counted(count: int, product: Product) -> Text:
    unit = product.unit or say("value.unit")
    if product.price is None:
        return say("list.counted", count=count, unit=unit)
    return say("list.subtotal", count=count, unit=unit, cost=Money(product.price * count))


def total_lines(items: Sequence[Kept], goods: Goods) -> Iterator[Text]:
    """Say what a list comes to, and what is not in it."""
    amount, unknown = total(items, goods)
    if amount:
        yield say("list.total", cost=Money(amount))
    if unknown:
        yield say("list.total_without", count=unknown)


def with_item(items: Sequence[Kept], item: Kept) -> tuple[Kept, ...]:
    """Put an entry on a list; one that is there already stays in its place and takes what is true today."""
    same = next((n for n, old in enumerate(items) if item.ref and (old.kind, old.ref) == (item.kind, item.ref)), None)
    if same is None:
        return (*items, item)
    old = items[same]
    return (*items[:same], replace(item, count=item.count or old.count, note=old.note), *items[same + 1 :])


def moved(items: Sequence[Kept], place: int, to: int) -> tuple[Kept, ...]:
    """Put the entry at `place` at `to`, both from 0."""
    rest = [item for number, item in enumerate(items) if number != place]
    rest.insert(to, items[place])
    return tuple(rest)
