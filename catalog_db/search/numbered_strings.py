"""Names that are one of a few beginnings and a number, as skus mostly are: kept as two small numbers each.

`sku-0012345` is the beginning `sku-`, seven figures wide, and 12345. Names that are nothing of the kind stand apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.packed_strings import UPPER, PackedStrings
from catalog_db.search.storage import Sink, Store
from catalog_db.search.vocabulary import Strings

_ODD = 255  # the code of the beginning of a name that stands apart
_FIGURES = 18  # of a number at most, so that it is one of 63 bits
_SAMPLE = 1 << 16  # names in which beginnings are looked for
_SPREAD = 0x9E3779B1  # a prime
_SHARE = 16  # one of so many names may stand apart
_MANY = 16  # names that are read together
_ZERO, _NINE = ord("0"), ord("9")
_MIX = np.uint64(0x9E3779B97F4A7C15)

Numbers = NDArray[np.uint64]


def write_names(sink: Sink, name: str, strings: PackedStrings) -> None:
    """Keep strings as `names` reads them."""
    widths, numbers = _figures(strings)
    marks = _marks(strings, widths)
    codes, firsts = _codes(marks)
    odd = np.flatnonzero(codes == _ODD)
    starts, lengths = np.cumsum(strings.lengths) - strings.lengths, strings.lengths - widths
    table = [[_beginning(strings, int(starts[one]), int(lengths[one])), int(widths[one])] for one in firsts]
    numbers[odd] = np.arange(len(odd))
    if not table or len(odd) * _SHARE > len(codes) or not _same(strings, widths, firsts, codes):
        sink.put(f"{name}.beginnings", [])
        strings.write(sink, name)
        return
    each = max(-(-int(numbers.max()).bit_length() // 8), 1)
    sink.put(f"{name}.beginnings", table)
    sink.extend(f"{name}.codes", codes)
    sink.extend(f"{name}.numbers", numbers.astype("<u8").view(np.uint8).reshape(-1, 8)[:, :each].reshape(-1))
    strings.taken(odd).write(sink, f"{name}.odd")


def names(store: Store, name: str) -> Strings:
    """Return strings that `write_names` wrote; their order stands in an array."""
    beginnings = store.table(f"{name}.beginnings")
    return NumberedStrings(store, name, beginnings) if beginnings else Strings(store, name, ordered=False)


class NumberedStrings(Strings):
    """Strings of a few beginnings and a number."""

    def __init__(self, store: Store, name: str, beginnings: Sequence[tuple[str, int]]) -> None:
        codes, numbers = store.array(f"{name}.codes"), store.array(f"{name}.numbers")
        self._each = len(numbers) // max(len(codes), 1)
        self._many = codes, numbers.reshape(-1, self._each)
        self._codes, self._numbers = codes.data, numbers.data  # views: faster for one at a time
        self._forms = [f"{beginning.replace('%', '%%')}%0{width}d" for beginning, width in beginnings]
        self._odd = Strings(store, f"{name}.odd")
        self._order = store.array(f"{name[:-1]}_order")
        self._upper = store.array(f"{name[:-1]}_order.upper") if len(self) > UPPER else None

    def __len__(self) -> int:
        return len(self._codes)

    def raw(self, place: int) -> bytes:
        """Return a string as UTF-8."""
        return self.string(place).encode("utf-8", "surrogatepass")

    def string(self, place: int) -> str:
        """Return a string."""
        code, at = self._codes[place], place * self._each
        number = int.from_bytes(self._numbers[at : at + self._each], "little")
        return self._odd.string(number) if code == _ODD else self._forms[code] % number

    def strings(self, places: Sequence[int]) -> list[str]:
        """Return several strings."""
        pairs: Iterable[tuple[int, int]]
        if len(places) < _MANY:
            code_of, raw, each, number_of = self._codes, self._numbers, self._each, int.from_bytes
            pairs = [(code_of[at], number_of(raw[at * each : at * each + each], "little")) for at in places]
        else:
            codes, numbers = (column[np.asarray(places, np.intp)] for column in self._many)
            whole = np.zeros((len(places), 8), np.uint8)
            whole[:, : self._each] = numbers
            pairs = zip(codes.tolist(), whole.view("<u8")[:, 0].tolist(), strict=True)
        forms, odd = self._forms, self._odd
        return [odd.string(number) if code == _ODD else forms[code] % number for code, number in pairs]

    def all(self) -> list[str]:
        """Return all strings in their places."""
        return self.strings(range(len(self)))

    def containing(self, part: str) -> list[int]:
        """Return the places of all strings that contain a part."""
        return [place for place, string in enumerate(self.all()) if part in string]


def _figures(strings: PackedStrings) -> tuple[NDArray[np.int64], Numbers]:
    """Return how many figures each string ends with, and the number that they are."""
    ends = np.cumsum(strings.lengths)
    widths, numbers = np.zeros(len(ends), np.int64), np.zeros(len(ends), np.uint64)
    going = np.arange(len(ends))
    for step in range(_FIGURES):
        going = going[strings.lengths[going] > step]
        figures = strings.content[ends[going] - 1 - step]
        good = (figures >= _ZERO) & (figures <= _NINE)
        going = going[good]
        if not len(going):
            break
        numbers[going] += (figures[good] - np.uint8(_ZERO)).astype(np.uint64) * np.uint64(10**step)
        widths[going] += 1
    return widths, numbers


def _marks(strings: PackedStrings, widths: NDArray[np.int64]) -> Numbers:
    """Return a number for each string that is the same for the same beginning and width, and hardly ever for others; 0: no figures."""
    starts = np.cumsum(strings.lengths) - strings.lengths
    lengths = strings.lengths - widths
    marks = widths.astype(np.uint64)
    going = np.arange(len(starts))
    for step in range(int(lengths.max(initial=0))):
        going = going[lengths[going] > step]
        marks[going] = (marks[going] + strings.content[starts[going] + step]) * _MIX
    marks[widths == 0] = 0
    return marks


def _codes(marks: Numbers) -> tuple[NDArray[np.uint8], list[int]]:
    """Number the most frequent marks; return the number of each, and for each number a place that has it."""
    found, often = np.unique(marks[_sample(len(marks))], return_counts=True)
    often[found == 0] = 0
    best = np.sort(found[np.argsort(-often, kind="stable")[:_ODD]])
    best = best[best > 0]
    if not len(best):
        return np.full(len(marks), _ODD, np.uint8), []
    at = np.minimum(best.searchsorted(marks), len(best) - 1)
    codes = np.where(best[at] == marks, at, _ODD).astype(np.uint8)
    first = np.zeros(_ODD + 1, np.intp)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return codes, first[: len(best)].tolist()


def _sample(size: int) -> NDArray[np.int64]:
    """Return places spread over all of them, in no steps that what stands in turns could keep pace with."""
    if size <= _SAMPLE:
        return np.arange(size)
    spread: NDArray[np.int64] = np.arange(_SAMPLE) * _SPREAD % size
    return spread


def _same(strings: PackedStrings, widths: NDArray[np.int64], firsts: Sequence[int], codes: NDArray[np.uint8]) -> bool:
    """Tell whether all strings with one code really have one beginning and width."""
    good = codes != _ODD
    first = np.zeros(_ODD + 1, np.intp)
    first[: len(firsts)] = firsts
    other = first[codes[good]]
    lengths = strings.lengths - widths
    if (lengths[good] != lengths[other]).any() or (widths[good] != widths[other]).any():
        return False
    starts = np.cumsum(strings.lengths) - strings.lengths
    one, like, lengths = starts[good], starts[other], lengths[good]
    for step in range(int(lengths.max(initial=0))):
        if (lengths <= step).any():
            longer = lengths > step
            one, like, lengths = one[longer], like[longer], lengths[longer]
        if (strings.content[one + step] != strings.content[like + step]).any():
            return False
    return True


def _beginning(strings: PackedStrings, start: int, length: int) -> str:
    return strings.content[start : start + length].tobytes().decode("utf-8", "surrogatepass")
