"""What there is to choose from in a list: the brands with how many each has, the colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.list_rules import OTHER_COLORS, WHOSE_IS_MOST
from handlers.turn import Block, Say, Turn, say

if TYPE_CHECKING:
    from catalog_db.search.query import SearchResult

_MOST_BRANDS = 8
_MOST_COLORS = 8


def variety_of(turn: Turn, result: SearchResult) -> list[Block]:
    """Name the brands or colours that a list has, when that was asked: those with most products first."""
    if "ask.brands" in turn.meaning.cues or turn.meaning.rule == WHOSE_IS_MOST:
        return _brands(turn, result)
    return _colors(result) if turn.meaning.rule == OTHER_COLORS else []


def _brands(turn: Turn, result: SearchResult) -> list[Block]:
    counted = [
        (brand.name, count)
        for code, count in result.facets.get("brand", {}).items()
        if (brand := turn.catalogue.brands.get(code))
    ]
    if not counted:
        return []
    counted.sort(key=lambda pair: -pair[1])
    names = tuple(say("recommend.brand_count", name=name, count=count) for name, count in counted[:_MOST_BRANDS])
    return [Say(say("recommend.brands", names=names, total=len(counted)))]


def _colors(result: SearchResult) -> list[Block]:
    counted = sorted(result.facets.get("color", {}).items(), key=lambda pair: -pair[1])[:_MOST_COLORS]
    if not counted:
        return [Say(say("recommend.no_colors"))]
    names = tuple(say("recommend.brand_count", name=name, count=count) for name, count in counted)
    return [Say(say("recommend.colors", names=names))]
