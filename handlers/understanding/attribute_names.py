"""Which attribute of the catalogue the words before an amount name, in its own words or in others: 离墙|四十公分 is the 坑距."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from handlers.understanding.measures import figure_of
from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from handlers.understanding.spans import Quantity

LABEL = 3  # characters before an amount that may name it: 坑距三百


def attribute_named(text: str, start: int, end: int, attributes: Iterable[str]) -> str | None:
    """Return the attribute named by what stands right before an amount or in it, None for most."""
    said = text[max(start - LABEL, 0) : end]
    name = next((name for name in attributes if name in said), None)
    return name or attribute_called(text, start, attributes)


def attribute_called(text: str, start: int, attributes: Iterable[str]) -> str | None:
    """Return the attribute that other words than its name stand for, right before an amount."""
    before = text[:start].rstrip("".join(signs("about_so_much")))  # 离墙|大概|四十公分
    called = next((name for name, said in _called() if before.endswith(said)), "")
    return next((name for name in attributes if called in name), None) if called else None


def weight_borne(
    text: str, weight: Quantity, attributes: Mapping[str, Sequence[str]]
) -> tuple[str, tuple[str, ...]] | None:
    """Return the attribute that tells what goods bear, with its values of a weight that words say so of: 托得住五十公斤."""
    name = attribute_called(text, weight.start, attributes)
    borne = tuple(value for value in attributes[name] if figure_of(value) == weight.value) if name else ()
    return (name, borne) if name and borne else None


@cache
def _called() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(said.split("|"))) for name, said in rows(WORDS / "attribute_names.tsv"))
