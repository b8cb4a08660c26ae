"""The spoken code of a list (口令): six characters that nobody mishears over the telephone or misreads on a wall.

The alphabet is 2 3 4 5 6 7 8 F H K M P X Y. Left out, in writing: 0 (O Q D), 1 (I L J, and 7 without its stroke), 9 (upside down a 6,
as q a g), Z (2), S (5), G (6), B (8), U V W (one hand writes them alike). Left out, in speech: of B C D E G P T V Z, which all
rhyme, all but P; of A H J K, all but H and K; N beside M; S beside F and X; R and L, which sound like 二 and start alike; 1 and 9, 幺/七 and
六/九. A code has at least one digit and one letter, so it is neither a number nor a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from handlers.phrases.sentences import text_of
from handlers.understanding.word_tables import WORDS, rows

DIGITS = "2345678"
LETTERS = "FHKMPXY"
ALPHABET = DIGITS + LETTERS
LENGTH = 6

_BETWEEN = re.compile(r"[\s\-·.,]+")


def new_code(below: Callable[[int], int]) -> str:
    """Draw a code; `below(n)` gives a number under n that nobody guesses."""
    while True:
        code = "".join(ALPHABET[below(len(ALPHABET))] for _ in range(LENGTH))
        if is_code(code):
            return code


def is_code(text: str) -> bool:
    """Tell whether this is how a code is written."""
    fits = len(text) == LENGTH and all(char in ALPHABET for char in text)
    return fits and any(char in DIGITS for char in text) and any(char in LETTERS for char in text)


def read_code(text: str) -> str | None:
    """Return the code that a message says: 口令 8k3f-7m, 口令是八K三F七M, or the bare code; None when it says none.

    What names a code (口令) and is none of ours is returned as it was said, for it was meant as one.
    """
    said = text_of(text)
    if _may_hold().search(said) is None:
        return None
    for word, plain in _heard():
        said = said.replace(word, plain)
    named = re.fullmatch(r"\$[^a-z0-9]*(.{1,20})", said)
    bare = _BETWEEN.sub("", named[1] if named else said).upper()
    if named and re.fullmatch(r"[A-Z0-9]{3,12}", bare):
        return bare
    return bare if is_code(bare) else None


def shown_code(code: str) -> str:
    """Write a code for people: two groups of three."""
    return f"{code[:3]} {code[3:]}"


@cache
def _may_hold() -> re.Pattern[str]:
    """Return what finds something that a code may be made of; most messages have nothing of it."""
    return re.compile("|".join(["[a-z0-9$]", *(re.escape(word) for word, _ in _heard())]), re.IGNORECASE)


@cache
def _heard() -> tuple[tuple[str, str], ...]:
    heard = [(word, plain) for word, plain, *_ in rows(WORDS / "spoken_code.tsv")]
    return tuple(sorted(heard, key=lambda row: -len(row[0])))
