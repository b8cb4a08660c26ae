"""What narrows a wide kind to the word said for a narrower one that the catalogue has no category of: 厨房门, 木纹砖, PPR水管."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from handlers.context.counted import counted, kinds_of
from handlers.context.kind_attributes import all_names
from handlers.context.properties_of_kind import attribute_holding
from handlers.understanding.interpretation import Constraints
from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

_ANY_DAY = date(2000, 1, 1)  # titles do not depend on the day
_LOOKED_AT = 20  # titles that tell what a word of them is
_MOST_KINDS = 3  # kinds that a word of their titles is taken for
_LEAST_STEM = 2  # characters before the end of a word that may tell a property


@cache
def place_names() -> Mapping[str, tuple[str, ...]]:
    """Return the name of each place by the words for it: 卫生间 for 浴室."""
    return {
        surface: (concept,) for surface, kind, concept, *_ in rows(WORDS / "lexicon" / "rooms.tsv") if kind == "room"
    }


def narrowed(catalogue: Catalogue, values: dict[str, Any], said: str) -> dict[str, Any]:
    """Return what narrows a wider kind to the word said: the place in 厨房龙头, else the whole word in the title."""
    names = [name for code in values["categories"] for name in all_names(code, catalogue)]
    ending = max((name for name in names if said.endswith(name)), key=len, default="")
    place = said.removesuffix(ending)
    if ending and place in catalogue.vocabulary.scenes:
        return {"scenes": tuple(dict.fromkeys((*values.get("scenes", ()), place)))}
    made = next((sign for sign in signs("made_so") if said.startswith(sign) and sign != said), "")
    made = made or (place if ending and len(place) > 1 else "")  # 仿古砖 where titles say 仿古地砖
    if made and not _titled(catalogue, values, said) and _titled(catalogue, values, made):
        return {"title_words": (*values.get("title_words", ()), made)}  # 台上盆 where titles say 台上洗面盆
    if _titled(catalogue, values, said):
        return {"title_words": (*values.get("title_words", ()), said)}
    told = _elsewhere(catalogue, values, said) or told_by_its_goods(catalogue, values, said)
    return told or {"title_words": (*values.get("title_words", ()), said)}


def told_by_its_goods(catalogue: Catalogue, values: dict[str, Any], said: str) -> dict[str, Any]:
    """Return what of the goods tells them apart that a word narrows: 木纹砖 by the 纹理, PPR水管 by what it is of, 卫生间门 by its place.

    Of a wider kind only the narrower ones stay that end as the word does: no windows for 卫生间门.
    """
    size, kinds = _longest_ending(catalogue, values["categories"], said)
    rest = said[:-size] if size else ""
    if len(rest) < _LEAST_STEM:
        return {}
    probe = Constraints(categories=kinds)
    place = next((one for one in (rest, *place_names().get(rest, ())) if one in catalogue.vocabulary.scenes), "")
    if place and counted(catalogue, probe.but(scenes=(place,))):
        there = tuple(code for code in kinds if counted(catalogue, Constraints(categories=(code,), scenes=(place,))))
        return {"categories": there, "scenes": tuple(dict.fromkeys((*values.get("scenes", ()), place)))}
    if held := attribute_holding(catalogue, kinds, rest):
        return {"categories": kinds, "attributes": {**values.get("attributes", {}), **held}}
    if counted(catalogue, probe.but(features=(rest,))):
        return {"categories": kinds, "features": tuple(dict.fromkeys((*values.get("features", ()), rest)))}
    return {}


def _longest_ending(catalogue: Catalogue, categories: tuple[str, ...], said: str) -> tuple[int, tuple[str, ...]]:
    """Return how many last characters of a word end a name of a kind or of one below it, and the kinds whose names they end."""
    under = sorted(catalogue.under(categories))
    for size in range(len(said) - _LEAST_STEM, 0, -1):
        kinds = tuple(code for code in under if any(name.endswith(said[-size:]) for name in all_names(code, catalogue)))
        own = tuple(code for code in categories if code in kinds)
        if kinds:
            return size, own or kinds
    return 0, ()


def _titled(catalogue: Catalogue, values: dict[str, Any], word: str) -> bool:
    return bool(counted(catalogue, Constraints(categories=values["categories"], title_words=(word,))))


def _elsewhere(catalogue: Catalogue, values: dict[str, Any], said: str) -> dict[str, Any]:
    """Return the kinds whose titles name by a word what none of the wider kind's does: 地漏 that stands among the 五金.

    A title that only begins a longer word with it names something else: 彩钢瓦隔热漆 is no 彩钢瓦.
    """
    titled = Constraints(title_words=(said,))
    if counted(catalogue, titled.but(categories=values["categories"])):
        return {}
    kinds = tuple(kind for kind in kinds_of(catalogue, titled)[:_MOST_KINDS] if _named_so(catalogue, titled, kind))
    return {"categories": kinds, "title_words": (said,)} if kinds else {}


def _named_so(catalogue: Catalogue, titled: Constraints, kind: str) -> bool:
    """Tell whether a title of a kind ends a word with the word that all of these have."""
    found = catalogue.found(titled.but(categories=(kind,), limit=_LOOKED_AT).query(_ANY_DAY))
    ends = re.compile(re.escape(titled.title_words[0]) + r"(?![\u4e00-\u9fff])")
    return any(ends.search(product.title) for product in found)
