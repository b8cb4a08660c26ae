"""What compiled loops read: the arrays of an index as one tuple, and typed units as one array of numbers."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Sequence
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from catalog_db.search.directory import Lists
from catalog_db.search.reranking import TOKEN_KINDS, alone
from catalog_db.search.segment import Segment
from catalog_db.search.sounds import SOUNDS, sounds
from catalog_db.search.storage import Array
from catalog_db.search.typed import Columns

_HERE = Path(__file__).parent
_LOOPS = ("packing", "weighing", "adding", "collecting", "comparing", "compiled")  # modules with compiled loops
_F = TypeVar("_F", bound=Callable[..., Any])

Bits = NDArray[np.uint64]
Numbers = NDArray[np.int64]
Often = NDArray[np.uint32]  # in how many texts each sound and each pair of sounds stands
# The parts of typed units and of a weighed plan, behind one another after the beginnings of all of them
CODES, HEARD, HEARD_ENDS, TOKEN_TERMS, OFTEN, JOINED, FILLERS, WORDS, WORD_ENDS, ALONE = range(10)
TERMS, TERM_ENDS, GRAM_WEIGHTS, FREQUENCIES, WEIGHTS, DOUBTFUL = range(6)


def compiled(function: _F) -> _F:
    """Compile a loop when it is first called, or read the compiled code from the cache; it runs beside other threads."""
    loop: Any = numba.njit(cache=True, nogil=True)(function)
    return cast(_F, loop)


def forget_older_loops(folder: Path = _HERE) -> bool:
    """Throw away compiled code that was made from other sources than those in the folder; tell whether there was any.

    The cache looks at the file of a loop alone, while loops of other files are compiled into it.
    """
    sources = b"".join(
        (folder / f"{name}.py").read_bytes() for name in (*_LOOPS, "plan", "reranking", "sounds", "terms")
    )
    stamp, kept = str(zlib.crc32(sources)), folder / "__pycache__" / "loops.stamp"
    try:
        if kept.exists() and kept.read_text(encoding="utf-8") == stamp:
            return False
        for name in _LOOPS:
            for file in kept.parent.glob(f"{name}.*.nb?"):
                file.unlink(missing_ok=True)
        kept.write_text(stamp, encoding="utf-8")
    except OSError:  # where nothing can be written nothing was kept either
        return False
    return True


class Shelves(NamedTuple):
    """The arrays of an index and of the table of sounds that the loops read."""

    postings: NDArray[np.uint16]
    terms: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    block_terms: Numbers
    block_postings: Numbers
    block_lists: Numbers
    shelf_starts: Numbers  # for each block where its sounds, pairs by first sound, tokens, tokens of one product begin
    several: NDArray[np.uint32]
    single_blocks: NDArray[Any]
    codes: NDArray[np.uint16]
    text_starts: NDArray[Any]
    rank: NDArray[np.uint32]
    sound_of: NDArray[np.uint16]
    class_of: NDArray[np.uint16]
    token_kinds: NDArray[np.uint8]
    lists: Lists

    @classmethod
    def of(cls, segment: Segment) -> Shelves:
        """Return the arrays of an index."""
        table = sounds()
        arrays = (
            segment.postings,
            segment.terms,
            segment.ends,
            np.array(segment.block_terms, np.int64),
            np.array(segment.block_postings, np.int64),
            np.array(segment.block_lists, np.int64),
            _shelf_starts(segment),
            segment.rare.several,
            segment.rare.single_blocks,
            segment.codes,
            segment.text_starts,
            segment.rank,
            table.of_code,
            table.class_of,
            TOKEN_KINDS,
        )
        fields: list[Any] = [*map(read_only, arrays), Lists(*map(read_only, Lists.of(segment.store)))]
        return cls(*fields)


def numbers_of(units: Columns, frequency: Callable[[int], int]) -> Numbers:
    """Return typed units as numbers, their parts behind one another; `frequency` says in how many texts a token stands."""
    codes, heard, tokens, words, joined, fillers = units
    often, word_ends = tokens, tokens  # nothing but zeros where there is no token
    if any(tokens):
        often = [frequency(token) if token else 0 for token in tokens]
        word_ends = [*accumulate(map(len, words))]
    parts: tuple[Sequence[int], ...] = (
        *(codes, [*chain.from_iterable(heard)], [*accumulate(map(len, heard))]),
        *(tokens, often, joined, fillers),
        *("".join(words).encode(), word_ends, (alone(tokens, words, joined),)),
    )
    return np.frombuffer(array("q", [*accumulate(map(len, parts), initial=len(parts) + 1), *chain(*parts)]), np.int64)


def _shelf_starts(segment: Segment) -> NDArray[np.int64]:
    """Return for each block where its single sounds, its pairs by their first sound, and its tokens begin and end; then
    those of one product, which are not looked for among the others.
    """
    firsts = np.array([*range(0, (SOUNDS + 2) * SOUNDS, SOUNDS), 0xFFFFFFFF], np.uint32)
    found = np.empty((segment.blocks, len(firsts) + 1), np.int64)
    for block, (first, last) in enumerate(pairwise(segment.block_terms)):
        several = segment.block_lists[block + 1] - segment.block_lists[block]
        found[block, :-1] = np.searchsorted(segment.terms[first : first + several], firsts)
        found[block, -1] = last - first
    return found


def read_only(array: Array) -> Array:
    """Return an array as the loops are compiled for it, whether it is mapped or in memory."""
    view = array.view()
    view.flags.writeable = False
    return view


@compiled
def part(packed: Numbers, number: int) -> Numbers:
    return packed[packed[number] : packed[number + 1]]
