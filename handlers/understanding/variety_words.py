"""Words for varieties of a category: 球阀 where the catalogue has one kind of 阀门, 连体马桶 where it has 马桶."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from handlers.understanding.normalise import normalise
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Category

ENOUGH = 3  # goods of a variety that make a list of their own; of fewer the whole kind is shown
_LEAST_STEM = 2  # characters of a word that are none without its last one
Parents = Mapping[str, str]  # concept → the one above it


class VarietyWords(NamedTuple):
    """Word → what titles may have for it; `apart`: those that are things of their own, so that a lack is worth saying, and
    how many goods of them make a list: one where the category is only a drawer for several kinds (合页, 拉手 and 滑轨).
    """

    words: Mapping[str, tuple[str, ...]]
    apart: Mapping[str, int]


def variety_words(
    catalogue: Catalogue, parents: Parents, codes: Mapping[str, tuple[str, ...]], surfaces: Mapping[str, set[str]]
) -> VarietyWords:
    """Return the words that say more than the name of the category that they are bound to."""
    apart, least = _apart(catalogue, parents, codes, surfaces)
    described = _described(catalogue, codes, surfaces)
    made = {word: several for word, several in described.items() if several[-1] in signs("made_so")}
    return VarietyWords(described | apart | made, least | dict.fromkeys(made, 1))  # 推拉窗 is no 平开窗


def _apart(
    catalogue: Catalogue, parents: Parents, codes: Mapping[str, tuple[str, ...]], surfaces: Mapping[str, set[str]]
) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    """Note the words of a concept that is only a synonym of a wider concept's category, or one of several sisters in it."""
    words: dict[str, tuple[str, ...]] = {}
    least: dict[str, int] = {}
    for concept in parents:
        above = _above(concept, parents)
        for category in (catalogue.categories[code] for code in codes.get(concept, ())):
            name = _folded(category.name)
            wider = any(name in surfaces[other] for other in above)
            if name not in surfaces[concept] and (wider or _has_sisters(category, concept, parents)):
                words |= {word: _in_titles(word, concept, surfaces[concept]) for word in surfaces[concept]}
                least |= dict.fromkeys(surfaces[concept], ENOUGH if wider else 1)
    return words, least


def _above(name: str, parents: Parents) -> list[str]:
    """Return the concepts above one, the nearest first."""
    above: list[str] = []
    while (name := parents[name]) in parents and name not in above:
        above.append(name)
    return above


def _has_sisters(category: Category, concept: str, parents: Parents) -> bool:
    """Tell whether a category keeps several kinds of one wider kind together: 合页, 拉手 and 滑轨."""
    kinds = {word for word in map(_folded, category.synonyms) if word in parents}
    return bool(parents[concept]) and any(parents[one] == parents[concept] for one in kinds - {concept})


def _described(
    catalogue: Catalogue, codes: Mapping[str, tuple[str, ...]], surfaces: Mapping[str, set[str]]
) -> dict[str, tuple[str, ...]]:
    """Note the words that say more than the kind's own word at their end: 连体|马桶, 虹吸|马桶; or how it is made: 台下|盆."""
    result: dict[str, tuple[str, ...]] = {}
    names = {_folded(name) for category in catalogue.categories.values() for name in _names(category)}
    for concept in codes:
        for word in surfaces[concept] - names:
            stem = word.removesuffix(max((end for end in surfaces[concept] if _ends(word, end)), key=len, default=""))
            made = next((sign for sign in signs("made_so") if word.startswith(sign)), "")
            if _LEAST_STEM <= len(stem) < len(word):
                result[word] = (word, stem)
            elif made and made != word:
                result[word] = (word, made)
    return result


def _ends(word: str, end: str) -> bool:
    return word != end and word.endswith(end)


def _in_titles(word: str, concept: str, alike: Iterable[str]) -> tuple[str, ...]:
    """Return a word, those that mean the same, and what tells it apart from the kind: 琉璃 of 琉璃瓦."""
    words = (word, _folded(concept), *sorted(alike))
    stems = (one[:-1] for one in words[:2] if len(one) > _LEAST_STEM)
    return tuple(dict.fromkeys((*words, *stems)))


def _folded(text: str) -> str:
    return normalise(text).text.strip()


def _names(category: Category) -> tuple[str, ...]:
    return (category.name, *category.synonyms)
