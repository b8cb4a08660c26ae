"""Find words of the lexicon that were typed with wrong characters: by syllable class, with evidence for every character.

Candidates come from an index over the classes of a word's first two (or three) syllables; a candidate is then judged
character by character, and accepted by its length, its evidence and whether its edges are clean. There is no wildcard, no
inserted and no lost character: those turn one real product into another (防水材料, 防水涂料, 防火涂料).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from handlers.understanding.sounds import Sounds
from handlers.understanding.spans import Tier

_BITS = 9  # a class number fits: there are about 300
_PRODUCT_OF_EVIDENCE = {"=": 1.0, "p": 0.92, "s": 0.8, "l": 0.75}
_LEAST_EVIDENCE = 0.70
_REMEMBERED = 50_000  # pairs of characters
# Numbers of the words of two classes, and the classes when longer words begin so, else 0.
Begun = tuple[tuple[int, ...], int]
# Words of two characters, and longer ones by the class of their third.
Written = tuple[tuple[str, ...], dict[int, tuple[str, ...]]]


class SoundIndex:
    """Words by the classes of their first syllables. Words are numbered by the order of `add`.

    A word of two characters is filed under two classes, a longer one under three; each reading of a character counts.
    """

    def __init__(self, sounds: Sounds) -> None:
        self.sounds = sounds
        self.words: list[str] = []
        self._numbers = {name: n for n, name in enumerate(sorted(set(sounds.class_of.values())), 1)}
        self._classes: dict[str, tuple[int, ...]] = {}
        self._heard: dict[str, tuple[int, ...]] = {}
        self._files: dict[int, tuple[int, ...]] = {}
        self._longer: dict[int, set[int]] = {}  # the first two classes of the longer words, and their third ones
        self.begun = _BegunWords(self)
        self._evidence: dict[str, str] = {}  # of a character for another, by both
        self.longest = 0

    def add(self, word: str) -> bool:
        """File a word of two or more characters; False when a character has no known reading."""
        if len(word) < 2 or not all(map(self.sounds.readings.get, word)):
            return False
        head = [self._classes.get(c) or self.classes(c) for c in word[:3]]
        number = len(self.words)
        self.words.append(word)
        self.longest = max(self.longest, len(word))
        files = self._files
        for combination in product(*head):
            key = _key(combination)
            filed = files.get(key)
            files[key] = (number,) if filed is None else (*filed, number)
            if len(combination) > 2:
                self._longer.setdefault(key >> _BITS, set()).add(combination[2])
        return True

    def classes(self, char: str) -> tuple[int, ...]:
        """Return the numbers of the classes that a character may be read in."""
        known = self._classes.get(char)
        if known is None:
            known = tuple(self._numbers[c] for c in self.sounds.classes.get(char, ()))
            self._classes[char] = known
        return known

    def heard(self, written: str) -> tuple[int, ...]:
        """Return the classes that a written character may stand for: its own and those of the characters it looks like."""
        known = self._heard.get(written)
        if known is None:
            looks = self.sounds.look_alikes.get(written, "")
            known = tuple(dict.fromkeys([*self.classes(written), *(n for c in looks for n in self.classes(c))]))
            self._heard[written] = known
        return known

    def syllable(self, letters: str) -> tuple[int, ...]:
        """Return the class of a syllable typed in letters (v or u for ü)."""
        names = {self.sounds.class_of.get(letters), self.sounds.class_of.get(letters.replace("u", "v"))} - {None}
        return tuple(self._numbers[n] for n in sorted(filter(None, names)))

    def begun_with(self, first: tuple[int, ...], second: tuple[int, ...]) -> tuple[Begun, ...]:
        """Return what words may begin with two characters of these classes; () for most."""
        files, longer = self._files, self._longer
        pairs = [one << _BITS | two for one in first for two in second]
        return tuple([(files.get(p, ()), p if p in longer else 0) for p in pairs if p in files or p in longer])

    def written(self, two: str, begun: Begun) -> Written:
        """Return what of the words that begin with two classes may be meant by two written characters."""
        numbers, pair = begun
        words, files, longer = self.words, self._files, {}
        short = tuple([word for word in map(words.__getitem__, numbers) if self.evidence(word, two).count("=") == 1])
        for third in self._longer.get(pair, ()):
            several = map(words.__getitem__, files[pair << _BITS | third])
            if able := tuple([word for word in several if self.evidence(word, two)]):
                longer[third] = able
        return short, longer

    def going_on(self, begun: Iterable[Begun], third: tuple[int, ...]) -> Iterator[str]:
        """Yield the words that may begin so and go on with a third syllable (() when nothing follows)."""
        files, words = self._files, self.words
        for numbers, pair in begun:
            for number in numbers:
                yield words[number]
            if pair:
                for last in third:
                    for number in files.get(pair << _BITS | last, ()):
                        yield words[number]

    def candidates(self, heard: Sequence[tuple[int, ...]], start: int) -> Iterator[str]:
        """Return the words whose first syllables may be those heard from `start` on."""
        if start + 1 >= len(heard):
            return iter(())
        third = heard[start + 2] if start + 2 < len(heard) else ()
        return self.going_on(self.begun_with(heard[start], heard[start + 1]), third)

    def evidence(self, word: str, written: Sequence[str]) -> str:
        """Return one letter of evidence a character, or "" as soon as one character has none or a second look-alike comes."""
        letters = ""
        known = self._evidence
        for meant, char in zip(word, written, strict=False):
            if meant == char:
                letters += "="
                continue
            letter = known.get(meant + char)
            if letter is None:
                letter = self.sounds.evidence(meant, char)
                if len(known) < _REMEMBERED:
                    known[meant + char] = letter
            if not letter or (letter == "s" and "s" in letters):
                return ""
            letters += letter
        return letters


class _BegunWords(dict[str, tuple[Written, ...]]):
    """What words may be meant that begin with two written characters, of those that were met; () for most.

    Every character needs some evidence; of two characters one must be right and one not (see `accept`).
    """

    def __init__(self, index: SoundIndex) -> None:
        super().__init__()
        self._index = index

    def __missing__(self, two: str) -> tuple[Written, ...]:
        index = self._index
        begun = index.begun_with(index.heard(two[0]), index.heard(two[1]))
        known = tuple([written for one in begun if any(written := index.written(two, one))])
        if len(self) < _REMEMBERED:
            self[two] = known
        return known


def _key(classes: Sequence[int]) -> int:
    key = 0
    for number in classes:
        key = key << _BITS | number
    return key


def accept(evidence: str, left: bool, right: bool, strict: bool = False, noun: bool = True) -> Tier | None:
    """Judge a candidate by its evidence and its clean edges; None = not a match.

    `strict` (brands, series): no near sounds, and the last character may be any. With `noun` the last character, which
    says what is sold, must be the same, sound the same or look alike: 保温杯 is no 保温板.
    """
    near = evidence.count("l")
    if strict and near:
        return None
    both = left and right
    if noun and not strict and evidence[-1] == "l":
        alone = both and near == 1 and len(evidence) > 2 and evidence.count("=") == len(evidence) - 1
        return "soft" if alone else None  # 洗面朋
    if len(evidence) == 2:
        return _accept_two(evidence, both)
    if len(evidence) == 3:
        return _accept_three(evidence, left or right, both)
    return _accept_long(evidence, both)


def _accept_two(evidence: str, both: bool) -> Tier | None:
    if not both or "=" not in evidence:
        return None
    return "ask" if "l" in evidence else "soft"


def _accept_three(evidence: str, either: bool, both: bool) -> Tier | None:
    same, sound = evidence.count("="), evidence.count("p")
    if same == 2 and sound == 1 and either:
        return "sure"
    if not both:
        return None
    if same == 2:
        return "sure" if "s" in evidence else "soft"
    if same == 1 and sound == 2:
        return "soft"
    return "ask" if sound == 3 else None


def _accept_long(evidence: str, both: bool) -> Tier | None:
    size, same = len(evidence), evidence.count("=")
    if same == size - 1:
        return "soft" if "l" in evidence else "sure"
    if same == size - 2 and "p" in evidence and "s" not in evidence and both:
        return "soft" if "l" in evidence else "sure"
    weight = 1.0
    for letter in evidence:
        weight *= _PRODUCT_OF_EVIDENCE[letter]
    return "ask" if both and weight >= _LEAST_EVIDENCE else None
