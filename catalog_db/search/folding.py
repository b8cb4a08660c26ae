"""Fold text so that what looks alike compares alike: full width, case, signs of multiplication and spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_SIGN = re.compile(r"[×*✕✖╳]")
_LATIN = re.compile(r"[a-z0-9][a-z0-9.+/\-]*")
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9][a-z0-9.+/\-]*")
_AS_IT_IS = re.compile(r"[ -~\u3001\u3002\u3400-\u4dbf\u4e00-\u9fff]*")  # changes only its case
_MILLIMETRES = re.compile(r"mm(?![a-z0-9])")
_ODD_SPACE = re.compile(r"[\t\x0b\x0c\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_FIGURES = frozenset("0123456789")
_NUMBERS = _FIGURES | {"."}
_PIECE = re.compile(r"[a-z0-9.]+")
_UNIT = "(?:mm|cm|kg|ml|mpa|kwh|kw|db|m|g|l|w|v|a)"
_LENGTH = "(?:mm|cm|m)"
_NUMBER = "[0-9]+(?:[.][0-9]+)?"
# what is glued together: a size, a quantity before something else, a grade (dn110), a word
_GLUED = rf"{_NUMBER}{_LENGTH}?(?:x{_NUMBER}{_LENGTH}?)+|{_NUMBER}{_UNIT}(?=[a-z]{{2}}|[a-z]?[0-9]|$)|[a-z]{{2,}}{_NUMBER}|[a-z]{{2,}}"
_GLUED_PIECE = re.compile(_GLUED)
_GLUED_RUN = re.compile(f"(?:{_GLUED}){{2,}}")


def fold(text: str) -> str:
    """Return text in NFKC and lower case, one space between words, `800*800mm` written `800x800`. Idempotent."""
    folded = " ".join(text.split())
    if _AS_IT_IS.fullmatch(folded):
        folded = folded.lower()
    else:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold())
        folded = " ".join(folded.split())
    if _SIGN.search(folded):
        folded = _times(folded)
    return _without_millimetres(folded) if "mm" in folded else folded


def fold_all(texts: Iterable[str]) -> list[str]:
    """Fold many texts at once."""
    lines = list(texts)
    joined = "\n".join(lines)
    if joined.count("\n") != len(lines) - 1 or _ill_spaced(joined):
        joined = "\n".join(" ".join(text.split()) for text in lines)
    joined = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", joined).casefold())
    if _ill_spaced(joined):
        joined = "\n".join(" ".join(line.split()) for line in joined.split("\n"))
    return _without_millimetres(_times(joined)).split("\n")


def _ill_spaced(joined: str) -> bool:
    """Tell whether lines have more than single plain spaces between their words."""
    if joined[:1] == " " or joined[-1:] == " " or "  " in joined or " \n" in joined or "\n " in joined:
        return True
    return _ODD_SPACE.search(joined) is not None


def _times(text: str) -> str:
    """Write every sign of multiplication between two numbers as `x`, without spaces."""
    pieces: list[str] = []
    done = 0
    for sign in _SIGN.finditer(text):
        begin, end = sign.span()
        begin -= text[begin - 1 : begin] == " "
        end += text[end : end + 1] == " "
        if text[begin - 1 : begin] in _FIGURES and text[end : end + 1] in _FIGURES:
            pieces += (text[done:begin], "x")
            done = end
    return "".join((*pieces, text[done:])) if pieces else text


def _without_millimetres(text: str) -> str:
    """Leave out the unit behind `800x800`: sizes are in millimetres when they do not say."""
    pieces: list[str] = []
    done = 0
    for unit in _MILLIMETRES.finditer(text):
        end = at = unit.start()
        while at > done and text[at - 1] in _NUMBERS:
            at -= 1
        if done < at < end and text[at - 1] == "x" and text[at - 2 : at - 1] in _NUMBERS:
            pieces.append(text[done:end])
            done = unit.end()
    return "".join((*pieces, text[done:])) if pieces else text


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


def pieces(run: str) -> list[str]:
    """Return the tokens of a run of Latin letters and digits; `pvc-u` is also `pvc` and `u`, `dn110cqc` `dn110` and `cqc`."""
    whole = token(run)
    parts = [whole] if whole.isalnum() else _PIECE.findall(whole)
    found = [whole, *parts] if len(parts) > 1 else [whole]
    for part in parts:
        found += glued(part)
    return found


def glued(part: str) -> list[str]:
    """Return what is glued together in a part of a run, without signs but points: nothing, or two tokens and more."""
    if part.isalpha() or not _GLUED_RUN.fullmatch(part):
        return []
    cut = [_without_millimetres(piece) for piece in _GLUED_PIECE.findall(part)]
    return cut if len(cut) > 1 else []


def latin_runs(folded: str) -> list[str]:
    """Return the runs of Latin letters, digits and signs between them, in order."""
    found: list[str] = _LATIN.findall(folded)
    return found
