"""What a bare number means in the conversation: a size or an attribute that the running goods have, else a limit on the price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from handlers.context.counted import counted
from handlers.context.figures_heard import raised
from handlers.understanding.interpretation import Constraints
from handlers.understanding.measures import digits_of
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Product
    from handlers.session import Session
    from handlers.understanding.reading import Reading
    from handlers.understanding.spans import Quantity


_SOME = 10  # goods of a kind that tell what its figures are


_AS_LONG = 5  # millimetres: a distance measured by hand is no more exact


def says_more(new: Constraints) -> bool:
    """Tell whether anything is asked for besides the kind."""
    return any(getattr(new, spec.name) for spec in fields(new) if spec.name not in ("categories", "limit"))


def number_in_context(
    reading: Reading, new: Constraints, base: Constraints, session: Session, catalogue: Catalogue
) -> Constraints:
    """Read a length or a bare number by what is being looked for: 四十公分 of toilets, 八百的 of tiles, else a price limit."""
    if not new.categories and (limit := raised(reading, base)) is not None:
        return new.but(price_min=None, price_max=limit)
    if told := _length_of(reading, new, session, catalogue):
        return new.but(attributes=told)
    return _bare_number(reading, new, base, session, catalogue)


def _bare_number(
    reading: Reading, new: Constraints, base: Constraints, session: Session, catalogue: Catalogue
) -> Constraints:
    """Read a bare number by what is being looked for: a size that these products have (八百的 of tiles), else a price limit."""
    numbers = [q for q in reading.quantities if q.dimension == "number" and q.value is not None]
    if len(numbers) != 1 or says_more(new) or new.categories:
        one = len(numbers) == 1 and not says_more(new)
        return _of_that_size(reading, new, numbers[0], catalogue) if one else new
    value = numbers[0].value
    if value is None or value <= 0:
        return new
    listed = catalogue.products(list(session.topic.listed)) or _some_of(base, catalogue)
    wanted = {f"{value:f}x{value:f}", f"{value:f}", numbers[0].text or f"{value:f}"}
    own = catalogue.vocabulary.sizes
    other_price = reading.has("op.replace") and (base.price_min is not None or base.price_max is not None)
    if not other_price and any(product.size for product in listed):
        sizes = tuple(size for size in own if size.lower() in wanted)
        if not sizes and any(reading.text.startswith(sign, numbers[0].end) for sign in signs("of")):  # 600的 of 300x600
            sides = (size for product in listed if (size := product.size) and f"{value:f}" in size.split("x"))
            sizes = tuple(dict.fromkeys(sides))
        if sizes and counted(catalogue, base.but(size=sizes)):
            return new.but(size=sizes)
    told = _other_value(base, value, catalogue)
    if told or (not other_price and (told := _figure_of(listed, value, base, catalogue))):
        return new.but(**told)
    if base.price_min is not None and base.price_max is None:
        return new.but(price_min=value)
    return new.but(price_max=value)


def _some_of(base: Constraints, catalogue: Catalogue) -> list[Product]:
    """Return some goods of the running kind where none were listed yet: after a sum of tiles."""
    query = Constraints(categories=base.categories, limit=_SOME).query(date.min)  # sizes depend on no day
    return catalogue.found(query) if base.categories else []


def _length_of(
    reading: Reading, new: Constraints, session: Session, catalogue: Catalogue
) -> dict[str, tuple[str, ...]]:
    """Return the attribute of the products listed that a length alone is the value of: 我量的是四十公分 of 坑距 400mm."""
    if says_more(new) or new.categories or len(reading.quantities) != 1 or reading.has("ask.price", "ask.total"):
        return {}
    said = reading.quantities[0]
    if said.dimension != "length" or said.value is None:
        return {}
    listed = catalogue.products(list(session.topic.listed))
    for name in dict.fromkeys(name for product in listed for name in product.attributes):
        held = tuple(
            word
            for word in catalogue.vocabulary.attributes.get(name, ())
            if word.lower().endswith("mm") and abs(Decimal(digits_of(word) or 0) - said.value * 1000) <= _AS_LONG
        )
        if held and counted(catalogue, session.topic.constraints.but(attributes={name: held}, limit=None)):
            return {name: held}
    return {}


def _of_that_size(reading: Reading, new: Constraints, number: Quantity, catalogue: Catalogue) -> Constraints:
    """Read a figure said of goods just named as the size of them that begins with it: 瓷砖吧,800的."""
    if reading.text[number.end :] not in (*signs("of"), *signs("one_of_a_number")) or number.value is None:
        return new
    sides = f"{number.value:f}"
    sizes = tuple(size for size in catalogue.vocabulary.sizes if size in (sides, f"{sides}x{sides}"))
    return new.but(size=sizes) if sizes and counted(catalogue, new.but(size=sizes)) else new


def _other_value(base: Constraints, value: Decimal, catalogue: Catalogue) -> dict[str, Any]:
    """Return the attribute or the contents in force with the value that has this figure: 没有的话二十五也行 after 扬程三十米以上."""
    figure = f"{value.normalize():f}"
    for name in base.attributes:
        held = tuple(word for word in catalogue.vocabulary.attributes.get(name, ()) if digits_of(word) == figure)
        if held:
            return {"attributes": {name: held}}
    if base.capacity:  # 一百三的 after 200升的
        held = tuple(word for word in catalogue.vocabulary.capacities if digits_of(word) == figure)
        if held and counted(catalogue, base.but(capacity=held)):
            return {"capacity": held}
    return {}


def _figure_of(listed: Sequence[Product], value: Decimal, base: Constraints, catalogue: Catalogue) -> dict[str, Any]:
    """Return the attribute or the size of the products listed that has this figure: 25的 of pipes, 9.5的 of boards, 60的.

    A figure that only other kinds have is none of theirs: 300 of pumps is no 300W of lamps.
    """
    kind = Constraints(categories=base.categories)
    figure = f"{value.normalize():f}"
    for name in dict.fromkeys(name for product in listed for name in product.attributes):
        held = tuple(
            word
            for word in catalogue.vocabulary.attributes.get(name, ())
            if figure in (digits_of(word), digits_of(word).replace(".", ""))
        )
        if held and counted(catalogue, kind.but(attributes={name: held})):
            return {"attributes": {name: held}}
    sizes = tuple(size for size in catalogue.vocabulary.sizes if "x" not in size and digits_of(size) == figure)
    square = f"{(value * 10).normalize():f}"
    sizes = sizes or tuple(size for size in catalogue.vocabulary.sizes if size == f"{square}x{square}")  # 60的 of tiles
    if sizes and any(product.size for product in listed):
        return {"size": sizes}
    packs = [word for word in catalogue.vocabulary.capacities if digits_of(word) == figure]
    held = tuple(word for word in packs if counted(catalogue, kind.but(capacity=(word,))))
    dearer = all(product.price is not None and product.price > value for product in listed)  # 240的 of heaters
    return {"capacity": held} if held and dearer and listed else {}
