"""How people say the values of attributes: 虹吸 for 虹吸式, 三个眼 for 三孔, 挂墙上 for 壁挂."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from handlers.understanding.amount_rules import grammar
from handlers.understanding.word_tables import WORDS, expression, rows, signs

_CLASS = re.compile(r"[a-z]级(?=.)")
_TWO_AND_TWO = re.compile("[一-鿿]{4}")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?([a-z一-鿿]+)")
_SHAPE = 2  # characters of 方形


def spoken_forms(word: str) -> list[str]:
    """Return a value and what people say for it; for one that begins with a figure (三玻两腔, 304不锈钢) its beginnings too."""
    spoken = [word]
    if len(word) >= 4 and expression("figure_first").match(word) and re.search(r"[一-鿿]", word):
        spoken += [word[:size] for size in range(2, len(word)) if not word[size - 1 : size + 1].isdigit()]
    if len(word) >= 3 and word.endswith(tuple(signs("made_way"))):
        spoken.append(word[:-1])  # 虹吸 for 虹吸式
    if _TWO_AND_TWO.fullmatch(word) and word[0] not in signs("denying"):
        spoken.append(word[2:])  # 虹吸 for 漩涡虹吸
    if len(word) > 3 and word[0] in signs("having"):
        spoken.append(word[1:])  # 6米灯杆 for 含6米灯杆
    if word[:1] not in signs("denying"):  # 不带漏保 is none of what is said for 漏保
        spoken += [said for form in forms_of_written() if form.held.search(word) for said in form.said]
    spoken += _counted(word)
    spoken += [match[1] + unit for match, units in _in_other_units(word) for unit in units]
    if match := _CLASS.match(word):
        spoken.append(match.group())  # C级 for C级锁芯
    return [surface for surface in spoken if not (expression("figure_only").fullmatch(surface) or _counts(surface))]


def _counts(surface: str) -> bool:
    """Tell whether the beginning of a value is an amount that may count anything: 5个 of 5个阴雨天."""
    match = _AMOUNT.fullmatch(surface)
    unit = grammar().units.get(match[1]) if match else None
    return unit is not None and unit.dimension in ("count", "rooms")


def named_forms(word: str, name: str) -> list[str]:
    """Return how a value is said with its attribute's name: 夹胶玻璃, C级锁芯 of 锁芯等级, 方顶喷 of a 顶喷 that is 方形."""
    stem = stem_of(name)
    forms = [word + one for one in dict.fromkeys((name, stem)) if one and one[0] not in word]
    if stem and len(word) > _SHAPE and not word.startswith(tuple(signs("denying"))):
        forms.append(word[:_SHAPE] + stem)  # 岩板台面 of 岩板一体盆
    if stem and len(word) == _SHAPE and word.endswith(tuple(signs("shaped"))):
        forms += [word[0] + stem, word[0] + "的" + stem]
    return [form for form in forms if re.search(r"[一-鿿]$", form) and not form[0].isdigit()]


def had_or_not(name: str, values: Sequence[str]) -> dict[str, list[str]]:
    """Return how it is said that there is something, or none of it, where some values say there is none: 带USB of USB接口=无."""
    stem = stem_of(name)
    none = [value for value in values if value in signs("none_value") or value.startswith(tuple(signs("denying")))]
    some = [value for value in values if value not in none]
    if not none or not some or len(stem) < _SHAPE:
        return {}
    there = {have + stem: some for have in signs("having_part")}
    return there | {lack + stem: none for lack in signs("lacking_part")}


def stem_of(name: str) -> str:
    """Return an attribute's name without what only says that it is one: 锁芯 of 锁芯等级."""
    tail = max((sign for sign in signs("attribute_tail") if name.endswith(sign)), key=len, default="")
    return name.removesuffix(tail)


class Form(NamedTuple):
    """What values hold, the first of its words, and what people say for it: 三层玻璃 for 三玻两腔."""

    held: re.Pattern[str]
    word: str
    said: tuple[str, ...]


@cache
def forms_of_written() -> tuple[Form, ...]:
    """Return what people say for what values hold."""
    return tuple(
        _form(written.split("|"), said.split("|")) for written, said, *_ in rows(WORDS / "attribute_forms.tsv")
    )


def _form(written: Sequence[str], said: Sequence[str]) -> Form:
    held = re.compile("|".join(rf"(?<![\d不无非]){re.escape(one)}" for one in written))
    return Form(held, written[0], tuple(said))


def other_units(unit: str) -> tuple[str, ...]:
    """Return what people say for a unit of values: 安 for A."""
    return _units().get(unit, ())


def _in_other_units(word: str) -> Iterator[tuple[re.Match[str], tuple[str, ...]]]:
    """Yield the figure that a value is with what people say for its unit: 16安 for 16A."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z°一-鿿]+)", word)
    if match and (units := other_units(match[2])):
        yield match, units


@cache
def _units() -> dict[str, tuple[str, ...]]:
    return {written: tuple(said.split("|")) for written, said, *_ in rows(WORDS / "value_units.tsv")}


def _counted(word: str) -> list[str]:
    """Return how the parts of a value are counted: 三个眼 for 三孔, 两个极 for 2P."""
    forms: list[str] = []
    for unit, parts in _parts():
        for match in unit.finditer(word):
            _, said, paired = next(known for known in _figures() if match[1] in (*known[1], *known[2]))
            forms += [f"{figure}个{part}" for figure in said for part in parts]
            forms += [f"{figure}{part}" for figure in (*said, *paired) for part in parts]
    return list(dict.fromkeys(forms))


@cache
def _parts() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """Return what finds the count of a part in a value, and the words for that part."""
    figures = "|".join(one for _, said, paired in _figures() for one in (*said, *paired))
    return tuple(
        (re.compile(rf"(?<![\d.])({figures}){re.escape(written)}(?!\+)"), tuple(said.split("|")))
        for written, said, *_ in rows(WORDS / "counted_parts.tsv")
    )


@cache
def counted_parts() -> tuple[str, ...]:
    """Return the words for parts that values count, the longest first."""
    return tuple(sorted({part for _, parts in _parts() for part in parts}, key=len, reverse=True))


@cache
def _figures() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    """Return how small figures are said before 个, and those that stand right before a part only: 双孔."""
    return tuple(
        (figure, tuple(said.split("|")), tuple(filter(None, paired.split("|"))))
        for figure, said, paired, *_ in rows(WORDS / "small_figures.tsv")
    )
