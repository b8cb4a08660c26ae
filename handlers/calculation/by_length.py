"""What is sold by its length: so many metres of pipe or wire with what is lost, and how many pieces or rolls that is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from handlers.answer_parts.choices import category_choice, handoff_choice
from handlers.answer_parts.price_range import price_range
from handlers.calculation.costs import within
from handlers.calculation.formulas import exact, plain
from handlers.turn import Answer, Block, Money, Note, Say, Turn, say
from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from catalog_db.records import Category
    from handlers.calculation.inputs import Inputs

_USUAL_LOSS = Fraction(5)  # percent, where nobody says more


def sold_by_length(turn: Turn, code: str, inputs: Inputs) -> Answer | None:
    """Return what a length takes of a kind that is sold by the metre, the piece or the roll; None for any other kind or without a length."""
    category = turn.catalogue.categories[code]
    unit = category.unit or ""
    length, each = _lengths(turn)
    if length is None or not (unit in signs("length_unit") or _usual(category, unit)):
        return None
    loss = inputs.loss_pct if inputs.loss_pct is not None else _loss_of(turn, code)
    metres = length * (1 + loss / 100)
    values: dict[str, Any] = {"category": category.name, "length": plain(length), "loss": plain(loss)}
    piece = _piece(turn, category, unit, each)
    elements: list[dict[str, Any]] = []
    blocks: list[Block] = []
    if unit in signs("length_unit"):
        amount = math.ceil(metres)
        elements.append({"category": code, "amount": amount, "unit": unit, "loss_pct": plain(loss)})
        blocks.append(Say(say("calculate.by_length", **values, amount=amount, unit=unit)))
        blocks += _cost(turn, code, amount, unit)
    if piece is not None:
        name, long, _ = piece
        count = math.ceil(metres / long)
        element = {"category": code, "amount": count, "unit": name, "loss_pct": plain(loss)}
        elements.append(element)
        if not blocks:
            blocks.append(Say(say("calculate.by_length", **values, amount=count, unit=name)))
            blocks += _cost(turn, code, count, name)
        blocks.append(Say(say("calculate.length_pieces", unit=name, each=plain(long), count=count)))
        if not piece[2]:
            blocks.append(Note(say("calculate.length_usual", unit=name, each=plain(long))))
    if inputs.loss_pct is None:
        blocks.append(Note(say("calculate.length_loss", loss=plain(loss))))
    return Answer(
        "calculate",
        blocks=tuple(blocks),
        choices=(category_choice(turn.catalogue, code), handoff_choice()),
        categories=(code,),
        quantities=tuple(elements),
    )


def _lengths(turn: Turn) -> tuple[Fraction | None, Fraction | None]:
    """Return how long all of it is and, where that was said, how long a piece is: 二十米,4米一根."""
    all_of_it, each = None, None
    for quantity in turn.meaning.quantities:
        if quantity.dimension != "length" or not quantity.value:
            continue
        value = exact(f"{quantity.value:f}")
        if quantity.per:
            each = value
        elif value >= 1:
            all_of_it = (all_of_it or Fraction(0)) + value
    return all_of_it, each


def _piece(turn: Turn, category: Category, unit: str, each: Fraction | None) -> tuple[str, Fraction, bool] | None:
    """Return what a piece is called, how long it is and whether the asker said so; None where pieces are not asked for."""
    text = turn.meaning.text
    for name, metres in _usual_pieces(category):
        asked = any(f"{many}{name}" in text for many in signs("how_many_of"))
        if asked or name == unit or (each is not None and name in text):
            return name, each or metres, each is not None
    return None


def _usual_pieces(category: Category) -> Iterator[tuple[str, Fraction]]:
    names = (category.name, *category.synonyms)
    for words, unit, metres in _piece_lengths():
        if any(word in name for word in words for name in names):
            yield unit, metres


@cache
def _piece_lengths() -> tuple[tuple[tuple[str, ...], str, Fraction], ...]:
    """Return of the kinds with some word in their name what a piece is called and how long it is in metres."""
    said = rows(WORDS / "piece_lengths.tsv")
    return tuple((tuple(words.split("|")), unit, Fraction(metres)) for words, unit, metres in said)


def _usual(category: Category, unit: str) -> bool:
    """Tell whether a kind is sold in pieces whose usual length is known."""
    return any(name == unit for name, _ in _usual_pieces(category))


def _loss_of(turn: Turn, code: str) -> Fraction:
    path = (turn.catalogue.categories[step].loss_pct for step in reversed(turn.catalogue.path(code)))
    return next((exact(str(loss)) for loss in path if loss is not None), _USUAL_LOSS)


def _cost(turn: Turn, code: str, amount: int, unit: str) -> Iterator[Block]:
    """Yield what it comes to from the cheapest to the dearest that is sold in this unit."""
    category = turn.catalogue.categories[code]
    asked = turn.meaning.constraints.but(categories=(code,), price_min=None, price_max=None, limit=None, sort=None)
    prices = price_range(turn.catalogue, asked.query(turn.day)) if category.unit == unit else None
    if prices is not None:
        low, high = (Money(price * Decimal(amount)) for price in prices)
        low_price, high_price = (Money(price, unit) for price in prices)
        yield Say(say("calculate.cost_range", low_price=low_price, high_price=high_price, low=low, high=high))
        yield from (Say(line) for line in within(turn.meaning.constraints.budget, low.amount, high.amount))
