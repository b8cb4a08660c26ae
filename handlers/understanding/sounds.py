"""How Chinese characters sound, and what looks alike: frozen tables, and syllables loosened by the accents of the country.

A syllable is toneless pinyin with v for ü. Its *class* is the syllable as the Southwest and much of the South merge it:
zh/z, ch/c, sh/s; n/l/r; -ng/-n; ü/u; f/hu. Syllables are compared whole, never letter by letter: ni is not close to mi.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

_INITIAL_MERGERS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"))
_HU_MERGERS = {
    "hu": "fu", "hua": "fa", "huai": "fai", "huan": "fan", "huang": "fang", "hui": "fei", "hun": "fen", "hong": "feng", "huo": "fo",
}  # fmt: skip
_MAX_READINGS = 8  # of one word, all its characters' readings combined
_MAX_LETTERS = 6  # the longest syllables: zhuang, chuang, shuang


def syllable_class(syllable: str) -> str:
    """Loosen a syllable: zhuang → zuan, nong → lon, huang → fan, lv → lu."""
    loose = syllable.replace("v", "u")
    loose = _HU_MERGERS.get(loose, loose)
    for written, merged in _INITIAL_MERGERS:
        if loose.startswith(written):
            loose = merged + loose[len(written) :]
            break
    if loose.endswith("ng") and loose[-3:] != "ong":
        loose = loose[:-1]
    return loose


_REMEMBERED = 4_096  # runs of letters: every step asks anew for the same few


@dataclass(frozen=True)
class Sounds:
    """The readings of characters and the pairs that look alike. Every method takes normalised (Simplified) text.

    `readings[c]` are the toneless syllables of c, the usual one first. `look_alikes[c]` are the characters of our words
    that c is written for by mistake.
    """

    readings: Mapping[str, tuple[str, ...]]
    look_alikes: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, tuple[str, ...]] = field(init=False)
    syllables: frozenset[str] = field(init=False)
    class_of: Mapping[str, str] = field(init=False)
    _cuts: dict[str, tuple[int, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        syllables = {s for several in self.readings.values() for s in several}
        class_of = {s: syllable_class(s) for s in syllables}
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        classes = {}
        for char, several in self.readings.items():
            if several not in shared:
                shared[several] = tuple(dict.fromkeys(class_of[s] for s in several))
            classes[char] = shared[several]
        object.__setattr__(self, "classes", classes)
        object.__setattr__(self, "class_of", class_of)
        object.__setattr__(self, "syllables", frozenset(s.replace("v", "u") for s in syllables) | {"lv", "nv"})

    @classmethod
    def load(cls, locale_folder: Path) -> Sounds:
        """Read `pinyin.tsv` and `look_alikes.tsv` of a locale. Raises OSError when one is missing."""
        first: dict[str, str] = {}
        also: dict[str, list[str]] = {}
        for syllable, usual, more in _rows(locale_folder / "pinyin.tsv", 3):
            first.update(dict.fromkeys(usual, syllable))
            for char in more:
                also.setdefault(char, []).append(syllable)
        one = {s: (s,) for s in first.values()}
        readings = {c: one[s] if c not in also else (s, *also[c]) for c, s in first.items()}
        looks: dict[str, str] = {}
        for written, meant in _rows(locale_folder / "look_alikes.tsv", 2):
            looks[written] = looks.get(written, "") + meant
        return cls(readings, looks)

    def evidence(self, meant: str, written: str) -> str:
        """Say how a written character supports the one meant: = same, p same syllable, l near sound, s look-alike, or ""."""
        if meant == written:
            return "="
        ours, theirs = self.readings.get(meant), self.readings.get(written)
        if ours and theirs:
            if not set(ours).isdisjoint(theirs):
                return "p"
            looks = self.look_alikes.get(written)
            if looks and meant in looks:
                return "s"
            if not set(self.classes[meant]).isdisjoint(self.classes[written]):
                return "l"
        return ""

    def spellings(self, word: str) -> Iterator[tuple[str, ...]]:
        """Yield the syllables of a word, one tuple for each combination of readings (at most 8); nothing if a character is unknown."""
        several = [self.readings.get(c) for c in word]
        if all(several):
            for number, spelling in enumerate(product(*(s for s in several if s))):
                if number >= _MAX_READINGS:
                    return
                yield spelling

    def cuts(self, letters: str) -> tuple[int, ...]:
        """Return every place where a syllable may begin or end when the whole run of letters is pinyin; () when it is none."""
        known = self._cuts.get(letters)
        if known is None:
            known = self._cut(letters)
            if len(self._cuts) >= _REMEMBERED:
                self._cuts.clear()
            self._cuts[letters] = known
        return known

    def _cut(self, letters: str) -> tuple[int, ...]:
        size = len(letters)
        reach = [True] + [False] * size
        for start in range(size):
            if reach[start]:
                for end in range(start + 1, min(size, start + _MAX_LETTERS) + 1):
                    reach[end] = reach[end] or letters[start:end] in self.syllables
        if not reach[size]:
            return ()
        good = [False] * size + [True]
        for end in range(size, 0, -1):
            if good[end]:
                for start in range(max(0, end - _MAX_LETTERS), end):
                    if reach[start] and letters[start:end] in self.syllables:
                        good[start] = True
        return tuple(i for i in range(size + 1) if good[i] and reach[i])


def _rows(path: Path, columns: int) -> Iterable[list[str]]:
    """Yield the rows of a small table without comments and the line of column names."""
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    next(lines, None)
    for line in lines:
        cells = line.split("\t")
        yield cells + [""] * (columns - len(cells))
