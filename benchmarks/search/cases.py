"""What is searched and how answers are judged: our own made-up titles, or a copy of another bench folder."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.search import titles

Judge = Callable[[int, Sequence[int]], tuple[float, float]]  # number of a query, first ten titles → hit@10, strict@10


@dataclass(frozen=True)
class Cases:
    """Titles, queries with their classes, and the judge."""

    name: str
    titles: list[str]
    queries: list[tuple[str, str]]
    judge: Judge


def own(size: int, each: int) -> Cases:
    """Return our own made-up titles and questions."""
    goods = titles.goods(size)
    asked = titles.questions(goods, each)
    strictly = [[number for number, one in enumerate(goods) if question.fits(one)] for question in asked]

    def judge(number: int, first: Sequence[int]) -> tuple[float, float]:
        question = asked[number]
        hit = any(question.fits(goods[place], "size") for place in first[:10])
        good = sum(question.fits(goods[place]) for place in first[:10])
        return float(hit), good / min(10, len(strictly[number]))

    return Cases("own", [one.title for one in goods], [(one.text, one.group) for one in asked], judge)


def shared(folder: Path, size: int, each: int) -> Cases:
    """Return the titles and queries of a bench folder in which `gen.py SIZE` and `queries.py` have run."""
    sys.path.insert(0, str(folder))
    common: Any = importlib.import_module("common")
    scores = common.Eval(size)
    chosen: list[int] = []
    for group in titles.CLASSES:
        chosen += [number for number, query in enumerate(scores.Q) if query["cls"] == group][:each]

    def judge(number: int, first: Sequence[int]) -> tuple[float, float]:
        hit, strict = scores.score(chosen[number], list(first))
        return float(hit), float(strict)

    queries = [(scores.Q[number]["q"], scores.Q[number]["cls"]) for number in chosen]
    return Cases("shared", common.load_titles(size), queries, judge)
