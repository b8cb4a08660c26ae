"""Many texts folded at once as code units: what `folding.fold_all` says, by a table of all characters.

Nearly every character folds to one other character whatever stands beside it. Lines with any other one, with spaces that
are to be thrown away, or with a spaced sign of multiplication are folded one by one.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.folding import fold_all
from catalog_db.search.terms import END, codes_of

Codes = NDArray[np.uint16]

_ODD, _SPACE, _CLOSE, _FIGURE, _POINT, _LETTER, _M, _X, _TIMES = range(1, 10)
_ALONE = ((0x20, 0x7F), (0xA1, 0x300), (0x370, 0x483), (0x2010, 0x2028), (0x2030, 0x205F), (0x2070, 0x2C00))
_ALONE_TOO = (
    (0x3000, 0x302A),
    (0x3030, 0x3099),
    (0x309B, 0x3130),
    (0x3200, 0x3400),
    (0xFF01, 0xFF9E),
    (0xFFE0, 0xFFE7),
)
_HAN = range(0x3400, 0xA000)  # they fold to themselves
_FEW = 8  # one line of so many folded alone is no loss


def folded_codes(lines: Sequence[str]) -> Codes:
    """Return the folded lines as UTF-16 code units, END behind each."""
    codes = codes_of(END.join(lines) + END) if lines else codes_of("")
    folds, kinds = _tables()
    kind = kinds.take(codes)
    closes = np.flatnonzero(kind == _CLOSE)
    if len(closes) != len(lines):
        return _one_by_one(lines)
    odd = _odd(kind)
    codes = folds.take(codes)
    spaced = _multiply(codes, kind)
    codes = _without_millimetres(codes, kind)
    if not len(odd) and not len(spaced):
        return codes
    bad = sorted({*np.searchsorted(closes, odd).tolist(), *np.searchsorted(closes, spaced).tolist()})
    return _one_by_one(lines) if len(bad) * _FEW > len(lines) else _spliced(codes, lines, bad)


def _one_by_one(lines: Sequence[str]) -> Codes:
    return codes_of(END.join(fold_all(lines)) + END)


def _spliced(codes: Codes, lines: Sequence[str], bad: list[int]) -> Codes:
    """Return the codes with some lines folded alone."""
    closes = np.flatnonzero(codes == ord(END))
    pieces: list[Codes] = []
    done = 0
    for number, text in zip(bad, fold_all([lines[number] for number in bad]), strict=True):
        begin = int(closes[number - 1]) + 1 if number else 0
        pieces += (codes[done:begin], codes_of(text))
        done = int(closes[number])
    return np.concatenate([*pieces, codes[done:]])


def _odd(kind: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return where a character stands that does not fold by the table, or a space that stays not."""
    odd = kind == _ODD
    space = kind == _SPACE
    gap = space | (kind == _CLOSE)
    odd[1:] |= space[1:] & gap[:-1]
    odd[:-1] |= gap[1:] & space[:-1]
    odd[:1] |= space[:1]
    return np.flatnonzero(odd)


def _multiply(codes: Codes, kind: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Write signs of multiplication between figures as `x`; return where one has a space beside it."""
    at = np.flatnonzero(kind == _TIMES)
    if not len(at):
        return at
    before, behind = kind[at - 1], kind[at + 1]  # before the first character stands the last END
    plain = at[(before == _FIGURE) & (behind == _FIGURE)]
    codes[plain], kind[plain] = ord("x"), _X
    spaced: NDArray[np.intp] = at[(before == _SPACE) | (behind == _SPACE)]
    return spaced


def _without_millimetres(codes: Codes, kind: NDArray[np.uint8]) -> Codes:
    """Leave out `mm` behind `800x800`."""
    first = kind == _M
    at = np.flatnonzero(first[:-1] & first[1:])
    behind = kind[at + 2]  # there: at least an END follows
    at = at[~((behind == _FIGURE) | (behind == _LETTER) | (behind == _M) | (behind == _X))]
    unit, begin = at, at
    while True:
        number = _is_number(kind[begin - 1]) & (begin > 0)
        if not number.any():
            break
        begin = begin - number
    sized = (begin < unit) & (begin > 1) & (kind[begin - 1] == _X) & _is_number(kind[begin - 2])
    unit = unit[sized]
    if not len(unit):
        return codes
    kept = np.ones(len(codes), bool)
    kept[unit] = kept[unit + 1] = False
    return codes[kept]


def _is_number(kind: NDArray[np.uint8]) -> NDArray[np.bool_]:
    number: NDArray[np.bool_] = (kind == _FIGURE) | (kind == _POINT)
    return number


@lru_cache(maxsize=1)
def _tables() -> tuple[Codes, NDArray[np.uint8]]:
    """Return for each code unit what it folds to, and of which kind that is."""
    folds = np.arange(65536, dtype=np.uint16)
    kinds = np.full(65536, _ODD, np.uint8)
    kinds[_HAN.start : _HAN.stop] = 0
    kinds[ord(END)] = _CLOSE
    kind_of = dict.fromkeys(string.ascii_lowercase, _LETTER) | dict.fromkeys(string.digits, _FIGURE)
    kind_of |= {" ": _SPACE, ".": _POINT, "m": _M, "x": _X} | dict.fromkeys("×*✕✖╳", _TIMES)
    for begin, end in (*_ALONE, *_ALONE_TOO):
        for character in map(chr, range(begin, end)):
            folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
            if len(folded) == 1 and folded < "\uffff" and not _meddles(character) and not _meddles(folded):
                folds[ord(character)] = ord(folded)
                kinds[ord(character)] = kind_of.get(folded, 0)
    return folds, kinds


def _meddles(character: str) -> bool:
    """Tell whether a character may join with its neighbour, or is a space to be looked at."""
    joins = unicodedata.combining(character) > 0 or "\u1100" <= character < "\u1200"
    return joins or (character.isspace() and character not in " \u3000")
