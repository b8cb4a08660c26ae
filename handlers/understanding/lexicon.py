"""The lexicon of the trade: every word we understand, and the search for them in an utterance.

    lexicon = Lexicon(Lexicon.load_entries(folder), Tables.load(folder))
    found = lexicon.find_spans(normalised)

Exact words come from one automaton; letters, wrong characters and accents from the indexes beside it; the best cover decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from ahocorasick_rs import AhoCorasick

from handlers.understanding.cover import best_cover
from handlers.understanding.latin import LatinIndex
from handlers.understanding.matching import SoundIndex, accept
from handlers.understanding.passage import Passage, is_han
from handlers.understanding.sounds import Sounds
from handlers.understanding.spans import How, Normalised, Span, Tier

_COLUMNS = ("surface", "kind", "concept", "region", "tier", "note")
_WORSE: Mapping[Tier, int] = {"sure": 0, "soft": 1, "ask": 2}


class LexiconFault(ValueError):
    """A lexicon file cannot be read; the message names file, line and what is wrong."""


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A word: `surface` normalised, `concept` what it stands for, `tier` how sure that is, `region` where people say so."""

    surface: str
    kind: str
    concept: str
    tier: Tier = "sure"
    region: str = ""


@dataclass(frozen=True, slots=True)
class KindPolicy:
    """How words of a kind may be found. `rank` orders the kinds where one word has several."""

    rank: int
    fuzzy: Literal["no", "yes", "strict", "context"] = "no"  # strict: names; context: only beside `support`
    letters: bool = False  # pinyin, and initials and slips for goods
    single: Literal["never", "framed", "always"] = "never"  # one character alone


GOODS = frozenset({"category", "product"})
POLICIES: Mapping[str, KindPolicy] = {
    "category": KindPolicy(0, "yes", letters=True, single="framed"),
    "product": KindPolicy(1, "yes", letters=True, single="framed"),
    "symptom": KindPolicy(2, "yes"),
    "brand": KindPolicy(3, "strict", letters=True),
    "series": KindPolicy(4, "strict"),
    "scheme": KindPolicy(5, "yes", letters=True),
    "grade": KindPolicy(6, "context"),
    "feature": KindPolicy(7, "yes", letters=True),
    "scene": KindPolicy(8, "yes"),
    "room": KindPolicy(9, "yes"),
    "color": KindPolicy(10, "no", single="framed"),
    "material": KindPolicy(11, "yes", letters=True),
    "attribute": KindPolicy(12, "no"),
    "cue": KindPolicy(13, "no", letters=True, single="always"),
    "unit": KindPolicy(14, "no", single="always"),
    "tail": KindPolicy(15, "no", single="always"),
    "other_goods": KindPolicy(16, "no"),
    "block": KindPolicy(17, "no"),
    "chat": KindPolicy(18, "no", letters=True),
    "function": KindPolicy(19, "no", single="always"),
}
_OTHER_POLICY = KindPolicy(50)
_RANK = {kind: policy.rank for kind, policy in POLICIES.items()}


def policy(kind: str) -> KindPolicy:
    """Return how words of a kind may be found; kinds without a line of their own are found only exactly."""
    return POLICIES.get(kind, _OTHER_POLICY)


@dataclass(frozen=True)
class Tables:
    """The frozen tables beside the words: sounds, everyday words that must stay silent, and the frames of short words.

    `frames[role]`: `before_single` what may stand before a one-character product, `brand_sign` what shows a brand.
    """

    sounds: Sounds
    guard_words: tuple[str, ...] = ()
    frames: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, locale_folder: Path) -> Self:
        """Read the tables of a locale folder."""
        guard = [w for w in _lines(locale_folder / "guard_words.txt") if w]
        frames: dict[str, set[str]] = {}
        for line in _lines(locale_folder / "frames.tsv")[1:]:
            role, surface = line.split("\t")[:2]
            frames.setdefault(role, set()).add(surface)
        return cls(Sounds.load(locale_folder), tuple(guard), {role: frozenset(words) for role, words in frames.items()})


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in an utterance. Places are those of the normalised text.

    `spans`: the best reading, words that do not overlap, in order. `readings`: every kind and concept that the same place
    stands for, the first one being in `spans`. `tails`: for a product, what follows it directly and makes it something
    else: a Span of kind `tail` with concept `accessory`, `product` (another product follows: 瓷砖|美缝剂),
    `other_goods` or `unknown` (a word we do not know). `alternatives`: other concepts almost as likely.
    `residue`: Chinese text that no word covers.
    """

    spans: tuple[Span, ...]
    readings: Mapping[tuple[int, int], tuple[Span, ...]]
    tails: Mapping[tuple[int, int], Span]
    alternatives: tuple[Span, ...]
    residue: tuple[tuple[int, int], ...]


class Lexicon:
    """All words with the indexes to find them. Immutable once built; `extended` makes a larger one."""

    def __init__(self, entries: Iterable[LexiconEntry], tables: Tables) -> None:
        self.tables = tables
        self.entries: tuple[LexiconEntry, ...] = tuple(entries)
        self._by_surface: dict[str, tuple[LexiconEntry, ...]] = {}
        for entry in self.entries:
            self._by_surface[entry.surface] = (*self._by_surface.get(entry.surface, ()), entry)
        self._patterns = [*self._by_surface, *(w for w in tables.guard_words if w not in self._by_surface)]
        self._words = len(self._by_surface)
        self._automaton = AhoCorasick(self._patterns, store_patterns=False)
        self._index = SoundIndex(tables.sounds)
        self._latin = LatinIndex(tables.sounds)
        self._known_letters = frozenset(s for s in self._by_surface if s.isascii())
        self._fill()

    def _fill(self) -> None:
        for surface, entries in self._by_surface.items():
            policies = [policy(e.kind) for e in entries]
            if any(p.fuzzy != "no" for p in policies) and all(map(is_han, surface)):
                self._index.add(surface)
            if any(p.letters for p in policies):
                self._latin.add(surface, any(e.kind in GOODS or e.kind == "brand" for e in entries))

    @staticmethod
    def load_entries(locale_folder: Path) -> list[LexiconEntry]:
        """Read every `lexicon/*.tsv` of a locale folder. Raises LexiconFault, which names file and line."""
        entries = []
        for path in sorted((locale_folder / "lexicon").glob("*.tsv")):
            entries.extend(_read_entries(path))
        return entries

    def extended(self, entries: Iterable[LexiconEntry]) -> Lexicon:
        """Return a lexicon with more words."""
        return Lexicon([*self.entries, *entries], self.tables)

    def entries_for(self, surface: str) -> tuple[LexiconEntry, ...]:
        """Return what a surface stands for, () when it is not a word of ours."""
        return self._by_surface.get(surface, ())

    def find_spans(
        self, normalised: Normalised, blocked: Sequence[tuple[int, int]] = (), topic: Collection[str] = ()
    ) -> Found:
        """Find the words of an utterance. `blocked` stretches are nobody's; concepts of `topic` win ties."""
        passage = Passage.make(normalised, blocked)
        exact, guards = self._exact(passage)
        cover = best_cover(exact, len(passage.text), _RANK)
        more = [*self._letters(passage), *self._wrong_characters(passage, cover.spans, guards)]
        if more:
            cover = best_cover([*exact, *more], len(passage.text), _RANK, frozenset(topic))
        return _found(passage, cover.spans, cover.readings, cover.alternatives)

    def _exact(self, passage: Passage) -> tuple[list[Span], list[tuple[int, int]]]:
        spans: list[Span] = []
        guards: list[tuple[int, int]] = []
        singles: list[tuple[str, int]] = []
        text = passage.text
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if number >= self._words:
                guards.append((start, end))
                continue
            if (
                not passage.free(start, end)
                or not _whole_letters(text, start, end)
                or not passage.joined_well(start, end)
            ):
                continue
            if end - start == 1:
                singles.append((self._patterns[number], start))
                continue
            spans.extend(_span(e, start, end) for e in self._by_surface[self._patterns[number]])
        spans.extend(self._singles(passage, singles, spans))
        return spans, guards

    def _singles(self, passage: Passage, singles: Sequence[tuple[str, int]], spans: Sequence[Span]) -> Iterator[Span]:
        """Accept words of one character: particles always, goods and colours only in a frame."""
        starts = {s.start for s in spans}
        always = {at for char, at in singles if any(policy(e.kind).single == "always" for e in self._by_surface[char])}
        for char, at in singles:
            for entry in self._by_surface[char]:
                how = policy(entry.kind).single
                if how == "always" or (how == "framed" and self._framed(passage, at, starts | always)):
                    yield _span(entry, at, at + 1)

    def _framed(self, passage: Passage, at: int, clean: Collection[int]) -> bool:
        text = passage.text
        after = at + 1
        if (
            after < len(text)
            and is_han(text[after])
            and after not in clean
            and after not in passage.gaps
            and not passage.blocked[after]
        ):
            return False
        if at == 0 or at in passage.gaps or not is_han(text[at - 1]) or passage.blocked[at - 1]:
            return True
        return text[at - 1] in self.tables.frames.get("before_single", frozenset())

    def _letters(self, passage: Passage) -> Iterator[Span]:
        for hit in self._latin.find(passage, self._index, self._known_letters):
            for entry in self._by_surface[hit.word]:
                if policy(entry.kind).letters:
                    yield _span(entry, hit.start, hit.end, hit.how, hit.tier, hit.evidence)

    def _wrong_characters(
        self, passage: Passage, cover: Sequence[Span], guards: Sequence[tuple[int, int]]
    ) -> Iterator[Span]:
        """Look for mistyped words wherever some Chinese text is not covered."""
        text, size = passage.text, len(passage.text)
        covered = bytearray(passage.blocked)
        for span in cover:
            covered[span.start : span.end] = b"\x01" * (span.end - span.start)
        open_places = [i for i in range(size) if not covered[i] and is_han(text[i])]
        if not open_places:
            return
        index = self._index
        heard = [index.heard(c) if not passage.blocked[i] else () for i, c in enumerate(text)]
        starts = {s.start: s.end for s in cover}
        inside = bytearray(size + 1)  # boundaries that would cut a word of the cover
        for span in cover:
            inside[span.start + 1 : span.end] = b"\x01" * (span.end - span.start - 1)
        nearest = _next_open(open_places, size)
        clean = _clean_edges(passage, cover)
        for start in range(size - 1):
            if inside[start] or nearest[start] - start >= index.longest:
                continue
            for word in set(index.candidates(heard, start)):
                end = start + len(word)
                if end > size or end <= nearest[start] or inside[end] or not passage.joined_well(start, end):
                    continue
                evidence = index.evidence(word, text[start:end])
                if not evidence or "=" * len(word) == evidence or _guarded(start, evidence, guards):
                    continue
                yield from self._judged(passage, word, start, evidence, clean, cover)
        del starts

    def _judged(
        self, passage: Passage, word: str, start: int, evidence: str, clean: bytearray, cover: Sequence[Span]
    ) -> Iterator[Span]:
        end = start + len(word)
        left, right = bool(clean[start]), bool(clean[end])
        how: How = "shape" if "s" in evidence else "sound"
        for entry in self._by_surface[word]:
            fuzzy = policy(entry.kind).fuzzy
            if fuzzy == "no" or (
                fuzzy == "context" and not any(s.kind in {"scheme", "category", "product"} for s in cover)
            ):
                continue
            tier = accept(evidence, left, right, strict=fuzzy == "strict")
            if tier is None:
                continue
            if fuzzy == "strict" and len(word) == 2 and not self._named(passage, end, cover):
                continue
            yield _span(entry, start, end, how, tier, evidence)

    def _named(self, passage: Passage, end: int, cover: Sequence[Span]) -> bool:
        """Tell whether a short name stands beside something that makes it one: a product, or 牌."""
        signs = self.tables.frames.get("brand_sign", frozenset())
        return any(s.kind in GOODS for s in cover) or any(passage.text.startswith(sign, end) for sign in signs)


def _span(
    entry: LexiconEntry, start: int, end: int, how: How = "exact", tier: Tier = "sure", evidence: str = ""
) -> Span:
    worse = entry.tier if _WORSE[entry.tier] > _WORSE[tier] else tier
    return Span(start, end, entry.kind, entry.concept, entry.surface, how, worse, evidence, entry.region)


def _whole_letters(text: str, start: int, end: int) -> bool:
    """Tell whether a word that begins or ends with a letter or digit stops where the run of letters or digits does."""
    return not (start and _same_sort(text[start - 1], text[start])) and not (
        end < len(text) and _same_sort(text[end - 1], text[end])
    )


def _same_sort(left: str, right: str) -> bool:
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isalpha() and right.isalpha()) or (left.isdigit() and right.isdigit())


def _next_open(open_places: Sequence[int], size: int) -> list[int]:
    """For every place, the next one that is not covered (far away when there is none)."""
    nearest = [size * 2] * (size + 1)
    upcoming = size * 2
    places = set(open_places)
    for here in range(size - 1, -1, -1):
        if here in places:
            upcoming = here
        nearest[here] = upcoming
    return nearest


def _clean_edges(passage: Passage, cover: Sequence[Span]) -> bytearray:
    """Mark the boundaries where a word may begin or end: the ends, signs, spaces, and the edges of known words."""
    size = len(passage.text)
    clean = bytearray(size + 1)
    clean[0] = clean[size] = 1
    for here, char in enumerate(passage.text):
        if not is_han(char) or passage.blocked[here]:
            clean[here] = clean[here + 1] = 1
    for gap in passage.gaps:
        clean[gap] = 1
    for span in cover:
        clean[span.start] = clean[span.end] = 1
    return clean


def _guarded(start: int, evidence: str, guards: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a changed character belongs to an everyday word, unless the match is much longer than that word."""
    for guard_start, guard_end in guards:
        swallowed = (
            start <= guard_start and guard_end <= start + len(evidence) and len(evidence) >= guard_end - guard_start + 2
        )
        if not swallowed and any(
            letter != "=" and guard_start <= start + i < guard_end for i, letter in enumerate(evidence)
        ):
            return True
    return False


def _found(
    passage: Passage,
    spans: Sequence[Span],
    readings: Mapping[tuple[int, int], tuple[Span, ...]],
    alternatives: Sequence[Span],
) -> Found:
    text = passage.text
    covered = bytearray(passage.blocked)
    for span in spans:
        covered[span.start : span.end] = b"\x01" * (span.end - span.start)
    residue = list(_runs(text, covered))
    tails = {}
    for number, span in enumerate(spans):
        if span.kind in GOODS:
            tail = _tail(passage, spans[number + 1 :], span.end, residue)
            if tail:
                tails[passage.place(span.start, span.end)] = _moved(passage, tail)
    return Found(
        tuple(_moved(passage, s) for s in spans),
        {passage.place(*place): tuple(_moved(passage, s) for s in several) for place, several in readings.items()},
        tails,
        tuple(_moved(passage, s) for s in alternatives),
        tuple(passage.place(start, end) for start, end in residue),
    )


def _tail(passage: Passage, following: Sequence[Span], end: int, residue: Sequence[tuple[int, int]]) -> Span | None:
    """Find what follows a product directly and changes what is sold; benign words are passed over."""
    for span in following:
        if span.start != end or end in passage.gaps:
            break
        if span.kind == "tail" and span.concept == "benign":
            end = span.end
            continue
        if span.kind in GOODS:
            return Span(span.start, span.end, "tail", "product", span.surface)
        if span.kind == "other_goods":
            return Span(span.start, span.end, "tail", "other_goods", span.surface)
        return span if span.kind == "tail" else None
    for start, stop in residue:
        if start == end and end not in passage.gaps:
            return Span(start, stop, "tail", "unknown", passage.text[start:stop])
    return None


def _runs(text: str, covered: bytearray) -> Iterator[tuple[int, int]]:
    start = -1
    for here in range(len(text) + 1):
        open_han = here < len(text) and not covered[here] and is_han(text[here])
        if open_han and start < 0:
            start = here
        elif not open_han and start >= 0:
            yield start, here
            start = -1


def _moved(passage: Passage, span: Span) -> Span:
    start, end = passage.place(span.start, span.end)
    if (start, end) == (span.start, span.end):
        return span
    return Span(start, end, span.kind, span.concept, span.surface, span.how, span.tier, span.evidence, span.region)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def _read_entries(path: Path) -> Iterator[LexiconEntry]:
    header: list[str] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if header is None:
            header = cells
            if tuple(header[:5]) != _COLUMNS[:5]:
                raise LexiconFault(f"{path.name} line {number}: columns must be {', '.join(_COLUMNS)}")
            continue
        surface, kind, concept, region, tier = (cells + [""] * 5)[:5]
        if not surface or not kind or tier not in _WORSE:
            raise LexiconFault(
                f"{path.name} line {number}: surface, kind and a tier (sure, soft, ask) are needed: {line!r}"
            )
        yield LexiconEntry(surface, kind, concept, _TIERS[tier], region)


_TIERS: Mapping[str, Tier] = {"sure": "sure", "soft": "soft", "ask": "ask"}
