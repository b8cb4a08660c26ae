"""Whole sentences typed in pinyin, written out in characters before anything else reads them: sanbai yinei de waiqiangqi.

A run of letters is written out when words of ours, of the table of small words and numerals cover it from end to end, and one
of them at least is a word of two syllables: English, model numbers and names stay as they are. A run that is nothing but
one word of the lexicon is left to the lexicon, which says how it was found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from handlers.lazy import Lazy
from handlers.understanding.amount_rules import grammar
from handlers.understanding.normalise import substitute
from handlers.understanding.sounds import Sounds, syllable_class
from handlers.understanding.spans import Normalised
from handlers.understanding.word_tables import signs

_RUN = re.compile(r"(?<![a-z\-_./])[a-z]+(?:[ ']+[a-z]+)*(?![a-z])(?![\-_./]?\d)(?!\.[a-z]|@|://)")
_TOKEN = re.compile(r"[a-z]+")
_ABBREVIATION = (4, 3)  # letters of a word that pinyin follows without a space, the longer first
_LONGEST = 120  # letters of a run that are read
_LONGEST_WORD = 30  # letters of one word
_SMALL = 0.8  # what a word of one syllable counts, against the square of the syllables of longer ones
_ACCENT = 0.9  # what a word counts that only sounds like what was typed
_TABLE = 1.15  # the small words go before words of the lexicon that are spelled alike


class _Word(NamedTuple):
    """A way to write out a stretch: its characters, its weight, and whether it stands for something by itself."""

    said: str
    weight: float
    firm: bool
    listed: bool = False  # a word of the lexicon


class PinyinSentences:
    """Knows how words are spelled; built once for a lexicon."""

    def __init__(
        self, sounds: Sounds, words: Iterable[str], small: Mapping[str, str], numerals: Collection[str]
    ) -> None:
        """Take the words of the lexicon, the likelier of two that are spelled alike first; the small words by their spelling."""
        self._sounds = sounds
        self._words: dict[str, _Word] = {}
        for spelling, said in small.items():
            size = spelling.count(" ") + 1
            weight = _TABLE * size * size if size > 1 else _SMALL
            self._words[_key(spelling.replace(" ", ""))] = _Word(said, weight, size > 1)
        for word in words:
            for syllables in sounds.spellings(word):
                self._words.setdefault(_key("".join(syllables)), _Word(word, float(len(syllables) ** 2), True, True))
        self._numerals = _numerals(sounds, numerals)

    @Lazy
    def _heard(self) -> dict[str, _Word]:
        """Return the longer words by the classes of their syllables, filed when a text is first heard so."""
        heard: dict[str, _Word] = {}
        for spelling, word in self._words.items():
            if word.firm:
                classes = self._classes(spelling, self._sounds.cuts(spelling))
                heard.setdefault(classes, word._replace(weight=word.weight * _ACCENT))
        return heard

    def prepare(self) -> None:
        """File now what is otherwise filed when a text is first heard as the South speaks."""
        _ = self._heard

    def write_out(self, normalised: Normalised, known: Collection[str]) -> Normalised:
        """Return the text with its sentences of pinyin in characters. `known` are words that are written in letters anyway."""
        normalised = self._spaced(normalised, known)
        text, offsets = normalised.text, normalised.offsets
        pieces: list[str] = []
        kept: list[int] = []
        done = 0
        for start, written, end in self._all_written(text, known):
            pieces.append(text[done:start])
            kept += offsets[done:start]
            for said, at in written:
                pieces.append(said)
                kept += [offsets[at]] * len(said)
            done = end
        if not pieces:
            return normalised
        joined = "".join((*pieces, text[done:]))
        return _without_loose_spaces(Normalised(joined, (*kept, *offsets[done:]), normalised.raw, normalised.cut))

    def _spaced(self, normalised: Normalised, known: Collection[str]) -> Normalised:
        """Put a space between a word that is written in letters anyway and the pinyin glued to it: led|xidingdeng."""
        for token in _TOKEN.finditer(normalised.text):
            word = token.group()
            if len(word) <= _ABBREVIATION[0] or word in known or self._sounds.cuts(word):
                continue
            size = next((n for n in _ABBREVIATION if word[:n] in known and self._sounds.cuts(word[n:])), 0)
            if size:
                at, text, offsets = token.start() + size, normalised.text, normalised.offsets
                spaced = (f"{text[:at]} {text[at:]}", (*offsets[:at], offsets[at], *offsets[at:]))
                return self._spaced(Normalised(*spaced, normalised.raw, normalised.cut), known)
        return normalised

    def _all_written(self, text: str, known: Collection[str]) -> list[tuple[int, list[tuple[str, int]], int]]:
        """Return the stretches that are written out. A word of ours and a small word hold each other up over figures: ma tong 1000 yi nei."""
        places = [p for match in _RUN.finditer(text) for p in self._stretches(match.start(), match.group(), known)]
        amount = self._is_amount(text, places)
        rows = [self._chosen(text, start, end) for start, end in places] if len(places) > 1 or amount else []
        alone = sum(len(row) == 1 and row[0][0].listed for row in rows)
        small = sum(any(word.firm and not word.listed for word, _ in row) for row in rows)
        result = []
        for number, (start, end) in enumerate(places):
            whole = end - start == len(text) or text[:start].rstrip()[-1:].isdigit()  # 100 yuan yinei
            written = self._written(text, start, end, whole)
            if not written and alone and small and any(word.firm for word, _ in rows[number]):
                written = [(word.said, at) for word, at in rows[number]]
            written = written or self._numeral_before(text, start, end) or self._unit_behind(text, start, end)
            if not written and amount and all(rows):
                written = [(word.said, at) for word, at in rows[number]]
            if written:
                result.append((start, written, end))
        return result

    @staticmethod
    def _is_amount(text: str, places: Sequence[tuple[int, int]]) -> bool:
        """Tell whether a text is nothing but figures and runs of letters, one of which stands behind a figure: yao 30 mi, 110 de."""
        covered = "".join(text[start:end] for start, end in places)
        letters = "".join(char for char in text if char.isalpha())
        behind = any(text[:start].rstrip()[-1:].isdigit() and text[start - 1 : start] == " " for start, _ in places)
        return behind and text.isascii() and "".join(covered.split()) == letters

    def _numeral_before(self, text: str, start: int, end: int) -> list[tuple[str, int]]:
        """Write out a row of numerals that stands before what makes it an amount: yibai|以内."""
        if not text.startswith(tuple(signs("after_numeral")), end):
            return []
        letters = text[start:end]
        number = self._number(_key(letters), 0, len(letters), (0, *sorted(self._sounds.cuts(letters))))
        return [(number.said, start)] if number is not None and len(number.said) > 1 else []

    def _unit_behind(self, text: str, start: int, end: int) -> list[tuple[str, int]]:
        """Write out a unit that stands right behind its figure: 9|wa, 4|fen 角阀."""
        word = self._words.get(_key(text[start:end]))
        figure = text[:start].removesuffix(" ")[-1:].isdigit()
        return [(word.said, start)] if figure and word is not None and _measures(word.said) else []

    def _stretches(self, start: int, run: str, known: Collection[str]) -> list[tuple[int, int]]:
        """Cut a run at the words that are written in letters anyway or are no pinyin: ppr guan duoshao qian."""
        stretches: list[tuple[int, int]] = []
        begin: int | None = None
        end = 0
        for token in _TOKEN.finditer(run):
            if token.group() in known or not self._sounds.cuts(token.group()):
                if begin is not None:
                    stretches.append((start + begin, start + end))
                begin = None
                continue
            begin = token.start() if begin is None else begin
            end = token.end()
        if begin is not None:
            stretches.append((start + begin, start + end))
        return stretches

    def _written(self, text: str, start: int, end: int, whole: bool) -> list[tuple[str, int]]:
        """Return the words of a run with the places where they begin, [] when it is no sentence of ours."""
        glued = not whole and " " not in text[start:end] and "'" not in text[start:end]
        for accent in (False, True):
            chosen = self._chosen(text, start, end, accent=accent)
            if _stands([word for word, _ in chosen], whole, glued) and not (accent and glued):
                return [(word.said, at) for word, at in chosen]
            if len(chosen) == 1 and chosen[0][0].listed:
                return []  # one word, spelled well: it is found as it stands, and no other way of hearing it is better
        return []

    def _chosen(self, text: str, start: int, end: int, *, accent: bool = False) -> list[tuple[_Word, int]]:
        """Return the heaviest row of words of a run with the places where they begin, [] when none covers it."""
        tokens = [(start + m.start(), m.group()) for m in _TOKEN.finditer(text[start:end])]
        letters = "".join(token for _, token in tokens)
        if len(letters) > _LONGEST:
            return []
        cuts, spaces = {0}, {0}
        at = 0
        for _, token in tokens:
            cuts.update(at + cut for cut in self._sounds.cuts(token))
            at += len(token)
            spaces.add(at)
        places = [begin + i for begin, token in tokens for i in range(len(token))]
        row = self._cover(_key(letters), sorted(cuts), frozenset(spaces), accent=accent)
        return [(word, places[begin]) for word, begin in row]

    def _cover(
        self, letters: str, cuts: Sequence[int], spaces: frozenset[int], *, accent: bool
    ) -> list[tuple[_Word, int]]:
        """Return the heaviest row of words that covers all letters, [] when there is none.

        A word that has a space inside begins and ends at one: yiqian zuoyou holds no anzuo. With `accent` longer words count
        that are spelled as the South speaks: lu jiao qi, fang sui.
        """
        best: dict[int, tuple[float, tuple[_Word, int] | None]] = {0: (0.0, None)}
        for end in cuts[1:]:
            for start in cuts:
                if start >= end or start not in best or end - start > _LONGEST_WORD:
                    continue
                if not (start in spaces and end in spaces) and any(start < space < end for space in spaces):
                    continue
                number = self._number(letters, start, end, cuts)
                word = self._words.get(letters[start:end])
                if word is None and accent:
                    word = self._as_heard(letters, start, end, cuts)
                if number is not None and (word is None or number.weight > word.weight):
                    word = number
                if word is not None:
                    score = best[start][0] + word.weight
                    if end not in best or score > best[end][0]:
                        best[end] = (score, (word, start))
        row = []
        at = len(letters)
        while at in best and (step := best[at][1]) is not None:
            row.append(step)
            at = step[1]
        return row[::-1] if at == 0 and row else []

    def _as_heard(self, letters: str, start: int, end: int, cuts: Sequence[int]) -> _Word | None:
        """Return the word of two syllables or more that sounds as these letters do in the South, None without one."""
        inside = tuple(cut - start for cut in cuts if start <= cut <= end)
        return self._heard.get(self._classes(letters[start:end], inside))

    def _classes(self, letters: str, cuts: Sequence[int]) -> str:
        """Return the classes of the syllables of letters, cut as early as they can be."""
        heard = []
        at = 0
        while at < len(letters):
            step = next((cut for cut in reversed(cuts) if at < cut and letters[at:cut] in self._sounds.syllables), None)
            if step is None:
                return ""
            heard.append(syllable_class(letters[at:step]))
            at = step
        return ".".join(heard)

    def _number(self, letters: str, start: int, end: int, cuts: Sequence[int]) -> _Word | None:
        """Return a row of numerals: sanbai, yiqianwu; one alone counts little."""
        said = ""
        at = start
        while at < end:
            step = next((cut for cut in reversed(cuts) if at < cut <= end and letters[at:cut] in self._numerals), None)
            if step is None:
                return None
            said += self._numerals[letters[at:step]]
            at = step
        size = len(said)
        return _Word(said, _TABLE * size * size if size > 1 else _SMALL / 2, False)


def _stands(words: Sequence[_Word], whole: bool, glued: bool) -> bool:
    """Tell whether a row of words is a sentence of ours.

    It needs a word of the lexicon, two small words of two syllables, or to be all that was said. One run of letters among
    characters (`glued`) needs longer words throughout: a maker's name behind its characters is spelled by chance.
    """
    if not words or (len(words) == 1 and words[0].listed):
        return False
    firm = [word for word in words if word.firm]
    if glued:
        return len(firm) == len(words) and sum(len(word.said) for word in firm) > 2
    said = sum(len(word.said) for word in firm)
    return any(word.listed for word in firm) or len(firm) >= 2 or said > 2 or (whole and bool(firm))


def _measures(word: str) -> bool:
    """Tell whether a word is a unit: those of `units.tsv`, and 分 of a pipe."""
    return word in grammar().units or word in signs("pipe_unit")


def _key(letters: str) -> str:
    return letters.replace("v", "u")


def _numerals(sounds: Sounds, characters: Collection[str]) -> dict[str, str]:
    """Return how the numerals are spelled; the first character of a spelling stands."""
    result: dict[str, str] = {}
    for char in characters:
        for syllable in sounds.readings.get(char, ())[:1]:
            result.setdefault(_key(syllable), char)
    return result


_LOOSE = re.compile(r"(?<=[一-鿿]) +(?=[一-鿿0-9])|(?<=[0-9a-z]) +(?=[一-鿿])")


def _without_loose_spaces(normalised: Normalised) -> Normalised:
    """Take out the spaces beside what was written out: 300 以内."""
    text, offsets = substitute(_LOOSE, lambda _: "", normalised.text, normalised.offsets)
    return Normalised(text, offsets, normalised.raw, normalised.cut)
