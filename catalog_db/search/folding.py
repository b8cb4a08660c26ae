"""Fold text so that what looks alike compares alike: full width, case, signs of multiplication and spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TIMES = re.compile(r"(?<=\d)\s*[×*✕✖╳]\s*(?=\d)")
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9][a-z0-9.+/\-]*")
_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """Return text in NFKC and lower case, with `800*800` written `800x800`. Idempotent."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _TIMES.sub("x", text)


@lru_cache(maxsize=65536)
def tight(text: str) -> str:
    """Return the folded text without any space: the form in which values of attributes are compared."""
    return _SPACE.sub("", fold(text))


def runs(folded: str) -> list[str]:
    """Cut folded text into runs of Chinese characters and runs of Latin letters and digits; all else separates."""
    return _RUN.findall(folded)


def is_han(run: str) -> bool:
    """Tell whether a run is one of Chinese characters."""
    return run[0] >= "\u3400"
