"""The lexicon of the trade: every word we understand, and the search for them in an utterance.

    lexicon = Lexicon(Lexicon.load_entries(folder), Tables.load(folder))
    found = lexicon.find_spans(normalised)

Exact words come from one automaton; letters, wrong characters and accents from the indexes beside it; the best cover
decides. Building is linear in the number of words; nothing changes afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Self

from handlers.understanding.cover import Placed, Word, best_cover, exact_cover, with_whole_heads
from handlers.understanding.cues import CueScanner
from handlers.understanding.doubts import settle
from handlers.understanding.entries import (
    GOODS,
    POLICIES,
    RANKS,
    SPELLED,
    LexiconEntry,
    LexiconError,
    policy,
    read_entries,
)
from handlers.understanding.framed_words import framed_words, words_in_frames
from handlers.understanding.latin import LatinIndex
from handlers.understanding.matching import SoundIndex
from handlers.understanding.numbers import numerals
from handlers.understanding.passage import Passage, is_han
from handlers.understanding.pinyin_sentences import PinyinSentences
from handlers.understanding.slips import SlipSearch, beginnings
from handlers.understanding.sounds import Sounds
from handlers.understanding.spans import How, Normalised, Span, Tier
from handlers.understanding.tails import find_tails
from handlers.understanding.word_search import Hits, WordSearch
from handlers.understanding.word_tables import signs

__all__ = ["GOODS", "Found", "Lexicon", "LexiconEntry", "LexiconError", "Tables"]

_LETTER = re.compile("[a-z]")
_ASCII = re.compile("[a-z0-9]", re.IGNORECASE)
_new = tuple.__new__  # makes a named tuple of its class and a tuple in half the time
_WORSE: Mapping[Tier, int] = {"sure": 0, "soft": 1, "ask": 2}


@dataclass(frozen=True)
class Tables:
    """The frozen tables beside the words: sounds, everyday words that must stay silent, and the frames of short words.

    `frames[role]`: `before_single`, `after_single` what may stand beside a product of one character, `measure` those that
    count something behind a figure, `counted` those that are no slip behind a numeral, `brand_sign` what shows a brand,
    `owner` the trades whose parts are theirs.
    """

    sounds: Sounds
    guard_words: tuple[str, ...] = ()
    frames: Mapping[str, frozenset[str]] = field(default_factory=dict)
    small_words: Mapping[str, str] = field(default_factory=dict)  # by their spelling, of sentences of pinyin
    troubles: CueScanner = field(default_factory=lambda: CueScanner((), ()))  # what is wrong or feared, said in a frame

    @classmethod
    def load(cls, locale_folder: Path) -> Self:
        """Read the tables of a locale folder."""
        guard = tuple(_lines(locale_folder / "guard_words.txt"))
        frames: dict[str, set[str]] = {}
        for line in _lines(locale_folder / "frames.tsv")[1:]:
            role, surface = line.split("\t")[:2]
            frames.setdefault(role, set()).add(surface)
        small = dict(line.split("\t")[:2] for line in _lines(locale_folder / "pinyin_words.tsv")[1:])
        roles = {role: frozenset(words) for role, words in frames.items()}
        return cls(Sounds.load(locale_folder), guard, roles, small, framed_words(locale_folder))

    def frame(self, role: str) -> frozenset[str]:
        """Return the words of a role, none when there is no such role."""
        return self.frames.get(role, frozenset())


class Found(NamedTuple):
    """What was found in an utterance. Places are those of the normalised text.

    `spans`: the best reading, words that do not overlap, in order. `readings`: every kind and concept that the same place
    stands for; the first one is in `spans`. `tails`: for the place of a product word, what makes it something else
    (see tails.py). `alternatives`: other concepts almost as likely as an uncertain one. `residue`: Chinese text that no
    word covers. `guesses`: words that may be meant but are only to be asked about, best first; they are in no other field.
    `mistyped`: words that are not typed exactly were weighed as well; only then the running topic counts. `modifiers`: where
    words stand that make narrower kinds, when these have been looked for.
    """

    spans: tuple[Span, ...]
    readings: Mapping[tuple[int, int], tuple[Span, ...]]
    tails: Mapping[tuple[int, int], Span]
    alternatives: tuple[Span, ...]
    residue: tuple[tuple[int, int], ...]
    guesses: tuple[Span, ...] = ()
    mistyped: bool = False
    modifiers: Hits | None = None


_Frame = tuple[set[int], set[int], set[int], set[int]]


class Lexicon:
    """All words with the indexes to find them. Immutable once built; `extended` makes a larger one."""

    def __init__(self, entries: Iterable[LexiconEntry], tables: Tables, named: tuple[str, ...] = ()) -> None:
        """Take the words and the tables; `named` are names of attributes, which are written out in pinyin as words are."""
        self.tables = tables
        self.named = named
        self.entries: tuple[LexiconEntry, ...] = tuple(entries)
        by_surface: dict[str, tuple[LexiconEntry, ...]] = {}
        for entry in self.entries:
            known = by_surface.get(entry.surface)
            by_surface[entry.surface] = (entry,) if known is None else (*known, entry)
        self._by_surface = by_surface
        guards = dict.fromkeys(word for word in tables.guard_words if word not in by_surface)
        self.patterns = (*by_surface, *guards)  # all that is looked for in a text
        self._words = list(by_surface.values())
        self._ready: dict[
            int | tuple[str, int], Word
        ] = {}  # by their number, those of one character by accepted readings
        self._always: dict[str, Word] = {}  # of one character, words wherever they stand
        self._single = {
            surface: tuple((entry, policy(entry.kind).single) for entry in several)
            for surface, several in by_surface.items()
            if len(surface) == 1
        }
        self._owners, self._brand_signs = tables.frame("owner"), tables.frame("brand_sign")
        self._known_letters = frozenset(s for s in by_surface if s.isascii())

    @cached_property
    def _search(self) -> WordSearch:
        return WordSearch(self.patterns, self.tables.troubles.words)

    @cached_property
    def _index(self) -> SoundIndex:
        """Return the words by their sounds, filed when a text first leaves something uncovered."""
        index = SoundIndex(self.tables.sounds)
        fuzzy = {kind for kind, how in POLICIES.items() if how.fuzzy != "no"}
        for surface, entries in self._by_surface.items():
            if any(e.kind in fuzzy for e in entries):
                index.add(surface)
        return index

    @cached_property
    def _latin(self) -> LatinIndex:
        """Return the words by their pinyin, filed when a text first has letters that are no word of ours."""
        index = LatinIndex(self.tables.sounds)
        letters = {kind for kind, how in POLICIES.items() if how.letters}
        for surface, entries in self._by_surface.items():
            if any(e.kind in letters for e in entries):
                index.add(surface, any(e.kind in GOODS for e in entries))
        return index

    @cached_property
    def _counted(self) -> re.Pattern[str]:
        """Return what finds a numeral with its measure, 三桶: never a word with wrong characters."""
        measures = "".join(sorted(self.tables.frame("counted")))
        return re.compile(f"[{''.join(numerals().digits)}几半][{measures}]") if measures else re.compile("(?!)")

    @cached_property
    def _sentences(self) -> PinyinSentences:
        """Return what writes out sentences of pinyin, made when a text first has letters."""
        words = sorted(
            (
                (min(policy(e.kind).rank for e in entries), surface)
                for surface, entries in self._by_surface.items()
                if len(surface) > 1 and any(e.kind in SPELLED and e.tier != "ask" for e in entries)
            ),
        )
        counting = (*numerals().digits, *numerals().units)
        spelled = (*(word for _, word in words), *self.named)
        return PinyinSentences(self.tables.sounds, spelled, self.tables.small_words, counting)

    def write_out(self, normalised: Normalised) -> Normalised:
        """Return the text with its whole sentences of pinyin in characters."""
        if _LETTER.search(normalised.text) is None:
            return normalised
        return self._sentences.write_out(normalised, self._known_letters)

    def prepare(self) -> None:
        """Make now what is otherwise made when it is first needed: for a program that goes on running."""
        _ = self._index, self._latin
        self._sentences.prepare()
        self.tables.troubles.prepare()

    @staticmethod
    def load_entries(locale_folder: Path) -> list[LexiconEntry]:
        """Read every `lexicon/*.tsv` of a locale folder. Raises LexiconError, which names file and line."""
        return [entry for path in sorted((locale_folder / "lexicon").glob("*.tsv")) for entry in read_entries(path)]

    def extended(self, entries: Iterable[LexiconEntry]) -> Lexicon:
        """Return a lexicon with more words."""
        return Lexicon([*self.entries, *entries], self.tables, self.named)

    def entries_for(self, surface: str) -> tuple[LexiconEntry, ...]:
        """Return what a surface stands for, () when it is not a word of ours."""
        return self._by_surface.get(surface, ())

    def find_spans(
        self,
        normalised: Normalised,
        blocked: Sequence[tuple[int, int]] = (),
        topic: Collection[str] = (),
        hits: Sequence[Hits] = (),
    ) -> Found:
        """Find the words of an utterance. `blocked` stretches are nobody's; concepts of `topic` win ties.

        `hits`: where `patterns`, the words of `tables.troubles` and those that make narrower kinds stand, when they have been
        looked for already.
        """
        passage = Passage.make(normalised, blocked)
        own, of_troubles, *others = hits or self._search.find(passage.text)
        exact, guards = self._exact(passage, own, of_troubles)
        cover = exact_cover(exact)
        open_: bytearray | None = passage.uncovered(cover.spans)
        more = self._letters(passage)
        if open_ and 1 in open_:  # something is left that a word may be hidden in
            more += self._slips(passage, cover.spans, open_, guards)
        asked = [s for s in more if s.tier == "ask"] if more else more
        mistyped = len(asked) < len(more)
        if mistyped:
            placed = [span for end, start, _, word in exact for span in word.at(start, end)]
            placed += [s for s in more if s.tier != "ask"]
            cover, open_ = best_cover(placed, RANKS, frozenset(topic)), None
        settled = settle(passage, cover, asked, open_)
        tails = find_tails(passage, settled.spans, settled.readings, settled.residue, self._owners)
        spans, readings, guesses, residue = settled
        modifiers = others[0] if others else None
        return _new(Found, (spans, readings, tails, cover.alternatives, residue, guesses, mistyped, modifiers))

    def _exact(self, passage: Passage, hits: Hits, of_troubles: Hits) -> tuple[list[Placed], list[tuple[int, int]]]:
        """Return every word that stands in the text as it is spelled, and the places of the everyday words to be left alone."""
        found: list[Placed] = []
        guards: list[tuple[int, int]] = []
        singles: list[tuple[str, int]] = []
        words, ready = len(self._words), self._ready
        # Most texts are Chinese throughout, without spaces and codes: nothing in them can cut or bridge a word.
        unmarked = not passage.gaps and 1 not in passage.blocked and _ASCII.search(passage.text) is None
        for number, start, end in hits:
            if number >= words:
                guards.append((start, end))
            elif unmarked or (
                passage.free(start, end)
                and _whole_letters(passage.text, start, end)
                and passage.joined_well(start, end)
            ):
                if end - start == 1:
                    singles.append((self.patterns[number], start))
                else:
                    word = ready.get(number) or self._word(number, self._words[number])
                    found.append((end, start, word.weight, word))
        if singles:
            found += self._singles(passage, singles, found)
        if of_troubles:
            found += words_in_frames(self.tables.troubles, passage, of_troubles)
        return with_whole_heads(found, signs("generic")), guards

    def _word(self, key: int | tuple[str, int], entries: Iterable[LexiconEntry]) -> Word:
        """Make a word when a text first has it."""
        self._ready[key] = word = Word([_span(entry, 0, len(entry.surface)) for entry in entries], RANKS)
        return word

    def _singles(self, passage: Passage, singles: Sequence[tuple[str, int]], found: Sequence[Placed]) -> list[Placed]:
        """Accept words of one character: particles always, goods and colours in a frame, tails behind goods."""
        accepted: list[Placed] = []
        frame: _Frame | None = None
        for char, at in singles:
            word = self._always.get(char)
            if word is None:
                frame = frame or _frame(found)
                word = self._single_word(passage, char, at, frame)
            if word is not None:
                accepted.append((at + 1, at, word.weight, word))
        return accepted

    def _single_word(self, passage: Passage, char: str, at: int, frame: _Frame) -> Word | None:
        """Return what a character stands for at a place; None when it is no word there."""
        starts, ahead, behind, described = frame
        several = self._single[char]
        which = 0
        for number, (_, how) in enumerate(several):
            if (
                how == "always"
                or (how == "behind" and at in behind)
                or (how == "ahead" and at + 1 in ahead)
                or (how == "framed" and self._framed(passage, at, starts, described))
            ):
                which |= 1 << number
        if not which:
            return None
        word = self._ready.get((char, which))
        if word is None:
            word = self._word((char, which), [entry for n, (entry, _) in enumerate(several) if which >> n & 1])
            if all(how == "always" for _, how in several):
                self._always[char] = word
        return word

    def _framed(self, passage: Passage, at: int, starts: Collection[int], described: Collection[int]) -> bool:
        """Tell whether a character stands as a word: nothing unknown behind it, what describes it before it."""
        text, after = passage.text, at + 1
        dirty = after < len(text) and is_han(text[after]) and after not in starts and after not in passage.gaps
        if dirty and text[after] not in self.tables.frame("after_single"):
            return False
        if at == 0 or at in passage.gaps or at in described:
            return True
        before = text[at - 1]
        if text[at] in self.tables.frame("measure") and before in self.tables.frame("how_many"):
            return False  # 几瓦 asks for watts
        if is_han(before):
            return before in self.tables.frame("before_single")
        return not before.isdigit() or text[at] not in self.tables.frame("measure")  # 1500瓦 is no roof tile

    def _letters(self, passage: Passage) -> list[Span]:
        if _LETTER.search(passage.text) is None:
            return []
        return [
            _span(entry, hit.start, hit.end, hit.how, hit.tier, hit.evidence)
            for hit in self._latin.find(passage, self._index, self._known_letters)
            for entry in self._by_surface[hit.word]
            if policy(entry.kind).letters
        ]

    def _slips(
        self, passage: Passage, cover: Sequence[Span], open_: bytearray, guards: list[tuple[int, int]]
    ) -> list[Span]:
        begun = beginnings(passage, open_, self._index)
        if not begun:
            return []
        counted = [match.span() for match in self._counted.finditer(passage.text)]
        guards += counted
        search = SlipSearch(passage, cover, open_, self._brand_signs, [end for _, end in counted])
        return [
            _span(slip.entry, slip.start, slip.end, slip.how, slip.tier, slip.evidence)
            for slip in search.find(self._index, begun, self._by_surface, guards)
        ]


def _span(
    entry: LexiconEntry, start: int, end: int, how: How = "exact", tier: Tier = "sure", evidence: str = ""
) -> Span:
    worse = entry.tier if _WORSE[entry.tier] > _WORSE[tier] else tier
    return Span(start, end, entry.kind, entry.concept, entry.surface, how, worse, evidence, entry.region)


def _frame(found: Sequence[Placed]) -> _Frame:
    """Return where longer words begin, where goods begin, where they end, and where goods and what describes them end."""
    starts: set[int] = set()
    ahead: set[int] = set()
    behind: set[int] = set()
    described: set[int] = set()
    for end, start, _, word in found:
        starts.add(start)
        if word.goods:
            ahead.add(start)
            behind.add(end)
        if word.goods or word.describes:
            described.add(end)
    return starts, ahead, behind, described


def _whole_letters(text: str, start: int, end: int) -> bool:
    """Tell whether a word that begins or ends with a letter or digit stops where the run of letters or digits does."""
    return not (start and _same_sort(text[start - 1], text[start])) and not (
        end < len(text) and _same_sort(text[end - 1], text[end])
    )


def _same_sort(left: str, right: str) -> bool:
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isalpha() and right.isalpha()) or (left.isdigit() and right.isdigit())


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
