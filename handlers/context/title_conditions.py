"""Words that no table knows and titles of the goods have: they describe what is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from handlers.context.counted import counted
from handlers.context.idle_words import idle_words
from handlers.context.unread import bare, described, marks
from handlers.understanding.entries import GOODS
from handlers.understanding.interpretation import Constraints

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading

_NO_TITLE = ("ask.howmany", "ask.how", "ask.know", "ask.savings", "ask.guide")  # what says that no goods are described
_ANY_DAY = date(2000, 1, 1)  # titles do not depend on the day


def of_the_titles(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Take unknown words that describe the goods for words of their titles, where some have them: 无缝 of 墙布要无缝的."""
    wishes = _of_what_is_sold(reading)
    coded = marks(reading)
    if not values.get("categories") or reading.has(*_NO_TITLE):
        return {}
    idle = idle_words(reading, catalogue, values)
    refused = _refused(reading, catalogue, values)
    if refused:
        return {"exclude_features": tuple(dict.fromkeys((*values.get("exclude_features", ()), *refused)))}
    held = [value for several in values.get("attributes", {}).values() for value in several]
    words = [bare(word) for word in (*described(reading), *wishes) if not (any(map(str.isdigit, word)) or word in held)]
    words += (*coded, *idle)  # K11 of 防水 K11
    if held_in := held_by_properties(words, catalogue, values):
        return {"features": held_in}
    told = tuple(dict.fromkeys((*values.get("title_words", ()), *words)))
    if not words:
        return {}
    if counted(catalogue, Constraints(**{**values, "title_words": told})):
        return {"title_words": told}
    lacking = _parts(reading, wishes)
    return {"features": tuple(dict.fromkeys((*values.get("features", ()), *lacking)))} if lacking else {}


def _of_what_is_sold(reading: Reading) -> tuple[str, ...]:
    """Return the wishes but materials of something else that is named beside the goods: 铁 of 铁栏杆上刷的漆."""
    wishes: tuple[str, ...] = reading.slots.values.get("wishes", ())
    if not wishes:
        return ()
    sold = [span[:2] for span in reading.slots.goods[-1:]]
    of_others = {
        reading.text[one.start : one.end]
        for one, other in pairwise(reading.found.spans)
        if one.kind == "material" and one.end == other.start and other.kind in GOODS and other[:2] not in sold
    }
    return tuple(wish for wish in wishes if wish not in of_others)


def _parts(reading: Reading, wishes: Sequence[str]) -> list[str]:
    """Return the wishes for a part or a material that we know, as conditions even where no product has it: 入户门要带指纹锁的."""
    things = {reading.text[s.start : s.end] for s in reading.found.spans if s.kind in GOODS or s.kind == "material"}
    return [bare(wish) for wish in wishes if wish in things]


def held_by_properties(words: Sequence[str], catalogue: Catalogue, values: dict[str, Any]) -> tuple[str, ...]:
    """Return the properties asked for with those of the kind that hold a word said: 可视猫眼 for 带猫眼的; () unless each word is in one."""
    found = list(values.get("features", ()))
    for word in words:
        longer = [one for one in catalogue.vocabulary.features if word in one and word != one]
        probes = (Constraints(**{**values, "features": (*found, one)}) for one in longer)
        held = [one for one, probe in zip(longer, probes, strict=True) if counted(catalogue, probe)]
        if len(held) != 1:
            return ()  # none, or nobody knows which
        found += held
    return tuple(dict.fromkeys(found)) if words else ()


def _refused(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> list[str]:
    """Return the refused words that no column explains and titles of the kind have: 连体 of 马桶不要连体的, 平开 of 窗不要平开的."""
    found: list[str] = []
    known = values.get("exclude_features", ())
    made = tuple(span.surface for span in reading.found.spans if span.kind == "tail" and span.concept == "quality")
    for word in (*reading.residue, *made) if reading.scope.out and not values.get("exclude_categories") else ():
        start = reading.text.find(word)
        query = Constraints(categories=values["categories"], title_words=(bare(word),)).query(_ANY_DAY)
        told = any(bare(word) in feature for feature in known)  # 灯杆 of 含6米灯杆
        if not told and reading.scope.refuses(start, start + len(word)) and catalogue.count(query):
            found.append(bare(word))
    return found
