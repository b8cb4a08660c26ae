"""Read what was typed: Chinese characters, pinyin in every shape, tokens, and the words that mean nothing.

Which readings of Latin letters make sense is asked of the vocabulary of the index: `ledmianbandeng` is led 面板灯,
`rujiaoq` is 乳胶漆 cut short, `rjq` its initials.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

from catalog_db.search.folding import fold, is_han, runs, token
from catalog_db.search.sounds import sounds

MOST_TYPED = 400  # characters of a text that are read
MOST_LETTERS = 60  # of one run that are tried as pinyin
_LEXICON = Path(__file__).parents[2] / "locales" / "zh_Hans_CN" / "lexicon"
_FILLER_TABLES = ("functions.tsv", "cues.tsv")
_LONGEST_SYLLABLE = 6
_LONGEST_PIECE = 20
_FITTING = 0.9  # what the beginning of a syllable costs that may stand behind the one before
_INITIALS = re.compile(r"([a-z]{2,9})([0-9].*)?")
BEAM = 16  # sequences of initials followed
_KEPT = 5  # of them kept
_MOST_RUNS = 24  # runs of letters that are tried as pinyin: more of them are no question


class Vocabulary(Protocol):
    """What the index knows of its terms."""

    @property
    def documents(self) -> int:
        """Return how many texts there are."""
        ...

    def frequency(self, term: int) -> int:
        """Return in how many texts a term stands."""
        ...

    def follows(self, first: int, second: int) -> int:
        """Return in how many texts a sound stands right behind another."""
        ...

    def following(self, first: int, sounds: Sequence[int]) -> list[int]:
        """Return for each of some sounds in how many texts it stands right behind another."""
        ...

    def likeliest(self, first: int, letter: str) -> list[tuple[float, int]]:
        """Return what `likeliest` says."""
        ...

    def longest(self, two: str) -> int:
        """Return how long a token that begins with two characters may be at most; 0: there is none."""
        ...

    def token(self, word: str) -> int | None:
        """Return the term of a token; None when no text has it."""
        ...


class Unit(NamedTuple):
    """One character, one typed syllable or one token.

    `code` is the character (0: none was typed), `sounds` the sounds it may have, the likeliest first, `token` its term.
    """

    code: int = 0
    sounds: tuple[int, ...] = ()
    token: int = 0
    word: str = ""  # the token as typed
    joined: bool = False  # stands right behind the unit before
    filler: bool = False  # part of a word that means nothing to a search


class Columns(NamedTuple):
    """Units column by column, in the order of the fields of `Unit`."""

    codes: list[int]
    sounds: list[tuple[int, ...]]
    tokens: list[int]
    words: list[str]
    joined: list[bool]
    fillers: list[bool]

    @classmethod
    def of(cls, units: Sequence[Unit]) -> Columns:
        """Return the columns of units."""
        return cls(*map(list, zip(*units, strict=True))) if units else cls([], [], [], [], [], [])

    @property
    def units(self) -> tuple[Unit, ...]:
        """Return the units."""
        return tuple(map(Unit, *self))


def read(text: str, vocabulary: Vocabulary) -> tuple[Unit, ...]:
    """Return the units of a typed text in order."""
    return read_columns(text, vocabulary).units


def read_columns(text: str, vocabulary: Vocabulary) -> Columns:
    """Return the units of a typed text in order, column by column."""
    folded = fold(text[:MOST_TYPED])
    fillers = _fillers_in(folded)
    reader = _Reader(vocabulary)
    cut = runs(folded)
    for place, (run, start) in enumerate(cut):
        near = reader.end == start
        reader.end = start + len(run)
        if is_han(run):
            reader.characters(run, [at in fillers for at in range(start, reader.end)] if fillers else None, near)
        else:
            reader.latin(token(run), near, _in_spaced_pinyin(cut, place))
    return reader.read


@dataclass(slots=True)
class _Reader:
    vocabulary: Vocabulary
    read: Columns = field(default_factory=lambda: Columns.of(()))
    end: int = -1
    tried: int = 0  # runs of letters

    def characters(self, run: str, fillers: list[bool] | None, near: bool) -> None:
        codes, heard, tokens, words, joined, filler = self.read
        count, table = len(run), sounds()
        joined.append(near and bool(codes))
        joined += [True] * (count - 1)
        codes += map(ord, run)
        heard += map(table.single.__getitem__, map(table.heard.__getitem__, codes[-count:]))
        tokens += [0] * count
        words += [""] * count
        filler += fillers or [False] * count

    def _add(self, sounds: tuple[int, ...], token: int, word: str, joined: bool) -> None:
        read = self.read
        read.codes.append(0)
        read.sounds.append(sounds)
        read.tokens.append(token)
        read.words.append(word)
        read.joined.append(joined)
        read.fillers.append(False)

    def latin(self, run: str, near: bool, spaced: bool) -> None:
        term = self.vocabulary.token(run)
        if term is not None and not (spaced and run in sounds().number):
            self._add((), term, run, near)
            return
        self.tried += 1
        if self.tried > _MOST_RUNS or len(run) > MOST_LETTERS:
            return
        pieces = _Segmentation(self.vocabulary, run).best()
        joined = near or (spaced and bool(self.read.tokens) and not self.read.tokens[-1])
        if pieces is not None:
            self._pieces(pieces, joined)
        elif (parts := _INITIALS.fullmatch(run)) is not None:
            self._initials(parts[1], joined)
            if (number := self.vocabulary.token(parts[2] or "")) is not None:
                self._add((), number, parts[2], True)

    def _pieces(self, pieces: list[str], joined: bool) -> None:
        for place, piece in enumerate(pieces):
            joined = joined or place > 0
            term = self.vocabulary.token(piece)
            if piece in sounds().number or term is None:
                self._add(self._readings(piece, joined, last=place == len(pieces) - 1), 0, "", joined)
            else:
                self._add((), term, piece, joined)

    def _readings(self, piece: str, joined: bool, last: bool) -> tuple[int, ...]:
        """Return the sounds of a typed syllable; the last one of a run may be cut short."""
        table = sounds()
        whole = (table.number[piece],) if piece in table.number else ()
        if whole and not last:
            return whole
        before = self.read.sounds[-1] if joined and self.read.sounds else ()
        longer = [sound for sound in table.beginning.get(piece, ()) if sound not in whole]
        fitting = [sound for sound in longer if any(self.vocabulary.follows(first, sound) for first in before)]
        return (*whole, *(fitting if fitting or whole else longer))

    def _initials(self, run: str, joined: bool) -> None:
        sequences = _sequences(run, self.vocabulary)
        for place in range(len(run) if sequences else 0):
            heard = dict.fromkeys(sequence[place] for sequence in sequences)
            self._add(tuple(heard), 0, "", joined or place > 0)


@dataclass(slots=True)
class _Segmentation:
    """The cheapest way to cut a run into syllables and tokens of the vocabulary."""

    vocabulary: Vocabulary
    run: str
    best_to: list[dict[int, tuple[float, tuple[str, ...]]]] = field(default_factory=list)

    def best(self) -> list[str] | None:
        """Return the pieces, the last one perhaps the beginning of a syllable; None when the run is no such thing."""
        whole_one = sounds().number.get(self.run)
        if whole_one is not None and self.vocabulary.frequency(whole_one):
            return [self.run]  # two pieces never cost less than one that is known
        self.best_to = [{} for _ in range(len(self.run) + 1)]
        self.best_to[0][0] = (0.0, ())
        for start in range(len(self.run)):
            if self.best_to[start]:
                self._syllables(start)
                self._tokens(start)
        whole = min(self.best_to[-1].values(), default=None)
        short = self._cut_short(math.inf if whole is None else whole[0])
        found = min([*short, whole] if whole else short, default=None)
        return list(found[1]) if found else None

    def _syllables(self, start: int) -> None:
        frequency, follows, run = self.vocabulary.frequency, self.vocabulary.follows, self.run
        states = [*self.best_to[start].items()]
        for length, sound in _syllables_of(run[start : start + _LONGEST_SYLLABLE]):
            end = start + length
            own = (0.0 if frequency(sound) else 1.0) + 0.3 * (length == 1)
            ways = self.best_to[end]
            for last, (cost, pieces) in states:
                # neighbours that stand together somewhere are likelier; a single letter is rarely meant
                step = (0.5 if follows(last, sound) else 1.6) if last else 1.0
                known, whole = ways.get(sound), cost + step + own
                if known is None or whole <= known[0]:
                    self._offer(end, sound, whole, (*pieces, run[start:end]))

    def _tokens(self, start: int) -> None:
        run, longest = self.run, self.vocabulary.longest
        most = longest(run[start : start + 2])
        first = start + 2  # a single letter is no token
        if not run[start].isalpha():
            first, most = start + 1, most or longest(run[start])
        if most < first - start:
            return
        number, token = sounds().number, self.vocabulary.token
        for end in range(first, min(start + min(most, _LONGEST_PIECE), len(run)) + 1):
            piece = run[start:end]
            if piece in number or token(piece) is None or self._splits_number(start, end):
                continue
            for cost, pieces in list(self.best_to[start].values()):
                self._offer(end, 0, cost + 1.0, (*pieces, piece))

    def _splits_number(self, start: int, end: int) -> bool:
        """Tell whether a cut stands inside a number: 16 is never 1 and 6."""
        figures = "0123456789."
        before = start > 0 and self.run[start - 1] in figures and self.run[start] in figures
        return before or (end < len(self.run) and self.run[end - 1] in figures and self.run[end] in figures)

    def _cut_short(self, most: float) -> list[tuple[float, tuple[str, ...]]]:
        """Return the ways that end with the beginning of a syllable and cost no more than so much."""
        found: list[tuple[float, tuple[str, ...]]] = []
        beginning, following = sounds().beginning, self.vocabulary.following
        for cut in range(max(len(self.run) - _LONGEST_SYLLABLE + 1, 1), len(self.run)):
            states = self.best_to[cut]
            longer = beginning.get(self.run[cut:]) if states else None
            if not longer:
                continue
            for last, (cost, pieces) in states.items():
                if cost + _FITTING <= most:
                    fits = last and any(following(last, longer))
                    found.append((cost + (_FITTING if fits else 2.2), (*pieces, self.run[cut:])))
        return found

    def _offer(self, end: int, last: int, cost: float, pieces: tuple[str, ...]) -> None:
        known = self.best_to[end].get(last)
        if known is None or (cost, pieces) < known:
            self.best_to[end][last] = (cost, pieces)


@lru_cache(maxsize=1 << 16)
def _syllables_of(letters: str) -> tuple[tuple[int, int], ...]:
    """Return how long each syllable is that some letters begin with, and its sound, the shortest first; remembered."""
    number = sounds().number
    ends = range(1, len(letters) + 1)
    return tuple((end, number[letters[:end]]) for end in ends if letters[:end] in number)


def _sequences(run: str, vocabulary: Vocabulary) -> list[tuple[int, ...]]:
    """Return the likeliest sequences of sounds with these initials whose neighbours stand together in some text."""
    beams: list[tuple[float, tuple[int, ...]]] = [(0.0, (sound,)) for sound in sounds().initial.get(run[0], ())]
    for letter in run[1:]:
        longer: list[tuple[float, tuple[int, ...]]] = []  # the likelier, the lower the number
        for unlikely, sequence in beams:
            bound = longer[-1][0] if len(longer) == BEAM else math.inf
            for more, one in vocabulary.likeliest(sequence[-1], letter):
                if unlikely + more > bound:
                    break
                longer.append((unlikely + more, (*sequence, one)))
            longer.sort()
            del longer[BEAM:]
        beams = longer
    return [sequence for _, sequence in beams[:_KEPT]] if len(run) > 1 else []


def likeliest(first: int, letter: str, vocabulary: Vocabulary) -> list[tuple[float, int]]:
    """Return the sounds with an initial that stand behind a sound, the likeliest first with the lowest number; so many as
    are followed.
    """
    heard = sounds().initial.get(letter, ())
    often = vocabulary.following(first, heard)
    return sorted((-math.log2(n), one) for one, n in zip(heard, often, strict=True) if n)[:BEAM]


def _in_spaced_pinyin(cut: list[tuple[str, int]], place: int) -> bool:
    """Tell whether a run is a syllable beside another one: `ru jiao qi`."""
    number = sounds().number
    near = [cut[other][0] for other in (place - 1, place + 1) if 0 <= other < len(cut)]
    return cut[place][0] in number and any(run in number for run in near)


@lru_cache(maxsize=1)
def _fillers() -> tuple[frozenset[str], dict[str, int], re.Pattern[str]]:
    """Return the particles and question words that the lexicon lists, from two characters on; by their first character
    how long the longest is; and what finds the first characters.
    """
    words: set[str] = set()
    for name in _FILLER_TABLES:
        for line in (_LEXICON / name).read_text(encoding="utf-8").splitlines():
            word = line.split("\t")[0]
            if len(word) > 1 and re.fullmatch(r"[\u3400-\u9fff]+", word):
                words.add(word)
    longest: dict[str, int] = {}
    for word in words:
        longest[word[0]] = max(len(word), longest.get(word[0], 0))
    return frozenset(words), longest, re.compile(f"[{''.join(longest)}]")


def _fillers_in(folded: str) -> set[int]:
    """Return the places that filler words cover, the longest first."""
    known, longest, firsts = _fillers()
    covered: set[int] = set()
    last = 0
    for first in firsts.finditer(folded):
        place = first.start()
        if place < last:
            continue
        ends = range(min(place + longest[folded[place]], len(folded)), place + 1, -1)
        last = next((end for end in ends if folded[place:end] in known), place)
        covered.update(range(place, last))
    return covered
