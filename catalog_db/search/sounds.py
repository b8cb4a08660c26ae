"""How Chinese sounds, as numbers: every character has a sound, every sound a syllable without tone.

Sound 0 is none (Latin letters, digits, signs). A character whose reading is not in the table has a sound of its own kind,
shared with a few others as rare. Readings come from `locales/zh_Hans_CN/pinyin.tsv`.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SOUNDS = 512  # numbers of sounds: about 400 syllables, the rest shared by characters without a known reading
_TABLE = Path(__file__).parents[2] / "locales" / "zh_Hans_CN" / "pinyin.tsv"
_HAN = range(0x3400, 0xA000)
_NEVER_TYPED = {"m", "n", "ng", "hm", "hng"}
_BEGINNINGS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_HU = {"": "fu", "i": "fei", "n": "fen", "o": "fo"}  # hu- as f-: hua fa, huang fang; these are spelled otherwise
_ENDINGS = ("ang", "eng", "ing")


@dataclass(frozen=True, slots=True)
class Sounds:
    """The table of sounds. Arrays are indexed by UTF-16 code unit or by sound."""

    fingerprint: int  # of the numbering: an index made with another one is of no use
    of_code: NDArray[np.uint16]  # code unit → sound
    heard: memoryview  # the same, faster for one at a time
    single: list[tuple[int]]  # each sound as the only one
    class_of: NDArray[np.uint16]  # sound → class of sounds that accents merge
    kinds: list[int]  # the same, faster for one at a time
    alike: dict[int, NDArray[np.intp]]  # sound → all sounds of its class
    number: dict[str, int]  # syllable as typed → sound
    name: dict[int, str]  # sound → syllable
    beginning: dict[str, tuple[int, ...]]  # beginning of a syllable → sounds
    initial: dict[str, tuple[int, ...]]  # first letter → sounds


@lru_cache(maxsize=1)
def sounds() -> Sounds:
    """Return the table, read once."""
    rows = [line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines() if line[:1].isalpha()][1:]
    number = {row[0]: place for place, row in enumerate(rows, start=1)}
    of_code = np.zeros(65536, np.uint16)
    of_code[_HAN.start : _HAN.stop] = len(rows) + 1 + np.arange(len(_HAN)) % (SOUNDS - len(rows) - 1)
    for syllable, first, *_ in rows:
        of_code[[ord(character) for character in first]] = number[syllable]
    typed = [syllable for syllable in number if syllable not in _NEVER_TYPED]
    classes = _classes(number)
    return Sounds(
        fingerprint=zlib.crc32(of_code.tobytes()),
        of_code=of_code,
        heard=memoryview(of_code.data),
        single=[(sound,) for sound in range(SOUNDS)],
        class_of=classes,
        kinds=classes.tolist(),
        alike={sound: np.flatnonzero(classes == classes[sound]) for sound in range(1, SOUNDS)},
        number={syllable: number[syllable] for syllable in typed},
        name={place: syllable for syllable, place in number.items()},
        beginning=_beginnings(typed, number),
        initial={key: value for key, value in _beginnings(typed, number).items() if len(key) == 1},
    )


def accent(syllable: str) -> str:
    """Return the syllable that all with the same one in an accent share: zh-z, ch-c, sh-s, n-l, hu-f, -ng and -n."""
    for beginning, merged in _BEGINNINGS:
        if syllable.startswith(beginning) and len(syllable) > len(beginning):
            syllable = merged + syllable[len(beginning) :]
            break
    if syllable.startswith("hu"):
        syllable = _HU.get(syllable[2:], f"f{syllable[2:]}")
    return syllable[:-1] if syllable.endswith(_ENDINGS) else syllable


def _classes(number: dict[str, int]) -> NDArray[np.uint16]:
    classes = np.arange(SOUNDS, dtype=np.uint16)
    seen: dict[str, int] = {}
    for syllable, place in number.items():
        classes[place] = seen.setdefault(accent(syllable), place)
    return classes


def _beginnings(typed: list[str], number: dict[str, int]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for syllable in typed:
        for end in range(1, len(syllable) + 1):
            found[syllable[:end]].append(number[syllable])
    return {key: tuple(value) for key, value in found.items()}
