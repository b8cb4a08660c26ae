"""What there is to choose from in a list: the brands with how many each has, the colours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from handlers.context.persons import litres_for_each, people_in
from handlers.rules.lists import FOR_PEOPLE, OTHER_COLORS, OTHER_SIZES, WHOSE_IS_MOST
from handlers.turn import Block, Say, Turn, say

if TYPE_CHECKING:
    from catalog_db.search.query import SearchResult

_MOST_BRANDS = 8
_MOST_COLORS = 8
_SIZED = 100  # products of a kind that tell in which sizes it is sold
_LOOKED_AT = 20  # products of a kind that tell how it is packed


def variety_of(turn: Turn, result: SearchResult) -> list[Block]:
    """Name the brands or colours that a list has, when that was asked: those with most products first."""
    if "ask.brands" in turn.meaning.cues or turn.meaning.rule == WHOSE_IS_MOST:
        return _brands(turn, result)
    if turn.meaning.rule == FOR_PEOPLE:
        return list(_for_people(turn))
    if turn.meaning.rule == OTHER_SIZES:
        return list(_sizes(turn))
    if "aspect.capacity" in turn.meaning.cues:
        return list(_packs(turn))
    which = "aspect.colors" in turn.meaning.cues and not turn.meaning.constraints.color  # 地砖有几种颜色
    return _colors(result) if which or turn.meaning.rule == OTHER_COLORS else []


def _packs(turn: Turn) -> Iterator[Block]:
    """Say in which packs a kind is sold, the most frequent first: 一袋水泥多少斤."""
    found = turn.catalogue.found(turn.meaning.constraints.query(turn.day, limit=_LOOKED_AT))
    packs = Counter(product.capacity for product in found if product.capacity)
    if packs:
        yield Say(say("recommend.packs", packs=tuple(pack for pack, _ in packs.most_common(_MOST_COLORS))))


def _sizes(turn: Turn) -> Iterator[Block]:
    """Say in which sizes, or packs where none is told, a kind is sold, the most frequent first; that none is told, too."""
    found = turn.catalogue.found(turn.meaning.constraints.query(turn.day, limit=_SIZED))
    sizes = Counter(product.size for product in found if product.size)
    sizes = sizes or Counter(product.capacity for product in found if product.capacity)
    if not sizes:
        yield Say(say("recommend.no_sizes"))
        return
    told = sizes.most_common(_MOST_COLORS)
    names = tuple(say("recommend.brand_count", name=name, count=count) for name, count in told)
    more = len(found) == _SIZED or len(sizes) > len(told)
    yield Say(say("recommend.some_sizes" if more else "recommend.sizes", names=names))


def _for_people(turn: Turn) -> Iterator[Block]:
    """Say how large it should be for so many people and by which figure, or that there is none."""
    people = people_in(turn.meaning.quantities) or 1
    each = litres_for_each(turn.meaning.constraints.categories, turn.catalogue)
    if each is None:
        yield Say(say("recommend.people_unknown"))
        return
    least, most = each
    low, high = least * people, most * people
    yield Say(say("recommend.for_people", people=people, low=low, high=high, least=least, most=most))
    if not turn.meaning.constraints.capacity:
        yield Say(say("recommend.none_for_people"))


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
