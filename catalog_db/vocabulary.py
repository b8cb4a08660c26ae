"""The words that products use, counted while they load and kept with the catalogue."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from catalog_db.records import Vocabulary

MOST_VALUES = 500  # of one attribute: beyond, it is a number or a text and no word to recognise
MOST_WORDS = 20_000  # of each other kind
MOST_GONE = 2_000  # series that are off sale, so that whoever asks for one hears it
_OF_ONE_SERIES = 20  # products off sale that are kept of each


class WordCount:
    """Counts the words of products that may be shown."""

    def __init__(self) -> None:
        self._words: dict[str, dict[str, int]] = defaultdict(_counter)
        self._series: dict[str, dict[str, None]] = defaultdict(dict)
        self._attributes: dict[str, dict[str, int]] = defaultdict(_counter)
        self._batches: dict[str, None] = {}
        self._gone: dict[str, list[str]] = {}

    def add(self, file: str, values: Mapping[str, Any]) -> None:
        """Count a row of a file; products on sale and enterprises bring words, products off sale the name of their series."""
        if file == "products" and values["status"] == "on_sale":
            self._product(values)
        elif file == "products":
            self._off_sale(values)
        elif file == "enterprises" and values.get("batch"):
            self._batches[values["batch"]] = None

    def _product(self, values: Mapping[str, Any]) -> None:
        for name in ("features", "scenes"):
            for word in values.get(name, ()):
                self._words[name][word] += 1
        for name, field in (("colors", "color"), ("sizes", "size"), ("capacities", "capacity")):
            if word := values.get(field):
                self._words[name][word] += 1
        if series := values.get("series"):
            self._words["series"][series] += 1
            if brand := values.get("brand"):
                self._series[series][brand] = None
        for name, value in values.get("attributes", {}).items():
            self._attributes[name][value] += 1

    def _off_sale(self, values: Mapping[str, Any]) -> None:
        series = values.get("series")
        if series and (series in self._gone or len(self._gone) < MOST_GONE):
            skus = self._gone.setdefault(series, [])
            if len(skus) < _OF_ONE_SERIES:
                skus.append(values["sku"])

    def dump(self) -> str:
        """Give the vocabulary as JSON, most frequent words first, words of equal frequency in code order."""
        lists = {name: _frequent(self._words[name]) for name in ("features", "scenes", "colors", "sizes", "capacities")}
        series = {name: sorted(self._series[name]) for name in _frequent(self._words["series"])}
        attributes = {
            name: _frequent(counts) if len(counts) <= MOST_VALUES else _frequent(counts)[:MOST_VALUES]
            for name, counts in self._attributes.items()
        }
        content = {
            **lists,
            "batches": list(self._batches),
            "series": series,
            "attributes": attributes,
            "gone": self._gone,
        }
        return json.dumps(content, ensure_ascii=False)


def _counter() -> dict[str, int]:
    return defaultdict(int)  # a third of what a Counter costs


def _frequent(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda word: (-counts[word], word))[:MOST_WORDS]


def read_vocabulary(content: str) -> Vocabulary:
    """Read what `WordCount.dump` wrote."""
    if not content:
        return Vocabulary()
    data = json.loads(content)
    return Vocabulary(
        **{name: tuple(data[name]) for name in ("features", "scenes", "colors", "sizes", "capacities", "batches")},
        series=_tuples(data["series"]),
        attributes=_tuples(data["attributes"]),
        gone=_tuples(data.get("gone", {})),
    )


def _tuples(lists: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in lists.items()}
