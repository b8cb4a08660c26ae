"""Words of the lexicon typed in Latin letters: pinyin joined or spaced, mixed with characters, initials, small slips."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from handlers.understanding.matching import SoundIndex
from handlers.understanding.passage import Passage, is_han
from handlers.understanding.sounds import Sounds
from handlers.understanding.spans import How, Tier

_SEGMENT = re.compile(r"[a-z]+(?:[ ']+[a-z]+)*")
_TOKEN = re.compile(r"[a-z]+")
_MAX_CUTS = 48
_LONGEST = 48  # letters of one run that are read
_NEIGHBOURS = 4  # Chinese characters looked at on each side of pinyin inside a word
_MIN_INITIALS = 3
_MIN_NEAR = 6  # letters: shorter slips are guesses


class LatinHit(NamedTuple):
    """A word of the lexicon typed in letters, by its place in the passage."""

    start: int
    end: int
    word: str
    how: How
    tier: Tier
    evidence: str


class LatinIndex:
    """Words by their pinyin: joined letters, joined sound classes, initials. A word may have several spellings."""

    def __init__(self, sounds: Sounds) -> None:
        self.sounds = sounds
        self._joined: dict[str, tuple[str, ...]] = {}
        self._loose: dict[str, tuple[str, ...]] = {}
        self._initials: dict[str, tuple[str, ...]] = {}
        self._longest = 0  # syllables of the longest of the goods: no more tokens than that are one word
        self._near: dict[tuple[str, int], list[str]] = {}  # by first letter and length: a slip seldom changes the first

    def add(self, word: str, goods: bool) -> None:
        """File a word of two or more characters. Only goods are found by accent, initials and slips too."""
        if len(word) < 2:
            return
        for spelling in self.sounds.spellings(word):
            key = "".join(spelling).replace("v", "u")
            _file(self._joined, key, word)
            if goods:
                self._longest = max(self._longest, len(spelling))
                _file(self._loose, ".".join(self.sounds.class_of[s] for s in spelling), word)
                _file(self._initials, "".join(s[0] for s in spelling), word)
                if len(key) >= _MIN_NEAR:
                    self._near.setdefault((key[0], len(key)), []).append(key)

    def find(self, passage: Passage, index: SoundIndex, known: Collection[str]) -> Iterator[LatinHit]:
        """Yield every reading of the letters of a passage; `known` are the words that are written in letters anyway."""
        text = passage.text
        for segment in _SEGMENT.finditer(text):
            tokens = [
                (m.start() + segment.start(), m.group())
                for m in _TOKEN.finditer(segment.group())
                if len(m.group()) <= _LONGEST
                and m.group() not in known
                and passage.free(m.start() + segment.start(), m.end() + segment.start())
            ]
            if not tokens:
                continue
            found = list(self._pinyin(tokens))
            yield from found
            if not found:
                yield from self._guesses(tokens, whole=segment.group() == text.strip())
            for start, token in tokens:
                yield from self._mixed(text, start, token, index)

    def _pinyin(self, tokens: Sequence[tuple[int, str]]) -> Iterator[LatinHit]:
        """Look up every stretch between two places where a syllable may begin."""
        letters = "".join(token for _, token in tokens)
        places = [start + i for start, token in tokens for i in range(len(token))]
        cuts: set[int] = set()
        at = 0
        for _, token in tokens:
            cuts.update({at, at + len(token)} | {at + c for c in self.sounds.cuts(token)})
            at += len(token)
        ordered = sorted(cuts)[:_MAX_CUTS]
        plain = letters.replace("v", "u")
        edges = _edges_of(tokens)
        for number, start in enumerate(ordered):
            for end in ordered[number + 1 :]:
                if not _whole(start, end, edges):
                    continue
                for word in self._joined.get(plain[start:end], ()):
                    yield LatinHit(places[start], places[end - 1] + 1, word, "pinyin", "sure", "p" * len(word))

    def _guesses(self, tokens: Sequence[tuple[int, str]], whole: bool) -> Iterator[LatinHit]:
        """Try accent and one wrong letter on whole tokens, and initials when they are the whole utterance."""
        classes = [self._classes(token) for _, token in tokens]
        for size in range(min(len(tokens), self._longest), 0, -1):
            for at in range(len(tokens) - size + 1):
                group = tokens[at : at + size]
                start, end = group[0][0], group[-1][0] + len(group[-1][1])
                heard = [name for several in classes[at : at + size] for name in several]
                loose = ".".join(heard) if all(heard) else ""
                for word in self._loose.get(loose, ()) if loose else ():
                    yield LatinHit(start, end, word, "sound", "soft", "l" * len(word))
        for start, token in tokens:
            if whole:
                yield from self._initial(start, token)
            yield from self._slip(start, token)

    def _initial(self, start: int, token: str) -> Iterator[LatinHit]:
        words = self._initials.get(token, ()) if len(token) >= _MIN_INITIALS and not self.sounds.cuts(token) else ()
        tier: Tier = "soft" if len(words) == 1 else "ask"
        for word in words:
            yield LatinHit(start, start + len(token), word, "initials", tier, "")

    def _slip(self, start: int, token: str) -> Iterator[LatinHit]:
        if len(token) < _MIN_NEAR or self.sounds.cuts(token):
            return
        from rapidfuzz.distance import OSA

        letters = token.replace("v", "u")
        for size in (len(letters) - 1, len(letters), len(letters) + 1):
            for key in self._near.get((letters[0], size), ()):
                if OSA.distance(letters, key, score_cutoff=1) <= 1:
                    for word in self._joined[key]:
                        yield LatinHit(start, start + len(token), word, "near", "soft", "")

    def _classes(self, token: str) -> list[str]:
        """Return the sound class of each syllable of a token, "" for one without."""
        class_of = self.sounds.class_of
        return [class_of.get(s) or class_of.get(s.replace("u", "v"), "") for s in self._syllables(token)]

    def _syllables(self, token: str) -> list[str]:
        """Split a run of pinyin greedily into its longest syllables; [] when it is none."""
        cuts = self.sounds.cuts(token)
        syllables = []
        start = 0
        while cuts and start < len(token):
            ends = [c for c in cuts if start < c and token[start:c] in self.sounds.syllables]
            if not ends:
                return []
            syllables.append(token[start : ends[-1]])
            start = ends[-1]
        return syllables

    def _mixed(self, text: str, start: int, token: str, index: SoundIndex) -> Iterator[LatinHit]:
        """Read pinyin inside a word: 乳jiao漆, 马tong."""
        syllables = self._syllables(token)
        if not syllables:
            return
        left = [i for i in range(max(0, start - _NEIGHBOURS), start) if is_han(text[i])]
        after = start + len(token)
        right = [i for i in range(after, min(len(text), after + _NEIGHBOURS)) if is_han(text[i])]
        pieces: list[tuple[int, int]] = [(i, i + 1) for i in left]
        at = start
        for syllable in syllables:
            pieces.append((at, at + len(syllable)))
            at += len(syllable)
        pieces += [(i, i + 1) for i in right]
        written = [text[a:b] for a, b in pieces]
        heard = [index.heard(w) if is_han(w[0]) else index.syllable(w) for w in written]
        for first in range(len(pieces)):
            for word in index.candidates(heard, first):
                evidence = self._mixed_evidence(word, written[first : first + len(word)])
                if evidence:
                    yield LatinHit(pieces[first][0], pieces[first + len(word) - 1][1], word, "mixed", "sure", evidence)

    def _mixed_evidence(self, word: str, written: Sequence[str]) -> str:
        if len(written) < len(word):
            return ""
        letters = ""
        for meant, piece in zip(word, written, strict=True):
            if piece == meant:
                letters += "="
            elif not is_han(piece[0]) and piece in {
                r.replace("v", "u") for r in self.sounds.readings.get(meant, ())
            } | set(self.sounds.readings.get(meant, ())):
                letters += "p"
            else:
                return ""
        return letters if "=" in letters and "p" in letters else ""


def _file(index: dict[str, tuple[str, ...]], key: str, word: str) -> None:
    known = index.get(key, ())
    if word not in known:
        index[key] = (*known, word)


def _edges_of(tokens: Sequence[tuple[int, str]]) -> list[int]:
    """Return where the tokens begin and end in their letters joined."""
    edges = [0]
    for _, token in tokens:
        edges.append(edges[-1] + len(token))
    return edges


def _whole(start: int, end: int, edges: Sequence[int]) -> bool:
    """Tell whether a stretch may be a word: over a space it takes whole tokens, inside one it leaves no single letter."""
    if any(start < edge < end for edge in edges):
        return start in edges and end in edges
    low, high = max(edge for edge in edges if edge <= start), min(edge for edge in edges if edge >= end)
    return start - low != 1 and high - end != 1
