"""寿光市有 12 人收藏: what neighbours keep, said beside a product. The channel counts; an order never depends on it.

A channel that keeps no lists has nothing to count and says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from catalog_db.places import load_places
from handlers.turn import Answer, Block, Card, Listing, Text, say

_SHOWN_IN = frozenset({"recommend", "detail"})


def county_of(place: str | None) -> str | None:
    """Return the county of a place; None where only a city or a province is known: a neighbour is somebody of one's county."""
    return place if place and not place.endswith("00") and place in load_places() else None


def products_of(answer: Answer) -> tuple[str, ...]:
    """Return the products of which it may be told beside an answer: those of a list and of a card."""
    return answer.products if answer.intent in _SHOWN_IN else ()


def with_neighbours(answer: Answer, county: str, people: Mapping[str, int]) -> Answer:
    """Say how many people of a county keep what is shown. `people`: product → how many, those alone that may be told."""
    if not people:
        return answer
    name = load_places().name(county) or county
    told = {sku: say("neighbours.kept", county=name, people=count) for sku, count in people.items()}
    return answer.with_(blocks=tuple(_told(block, told) for block in answer.blocks))


def _told(block: Block, told: Mapping[str, Text]) -> Block:
    if isinstance(block, Card):
        line = told.get(_sku(block.ref))
        return replace(block, rows=(*block.rows, (say("label.neighbours"), line))) if line else block
    if not isinstance(block, Listing):
        return block
    entries = (
        replace(entry, lines=(*entry.lines, line)) if (line := told.get(_sku(entry.ref))) else entry
        for entry in block.entries
    )
    return Listing(tuple(entries))


def _sku(ref: tuple[str, str] | None) -> str:
    return ref[1] if ref and ref[0] == "product" else ""
