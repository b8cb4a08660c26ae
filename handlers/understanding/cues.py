"""Cues: the words and frames that tell what is asked (多少钱, 第二个, 除了…). The words are data, see `locales/`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from handlers.understanding.described_frames import described_frames
from handlers.understanding.needed import Needed, needed_sets, only_at_the_beginning
from handlers.understanding.needed_words import NeededWords
from handlers.understanding.word_search import Hits, WordSearch
from handlers.understanding.word_tables import signs

# Roles of quantity_roles.tsv that by themselves change a calculation: 不算顶, 门窗不扣, 层高.
_CHANGES = frozenset({"ceiling", "no_ceiling", "openings", "no_openings", "loss", "height", "add"})
WORK = "work."  # what a cue begins with that asks what a piece of work needs: work.刷外墙
_NO_GROUPS: Mapping[str, tuple[int, int]] = {}
_ROWS = 3  # sets of characters looked at before a pattern is tried
_LATIN = re.compile("[A-Za-z0-9]")


class Cue(NamedTuple):
    """A cue found: its name, where, and the named groups of its frame."""

    name: str
    start: int
    end: int
    groups: Mapping[str, tuple[int, int]] = _NO_GROUPS


class Cues:
    """All cues of an utterance, in order of place. `names`: every name once; the rules ask for them dozens of times."""

    __slots__ = ("found", "names")

    def __init__(self, found: tuple[Cue, ...] = ()) -> None:
        self.found = found
        self.names = frozenset([cue.name for cue in found])

    def of(self, *names: str) -> list[Cue]:
        """Return the cues of these names."""
        if self.names.isdisjoint(names):
            return []
        return [cue for cue in self.found if cue.name in names]

    def first(self, *names: str) -> Cue | None:
        """Return the first cue of these names, or None."""
        if self.names.isdisjoint(names):
            return None
        return next((cue for cue in self.found if cue.name in names), None)

    def has(self, *names: str) -> bool:
        """Tell whether one of the names was found."""
        return not self.names.isdisjoint(names)


_NO_CUES = Cues()


class _Frame:
    """A pattern of cues, compiled when a text has one of the words that it needs."""

    __slots__ = ("_first_only", "_pattern", "_source", "name")

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self._source = source
        self._first_only = only_at_the_beginning(source)
        self._pattern: re.Pattern[str] | None = None

    def needs(self) -> Needed:
        """Return sets of characters, of each of which it needs one: at most three, more tell hardly more."""
        return needed_sets(self._source)[:_ROWS]

    def compiled(self) -> re.Pattern[str]:
        """Return the pattern, compiled now where it was not before."""
        if self._pattern is None:
            self._pattern = re.compile(_ended(self._source))
        return self._pattern

    def find(self, text: str) -> Iterable[re.Match[str]]:
        """Return the matches in a text, () for most."""
        pattern = self._pattern or self.compiled()
        if self._first_only:
            match = pattern.match(text)
            return () if match is None else (match,)
        return () if pattern.search(text) is None else pattern.finditer(text)


class _Needs(dict[int, Needed]):
    """What frames need, by their numbers, worked out when a text may hold it."""

    def __init__(self, frames: Sequence[_Frame]) -> None:
        super().__init__()
        self._frames = frames

    def __missing__(self, number: int) -> Needed:
        self[number] = needed = self._frames[number].needs()
        return needed


def _ended(source: str) -> str:
    """Return a pattern that ends with the text as one that a last particle may follow: 带绿标没 and 带绿标没呀 ask the same."""
    if not source.endswith("$") or source.endswith("\\$"):
        return source
    return f"{source[:-1]}[{''.join(sorted(signs('last_particle')))}]?$"


class CueScanner:
    """Finds cue words, and frames by their patterns, which are tried where a word stands that they need.

    `words`: all that it looks for in a text; a search for more than this may bring the hits.
    """

    def __init__(self, words: Iterable[tuple[str, str]], patterns: Iterable[tuple[str, str]]) -> None:
        """Take (surface, cue name) pairs and (cue name, regular expression) pairs."""
        names: dict[str, tuple[str, ...]] = {}
        for surface, name in words:
            names[surface] = (*names.get(surface, ()), name)
        several = list(patterns)
        self._frames = [_Frame(name, source) for name, source in several]
        self._needs = _Needs(self._frames)
        common = Counter(char for said in (*names, *(source for _, source in several)) for char in set(said))
        self._always: list[int] = []  # frames that need nothing certain
        frames: dict[str, tuple[int, ...]] = {}
        known = NeededWords(common)
        for number, (_, source) in enumerate(several):
            needed = known.of(source) or next(iter(needed_sets(source, common)), None)
            if needed is None:
                self._always.append(number)
            for word in needed or ():
                frames[word] = (*frames.get(word, ()), number)
        self.words = tuple(dict.fromkeys((*names, *frames)))
        self._heard = [(names.get(word, ()), frames.get(word, ())) for word in self.words]

    @cached_property
    def _search(self) -> WordSearch:
        return WordSearch(self.words)

    def scan(self, text: str, blocked: Sequence[tuple[int, int]] = (), hits: Hits | None = None) -> Cues:
        """Return the cues of a normalised text; one that lies inside a blocked word (or cuts it) is none.

        `hits`: where its words stand, when they have been looked for already.
        """
        found: list[Cue] = []
        possible: list[int] = self._always
        latin: bool | None = None
        for number, start, end in self._search.find_one(text) if hits is None else hits:
            names, frames = self._heard[number]
            if names and not (blocked and _cuts(start, end, blocked)):
                latin = _LATIN.search(text) is not None if latin is None else latin
                if not latin or _latin_edges(text, start, end):
                    found += [Cue(name, start, end) for name in names]
            if frames:
                possible = [*possible, *frames]
        if possible:
            self._framed(text, blocked, sorted(set(possible)) if len(possible) > 1 else possible, found)
        if not found:
            return _NO_CUES
        if len(found) > 1:
            found = [cue for cue in found if cue.name != "chat.ok" or not _inside_another(cue, found)]
            found.sort(key=_in_order)
        return Cues(tuple(found))

    def _framed(self, text: str, blocked: Sequence[tuple[int, int]], possible: Iterable[int], found: list[Cue]) -> None:
        """Add what the frames find that may match: those of which every character that they need is there, too."""
        lacks, needs = frozenset(text).isdisjoint, self._needs
        for number in [number for number in possible if not any(map(lacks, needs[number]))]:
            self._matched(self._frames[number], text, blocked, found)

    @staticmethod
    def _matched(frame: _Frame, text: str, blocked: Sequence[tuple[int, int]], found: list[Cue]) -> None:
        for match in frame.find(text):
            groups = {key: match.span(key) for key, value in match.groupdict().items() if value is not None}
            start, end = match.span()
            if groups or not _cuts(start, end, blocked):
                found.append(Cue(frame.name, start, end, groups))

    def prepare(self) -> None:
        """Compile now what is otherwise compiled when a text first may match it: for a program that goes on running."""
        for frame in self._frames:
            frame.compiled()
        for number in range(len(self._frames)):
            _ = self._needs[number]


def _in_order(cue: Cue) -> tuple[int, int, str]:
    return cue.start, -cue.end, cue.name


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
    """Read every lexicon/cues*.tsv, patterns.tsv and described_things.tsv of a locale folder."""
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
    patterns += [(f"{WORK}{thing}", frame) for thing, frame in described_frames(locale)]
    return CueScanner(words, patterns)


def read_table(path: Path) -> list[list[str]]:
    """Read a tab-separated table of words: comment lines start with '# ', the first other line names the columns."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("# ")]
    return rows[1:]
