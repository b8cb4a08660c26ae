"""Cues: the words and frames that tell what is asked (多少钱, 第二个, 除了…). The words are data, see `locales/`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs

from handlers.understanding.needed import needed_characters

# Roles of quantity_roles.tsv that by themselves change a calculation: 不算顶, 门窗不扣, 层高.
_CHANGES = frozenset({"ceiling", "no_ceiling", "openings", "no_openings", "loss", "height", "add"})
_NO_GROUPS: Mapping[str, tuple[int, int]] = {}
_LATIN = re.compile("[A-Za-z0-9]")


class Cue(NamedTuple):
    """A cue found: its name, where, and the named groups of its frame."""

    name: str
    start: int
    end: int
    groups: Mapping[str, tuple[int, int]] = _NO_GROUPS


@dataclass(frozen=True, slots=True)
class Cues:
    """All cues of an utterance, in order of place."""

    found: tuple[Cue, ...] = ()
    names: frozenset[str] = field(init=False, repr=False, compare=False)  # every name once

    def __post_init__(self) -> None:
        """Gather the names: the rules ask for them dozens of times."""
        object.__setattr__(self, "names", frozenset([cue.name for cue in self.found]))

    def of(self, *names: str) -> list[Cue]:
        """Return the cues of these names."""
        return [cue for cue in self.found if cue.name in names]

    def first(self, *names: str) -> Cue | None:
        """Return the first cue of these names, or None."""
        return next((cue for cue in self.found if cue.name in names), None)

    def has(self, *names: str) -> bool:
        """Tell whether one of the names was found."""
        return not self.names.isdisjoint(names)


class _Frame:
    """A pattern of cues, compiled when a text has one of the characters that it needs."""

    __slots__ = ("_pattern", "_source", "name", "needed")

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.needed = needed_characters(source)
        self._source = source
        self._pattern: re.Pattern[str] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return the compiled pattern."""
        if self._pattern is None:
            self._pattern = re.compile(self._source)
        return self._pattern


class CueScanner:
    """Finds cue words by one automaton and frames by their patterns."""

    def __init__(self, words: Iterable[tuple[str, str]], patterns: Iterable[tuple[str, str]]) -> None:
        """Take (surface, cue name) pairs and (cue name, regular expression) pairs."""
        names: dict[str, list[str]] = {}
        for surface, name in words:
            names.setdefault(surface, []).append(name)
        self._surfaces = list(names)
        self._names = [names[surface] for surface in self._surfaces]
        self._automaton = ahocorasick_rs.AhoCorasick(self._surfaces)
        self._frames = [_Frame(name, pattern) for name, pattern in patterns]
        self._always = [number for number, frame in enumerate(self._frames) if not frame.needed]
        self._by_character: dict[str, list[int]] = {}
        for number, frame in enumerate(self._frames):
            for char in frame.needed:
                self._by_character.setdefault(char, []).append(number)

    def scan(self, text: str, blocked: Sequence[tuple[int, int]] = ()) -> Cues:
        """Return the cues of a normalised text; one that lies inside a blocked word (or cuts it) is none."""
        latin = _LATIN.search(text) is not None
        found = [
            Cue(name, start, end)
            for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            if not (blocked and _cuts(start, end, blocked)) and not (latin and not _latin_edges(text, start, end))
            for name in self._names[index]
        ]
        for number in self._possible(text):
            frame = self._frames[number]
            for match in frame.pattern.finditer(text):
                groups = {key: match.span(key) for key, value in match.groupdict().items() if value is not None}
                if not groups and _cuts(match.start(), match.end(), blocked):
                    continue
                found.append(Cue(frame.name, match.start(), match.end(), groups))
        found = [cue for cue in found if cue.name != "chat.ok" or not _inside_another(cue, found)]
        found.sort(key=lambda cue: (cue.start, -cue.end, cue.name))
        return Cues(tuple(found))

    def _possible(self, text: str) -> list[int]:
        """Return the numbers of the frames that may match: those with a character that they need in the text."""
        known = self._by_character
        return sorted({*self._always, *(number for char in text for number in known.get(char, ()))})


def _cuts(start: int, end: int, blocked: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a cue lies inside a word or overlaps it in part; one that contains the whole word may stand."""
    for b_start, b_end in blocked:
        if start < b_end and end > b_start:
            whole = start <= b_start and end >= b_end and (start != b_start or end != b_end)
            if not whole:
                return True
    return False


def _inside_another(cue: Cue, found: Sequence[Cue]) -> bool:
    """Tell whether a longer cue holds this one: 好 in 你好 is no yes."""
    return any(
        other.start <= cue.start and cue.end <= other.end and (other.start, other.end) != (cue.start, cue.end)
        for other in found
    )


def _latin_edges(text: str, start: int, end: int) -> bool:
    """Refuse a Latin cue inside a longer Latin word: 'hi' in 'philips'."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not ((_latin(text[start]) and _latin(before)) or (_latin(text[end - 1]) and _latin(after)))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def load_scanner(locale: Path) -> CueScanner:
    """Read every lexicon/cues*.tsv and patterns.tsv of a locale folder."""
    words = [
        (cells[0], cells[2])
        for path in sorted((locale / "lexicon").glob("cues*.tsv"))
        for cells in read_table(path)
        if len(cells) > 2
    ]
    words += [
        (cells[0], f"calc.{cells[1]}") for cells in read_table(locale / "quantity_roles.tsv") if cells[1] in _CHANGES
    ]
    patterns = [(cells[0], cells[1]) for cells in read_table(locale / "patterns.tsv")]
    return CueScanner(words, patterns)


def read_table(path: Path) -> list[list[str]]:
    """Read a tab-separated table of words: comment lines start with '# ', the first other line names the columns."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("# ")]
    return rows[1:]
