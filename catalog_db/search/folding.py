"""Fold text so that what looks alike compares alike: full width, case, signs of multiplication and spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_TIMES = re.compile(r"(?<=[0-9]) ?[×*✕✖╳] ?(?=[0-9])")
_LATIN = re.compile(r"[a-z0-9][a-z0-9.+/\-]*")
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9][a-z0-9.+/\-]*")
_MILLIMETRES = re.compile(r"(?<![0-9.])([0-9.]+(?:x[0-9.]+)+)mm(?![a-z0-9])")
_PIECE = re.compile(r"[a-z0-9.]+")


def fold(text: str) -> str:
    """Return text in NFKC and lower case, one space between words, `800*800mm` written `800x800`. Idempotent."""
    return fold_all([text])[0]


def fold_all(texts: Iterable[str]) -> list[str]:
    """Fold many texts at once."""
    joined = "\n".join(" ".join(text.split()) for text in texts)
    joined = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", joined).casefold())
    lines = "\n".join(" ".join(line.split()) for line in joined.split("\n"))
    return _MILLIMETRES.sub(r"\1", _TIMES.sub("x", lines)).split("\n")


@lru_cache(maxsize=65536)
def word(text: str) -> str:
    """Return a word of the catalogue folded; remembered."""
    return fold(text)


@lru_cache(maxsize=65536)
def tight(text: str) -> str:
    """Return the folded text without any space: the form in which values of attributes are compared."""
    return fold(text).replace(" ", "")


def runs(folded: str) -> list[tuple[str, int]]:
    """Cut folded text into runs of Chinese characters and runs of Latin letters and digits, each with its beginning."""
    return [(match.group(), match.start()) for match in _RUN.finditer(folded)]


def is_han(run: str) -> bool:
    """Tell whether a run is one of Chinese characters."""
    return run[0] >= "\u3400"


def token(run: str) -> str:
    """Return a run of Latin letters and digits as it is compared: without signs at its end."""
    return run.rstrip(".+/-") or run


def tokens(folded: str) -> list[tuple[str, int]]:
    """Return the tokens of folded text with their beginnings; `pvc-u` is also `pvc` and `u`."""
    found: list[tuple[str, int]] = []
    for match in _LATIN.finditer(folded):
        whole = token(match.group())
        found.append((whole, match.start()))
        if not whole.isalnum():
            pieces = _PIECE.findall(whole)
            if len(pieces) > 1:
                found += [(piece, match.start()) for piece in pieces]
    return found
