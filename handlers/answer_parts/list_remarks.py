"""What is said beside a list when it was asked for in a certain way: what a piece comes to, and what nobody may call goods."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from handlers.answer_parts.price_range import price_range
from handlers.calculation.formulas import piece_area, plain
from handlers.certification.claims import find_claims, kinds
from handlers.turn import Block, Money, Say, Turn, say
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.records import Product
    from handlers.understanding.interpretation import Constraints

_BY_AREA = "平方米"
NEVER_SO = frozenset(
    {"national", "authority", "health", "safe", "zero", "natural", "grades", "stars"}
)  # kinds of claims


def by_the_piece(turn: Turn, products: Sequence[Product]) -> list[Block]:
    """Say what a piece comes to of goods that are priced by the square metre, when that was asked: 瓷砖一片多少钱."""
    if "ask.price_of_piece" not in turn.meaning.cues:
        return []
    first = next((p for p in products if p.price is not None and p.size and p.unit == _BY_AREA), None)
    area = piece_area(first.size) if first and first.size else None
    if first is None or first.price is None or area is None:
        return []
    each = Money((first.price * Decimal(str(float(area)))).quantize(Decimal("0.1")))
    return [Say(say("recommend.piece", size=first.size or "", area=plain(area, 3), each=each))]


def from_to(turn: Turn, products: Sequence[Product], constraints: Constraints) -> list[Block]:
    """Say what the cheapest and the dearest of all that fit cost, when prices were asked for: 水泥多少钱一袋."""
    units = {product.unit for product in products}
    if "ask.price" not in turn.meaning.cues or len(units) != 1:
        return []
    ends = price_range(turn.catalogue, constraints.but(limit=None).query(turn.day))
    if ends is None or ends[0] == ends[1]:
        return []
    return [Say(say("recommend.from_to", low=Money(ends[0]), high=Money(ends[1], *units)))]


def put_right(turn: Turn) -> list[Block]:
    """Say why goods are not what they were asked for as: 国家级认证的涂料, which nobody may call them; 白送的瓷砖."""
    if turn.meaning.rule == "a button":
        return []
    if "ask.free" in turn.meaning.cues:
        return [Say(say("recommend.no_gifts"))]
    found = kinds(find_claims(turn.question.text, asked=True))
    remarks: list[Block] = [Say(claims[0].why) for kind, claims in found if kind in NEVER_SO]
    return remarks[:1]


def brand_lacking(turn: Turn, listed: bool) -> list[Block]:
    """Name the brand or the kind asked for that the catalogue does not have, before anything is shown."""
    blocks: list[Block] = []
    beside = tuple(word for word in turn.meaning.absent if _asked_beside(turn.meaning.text, word))
    if beside and listed:
        blocks.append(Say(say("recommend.absent", words=beside)))
    if turn.meaning.unknown:
        blocks.append(
            Say(say("recommend.unknown" if listed else "recommend.unknown_alone", words=turn.meaning.unknown))
        )
    return blocks


def _asked_beside(text: str, word: str) -> bool:
    """Tell whether a word stands in a list of what is wanted: 地板和踢脚线, 水泥沙子都要."""
    before, _, behind = text.partition(word)
    links = tuple(link for link in signs("link") if link.isalnum() or link == "、")
    return before.endswith(links) or behind.startswith((*links, *signs("both")))
