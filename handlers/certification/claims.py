"""Claims that nobody may make of a building material (零甲醛, 国家推荐, 绝对安全), found in any text: adverts, notes, what we send.

    for claim in find_claims("国家推荐，零甲醛"): claim.said, claim.kind, claim.why, claim.offer

What the same clause denies (别信零甲醛) is no claim, what it asks about or reports (零甲醛是真的吗) only with `asked`. Words are in
`claims.tsv`, sentences in `claims.po`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from handlers.turn import Text, say
from handlers.understanding.needed import PossiblePatterns
from handlers.understanding.normalise import LONGEST, normalise
from handlers.understanding.passage import is_han
from handlers.understanding.word_tables import WORDS, rows

_DENIED = ("before", "after")  # rows that are no kinds: what stands there, up to the claim and from it on, denies it
_ASKED = ("asked_before", "asked_after")
_CLAUSE = re.compile(r"[,。;!?\n]")
_SPLITTING = frozenset(" ·.*_-~+|/\"'")  # one of these between two characters is put there to be overlooked: 零·甲·醛


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: where it stands in the text as given, its words, and what kind it is (a name of `claims.tsv`)."""

    start: int
    end: int
    said: str
    kind: str

    @property
    def why(self) -> Text:
        """Return why nobody may say so."""
        return say(f"claims.why.{self.kind}")

    @property
    def offer(self) -> Text:
        """Return what may be said instead."""
        return say(f"claims.offer.{self.kind}")


def find_claims(text: str, *, asked: bool = False) -> list[Claim]:
    """Return the claims of a text of any length in order, none overlapping; of two kinds of one stretch the longer one.

    `asked`: also what is only reported or asked about.
    """
    excuses = (_DENIED,) if asked else (_DENIED, _ASKED)
    found = [claim for start, piece in _pieces(text) for claim in _claims(piece, start, excuses)]
    found.sort(key=lambda claim: (claim.start, claim.start - claim.end))
    kept: list[Claim] = []
    for claim in found:
        if not kept or claim.start >= kept[-1].end:
            kept.append(claim)
        elif claim.end - claim.start > kept[-1].end - kept[-1].start:
            kept[-1] = claim
    return kept


def kinds(claims: list[Claim]) -> list[tuple[str, list[Claim]]]:
    """Return the claims of each kind together, the kinds in the order in which they were first said."""
    order = list(dict.fromkeys(claim.kind for claim in claims))
    ordered = sorted(claims, key=lambda claim: order.index(claim.kind))
    return [(kind, list(group)) for kind, group in groupby(ordered, lambda claim: claim.kind)]


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield stretches that can be normalised in one piece, with where they begin; they end at a line where they can."""
    start = 0
    while start < len(text):
        end = len(text)
        if end - start > LONGEST:
            line = text.rfind("\n", start, start + LONGEST)
            end = line + 1 if line > start else start + LONGEST
        yield start, text[start:end]
        start = end


def _claims(piece: str, offset: int, excuses: Sequence[tuple[str, str]]) -> Iterator[Claim]:
    plain, places = _bare(piece)
    patterns, possible = _patterns()
    for kind, pattern in [patterns[number] for number in possible.numbers(plain)]:
        for match in pattern.finditer(plain):
            before, after = _clause(plain, match.start(), match.end())
            if any(_joined(left).search(before) or _joined(right).search(after) for left, right in excuses):
                continue
            start, end = places[match.start()], places[match.end() - 1] + 1
            yield Claim(offset + start, offset + end, piece[start:end], kind)


def _bare(piece: str) -> tuple[str, list[int]]:
    """Return the normalised text without signs that stand between two characters, and where each character came from."""
    normalised = normalise(piece)
    text, kept = normalised.text, []
    if _SPLITTING.isdisjoint(text):  # most often
        return text, [*normalised.offsets[:-1]]
    for place, char in enumerate(text):
        inside = 0 < place < len(text) - 1 and char in _SPLITTING
        if not (inside and _joins(text[place - 1]) and is_han(text[place + 1])):
            kept.append(place)
    return "".join(text[place] for place in kept), [normalised.offsets[place] for place in kept]


def _joins(char: str) -> bool:
    return is_han(char) or char == "0"


def _clause(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and after a claim in its clause."""
    marks = [match.start() for match in _CLAUSE.finditer(text, 0, start)]
    closing = _CLAUSE.search(text, end)
    before = text[marks[-1] + 1 if marks else 0 : start]
    return before.rstrip("\"'"), text[end : closing.end() if closing else len(text)].lstrip("\"'")


@cache
def _patterns() -> tuple[list[tuple[str, re.Pattern[str]]], PossiblePatterns]:
    """Return the kinds of claims with their patterns, and what tells which of these may match a text."""
    told = [cells for cells in rows(WORDS / "claims.tsv") if cells[0] not in (*_DENIED, *_ASKED)]
    needed = [(frozenset(needs),) if needs else () for _, _, needs in told]
    return [(kind, re.compile(pattern)) for kind, pattern, _ in told], PossiblePatterns(needed)


@cache
def _joined(role: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for kind, pattern, _ in rows(WORDS / "claims.tsv") if kind == role))
