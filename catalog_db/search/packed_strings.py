"""Many strings as bytes behind one another, and their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.columns import narrow
from catalog_db.search.storage import Sink

_WIDEST = 64  # bytes of a string up to which strings are put in order as numbers
_KEY = 1 << 64  # numbers that one key can be
GROUP = 8  # strings whose ends are told from one common base
UPPER = 1 << 16  # from this place on the upper bytes of places in an order stand apart
_NONE = np.zeros(0, np.uint8)
_N = TypeVar("_N", bound=np.generic)


@dataclass(frozen=True, slots=True)
class PackedStrings:
    """Strings as UTF-8 behind one another, and how many bytes each has."""

    content: NDArray[np.uint8]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, strings: Sequence[str]) -> PackedStrings:
        """Pack strings."""
        joined = "".join(strings)
        each: Sequence[str | bytes] = strings if joined.isascii() else [one.encode() for one in strings]
        lengths = np.fromiter(map(len, each), np.int64, len(strings))
        return cls(np.frombuffer(joined.encode(), np.uint8), lengths)

    @classmethod
    def joined(cls, parts: Sequence[PackedStrings]) -> PackedStrings:
        """Return the strings of all parts."""
        content = np.concatenate([np.zeros(0, np.uint8), *(part.content for part in parts)])
        return cls(content, np.concatenate([np.zeros(0, np.int64), *(part.lengths for part in parts)]))

    def order(self) -> NDArray[np.intp]:
        """Return the places of the strings in ascending order of their bytes."""
        count, widest = len(self.lengths), int(self.lengths.max(initial=0))
        ends = np.cumsum(self.lengths)
        if widest > _WIDEST:
            raw, starts = self.content.tobytes(), ends - self.lengths
            strings = [raw[begin:end] for begin, end in zip(starts.tolist(), ends.tolist(), strict=True)]
            return np.array(sorted(range(count), key=strings.__getitem__), np.intp)
        keys = self._keys(ends - self.lengths, widest)
        if len(keys) > 1:
            return np.lexsort(keys[::-1])
        return np.argsort(keys[0]) if keys else np.arange(count)

    def _keys(self, starts: NDArray[np.int64], widest: int) -> list[NDArray[np.uint64]]:
        """Return numbers that stand in the order of the strings, the first ones decide first: most often one is enough.

        Byte by byte: of a byte only which one it is among those that stand at this place of some string.
        """
        keys: list[NDArray[np.uint64]] = []
        room = 1  # how many numbers the last key can still be multiplied by
        lasts = np.maximum(self.lengths - 1, 0) + starts
        for step in range(widest):
            there = self.content.take(np.minimum(starts + step, lasts), mode="clip")
            there[self.lengths <= step] = 0
            known = np.zeros(256, bool)
            known[there] = True
            several = int(np.count_nonzero(known))
            if several == 1:
                continue
            if room < several:
                keys.append(np.zeros(len(there), np.uint64))
                room = _KEY
            keys[-1] *= np.uint64(several)
            keys[-1] += (np.cumsum(known) - 1).astype(np.uint64).take(there)
            room //= several
        return keys

    def taken(self, order: NDArray[np.intp]) -> PackedStrings:
        """Return the strings in another order."""
        content, _ = gathered(self.content, (np.cumsum(self.lengths) - self.lengths)[order], self.lengths[order])
        return PackedStrings(content, self.lengths[order])

    def write(self, sink: Sink, name: str) -> None:
        """Keep the strings as `vocabulary.Strings` reads them: without what all begin with, and where every one ends."""
        shared = self._shared()
        lengths = self.lengths - len(shared)
        kept = np.ones(len(self.content), bool)
        starts = np.cumsum(self.lengths) - self.lengths
        for place in range(len(shared)):
            kept[starts + place] = False
        ends = np.concatenate([[0], np.cumsum(lengths)])
        bases = ends[::GROUP]
        sink.extend(f"{name}.shared", np.frombuffer(shared, np.uint8))
        sink.extend(f"{name}.bytes", self.content[kept] if shared else self.content)
        sink.extend(f"{name}.bases", bases.astype(np.uint32))
        sink.extend(f"{name}.ends", narrow(ends - np.repeat(bases, GROUP)[: len(ends)]))

    def _shared(self) -> bytes:
        """Return what all strings begin with: looked for byte by byte."""
        count = int(self.lengths.min(initial=_WIDEST)) if len(self.lengths) else 0
        starts = np.cumsum(self.lengths) - self.lengths
        for place in range(count):
            if (self.content[starts + place] != self.content[place]).any():
                return self.content[:place].tobytes()
        return self.content[:count].tobytes()


def write_order(sink: Sink, name: str, places: NDArray[np.uint32]) -> None:
    """Keep places of strings in ascending order of the strings: the lower two bytes, and the upper ones when there are any."""
    sink.extend(f"{name}_order", places.astype(np.uint16))
    sink.extend(f"{name}_order.upper", narrow(places // np.uint32(UPPER)) if len(places) > UPPER else _NONE)


def gathered(
    numbers: NDArray[_N], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[_N], NDArray[np.int64]]:
    """Return stretches of an array behind one another, and where each begins."""
    begins = np.cumsum(lengths) - lengths
    if len(starts) and (starts[1:] == starts[:-1] + lengths[:-1]).all():  # they stand so already
        return numbers[starts[0] : starts[-1] + lengths[-1]], begins
    where = np.repeat(starts - begins, lengths)
    where += np.arange(len(where))
    return numbers[where], begins
