"""The first product of each part of an index in every order of a list.

Whoever wants the first five of ten million need not look at more parts than have one among them: no product stands before
the first of its part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.ordering import RANKED_BY
from catalog_db.search.selection import Places, Selection, inside, without
from catalog_db.search.storage import Array, Sink

if TYPE_CHECKING:
    from catalog_db.search.segment import Segment

PART = 1024  # products
FEWEST = 20  # parts: of fewer the first are found as quickly by looking at all
_RANK_BITS = 32
_AT_ONCE = 256  # parts whose first are looked for together
_SHARE = 4  # when one part of so many was looked at, looking at all is quicker

Keys = NDArray[np.int64]
Column = tuple[Array, int, bool]  # codes, how many values there are, whether the lowest comes first


def sort_keys(rank: Array, columns: Sequence[Column]) -> Keys:
    """Return a number for each product that grows in the order of some columns, unknown values last, then of popularity."""
    keys = rank.astype(np.int64)
    shift = _RANK_BITS
    for own, values, ascending in reversed(columns):
        codes, most = own.astype(np.int64), values + 1
        ranks = np.where(codes == 0, most, codes if ascending else most - codes)
        keys += ranks << shift
        shift += most.bit_length()
    return keys


def write_leaders(sink: Sink, rank: Array, columns: Mapping[str, tuple[Array, int]]) -> None:
    """Write where in each part the first product of every order stands; `columns`: codes and how many values there are.

    Of a column in which nothing is known no codes need to be there.
    """
    parts = -(-len(rank) // PART)
    for sort, by in RANKED_BY.items():
        own = [(*columns[name], ascending) for name, ascending in by if columns[name][1]]
        if parts < FEWEST or (by and not own):  # then popularity alone decides
            sink.extend(f"leaders.{sort}", np.zeros(0, np.uint16))
            continue
        for first in range(0, len(rank), PART * _AT_ONCE):
            some = slice(first, first + PART * _AT_ONCE)
            keys = sort_keys(rank[some], [(codes[some], values, ascending) for codes, values, ascending in own])
            whole = len(keys) // PART * PART
            sink.extend(f"leaders.{sort}", keys[:whole].reshape(-1, PART).argmin(axis=1).astype(np.uint16))
            if whole < len(keys):
                sink.extend(f"leaders.{sort}", np.array([keys[whole:].argmin()], np.uint16))


class Leaders:
    """Finds the first of a list by the first of each part."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._known: dict[str, tuple[Places, Keys]] = {}

    def keys(self, sort: str, places: Places) -> Keys:
        """Return a number for each place that grows in the order of a sort, then of popularity."""
        segment = self._segment
        columns = [
            (segment.column(name)[places], len(segment.values(name)), ascending)
            for name, ascending in RANKED_BY[sort]
            if len(segment.values(name))  # not known of a single product: the same for all
        ]
        return sort_keys(segment.rank[places], columns)

    def first(self, sort: str, wanted: int, selection: Selection) -> Places | None:
        """Return the places of the first so many of a selection in their order, fewer when no more pass.

        None: too many parts would have to be looked at.
        """
        parts, keys = self._touched(sort, selection)
        most = len(parts) // _SHARE
        places, own = np.zeros(0, np.intp), np.zeros(0, np.int64)
        done, step = 0, wanted + 1
        while done < len(parts) and done + step <= most:
            more = self._passing(np.sort(parts[done : done + step]), selection)
            places, own = np.concatenate([places, more]), np.concatenate([own, self.keys(sort, more)])
            done += step
            step *= 2
            near = own.argpartition(wanted - 1)[:wanted] if len(own) > wanted else np.arange(len(own))
            near = near[own[near].argsort()]
            places, own = places[near], own[near]
            if done >= len(parts) or (len(own) == wanted and own[-1] < keys[done]):
                return places
        return None

    def _touched(self, sort: str, selection: Selection) -> tuple[Places, Keys]:
        """Return the parts that a selection touches in the order of their first products, with the keys of these."""
        parts, keys = self._in_order(sort)
        touched = np.zeros(len(parts), bool)
        if len(parts):
            for first, last in selection.stretches:
                touched[first // PART : -(-last // PART)] = True
        mine = touched[parts]
        return parts[mine], keys[mine]

    def _in_order(self, sort: str) -> tuple[Places, Keys]:
        found = self._known.get(sort)
        if found is None:
            offsets = self._segment.store.array(f"leaders.{sort}")
            if not len(offsets):
                offsets = self._segment.store.array("leaders.recommended")
            keys = self.keys(sort, np.arange(len(offsets)) * PART + offsets)
            order = keys.argsort()
            found = self._known[sort] = (order, keys[order])
        return found

    def _passing(self, parts: Places, selection: Selection) -> Places:
        """Return the places of some parts, in ascending order, that pass a selection."""
        places = (parts[:, None] * PART + np.arange(PART)).reshape(-1)
        places = selection.passing(inside(places, selection.stretches))
        return without(places, selection.gone) if len(selection.gone) else places
