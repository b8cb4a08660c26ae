"""Which size the pieces of a calculation have: said in the same breath (800的要几片), or looked for in the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from catalog_db.search.query import ProductQuery
from catalog_db.sizes import normalise
from handlers.understanding.interpretation import Constraints
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.turn import Turn

_LEAST, _MOST = 100, 3000  # mm, of the side of a piece
_LOOKED_THROUGH = 100  # goods of a size that are looked through for their kind


def piece_meant(turn: Turn, code: str) -> str | None:
    """Return the size of the pieces of a kind, None where none was said and none, or several, are being looked for."""
    said = turn.meaning.constraints.size or _bare(turn, code)
    if said:
        return normalise(said[0]) if len(said) == 1 else _square(said)
    topic = turn.session.topic.constraints
    family = turn.catalogue.under(topic.categories)
    return normalise(topic.size[0]) if code in family and len(topic.size) == 1 else None


def _square(sizes: Sequence[str]) -> str | None:
    """Return the only square one of several sizes with a side: 80公分的砖 are 800x800."""
    sides = {size: size.split("x") for size in map(normalise, sizes)}
    squares = [size for size, side in sides.items() if len(side) > 1 and side[0] == side[1]]
    return squares[0] if len(squares) == 1 else None


def _bare(turn: Turn, code: str) -> tuple[str, ...]:
    """Return the square size of the kind whose side is the only bare number said: 地砖800的."""
    numbers = [q.value for q in turn.meaning.quantities if q.dimension == "number" and q.value is not None]
    if len(numbers) != 1 or not _LEAST <= numbers[0] <= _MOST:
        return ()
    side = f"{numbers[0].normalize():f}"
    known = [size for size in turn.catalogue.vocabulary.sizes if normalise(size) == f"{side}x{side}"]
    return tuple(
        size for size in known if turn.catalogue.count(Constraints(categories=(code,), size=(size,)).query(turn.day))
    )[:1]


def asks_pieces(text: str) -> bool:
    """Tell whether pieces are asked for: 要几片."""
    return any(sign in text for sign in signs("piece_asked"))


def kind_of_the_piece(turn: Turn) -> str | None:
    """Return the only kind whose goods have the size that was said: 厨房地面铺600x600的要几片; what names 地 or 墙 as the text does first."""
    sizes = turn.meaning.constraints.size
    if not sizes or not asks_pieces(turn.meaning.text):
        return None
    found = turn.catalogue.found(ProductQuery(turn.day, size=sizes, limit=_LOOKED_THROUGH))
    kinds = {product.category: turn.catalogue.categories[product.category].name for product in found}
    told = [
        code
        for code, name in kinds.items()
        if any(sign in name and sign in turn.meaning.text for sign in signs("laid_on"))
    ]
    fitting = told or list(kinds)
    return fitting[0] if len(fitting) == 1 else None
