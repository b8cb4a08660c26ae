"""What people meant by the sampled lines: two labellings made apart, and where they agree.

A file holds `file<TAB>line<TAB>kind<TAB>accepted`. kind: `in` (a material or fixture of the trade is wanted), `out`, or
`either` (honestly both). accepted: category codes of the demonstration catalogue, a parent for everything under it, and
`word:…` with the plain name of a thing that the catalogue has no category for; separated by `|`. The texts are not kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

KINDS = ("in", "out", "either")
_WORD = "word:"

Key = tuple[str, int]  # file and line number from 1
Under = Callable[[Iterable[str]], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Label:
    """What one labeller took a line for: the codes with everything under them, and plain names."""

    kind: str
    codes: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def meets(self, other: Label) -> bool:
        """Tell whether both took the line for the same kind and would accept some answer in common."""
        if self.kind != other.kind:
            return False
        return self.kind != "in" or bool(self.codes & other.codes) or names(self.words, other.words)

    def joined(self, other: Label) -> Label:
        """Return the label that accepts what either of two accepts."""
        return Label(self.kind, self.codes | other.codes, self.words | other.words)


def names(said: Iterable[str], words: Iterable[str]) -> bool:
    """Tell whether a name stands in another or the other way round: 自攻螺丝 names 螺丝."""
    known = [word.casefold() for word in words]
    return any(word in name or name in word for name in map(str.casefold, said) if name for word in known)


def load(path: Path, under: Under) -> dict[Key, Label]:
    """Read a labelling. Raises ValueError naming file and line for an unknown kind, code or a line labelled twice."""
    labels: dict[Key, Label] = {}
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not row.strip() or row.startswith(("#", "file\t")):
            continue
        try:
            name, line, kind, *accepted = row.split("\t")
            key = (name, int(line))
            if key in labels or kind not in KINDS:
                raise ValueError("a line labelled twice" if key in labels else f"unknown kind {kind!r}")
            labels[key] = _label(kind, accepted[0] if accepted else "", under)
        except (ValueError, KeyError) as error:
            raise ValueError(f"{path.name}:{number}: {error}") from error
    return labels


def _label(kind: str, accepted: str, under: Under) -> Label:
    parts = [part for part in accepted.split("|") if part]
    words = frozenset(part.removeprefix(_WORD) for part in parts if part.startswith(_WORD))
    codes = [part for part in parts if not part.startswith(_WORD)]
    return Label(kind, under(codes), words)


def agreed(first: Mapping[Key, Label], second: Mapping[Key, Label]) -> dict[Key, Label]:
    """Return the lines that both took for the same, each accepting what either labeller accepts."""
    return {
        key: label.joined(second[key]) for key, label in first.items() if key in second and label.meets(second[key])
    }


def disagreements(first: Mapping[Key, Label], second: Mapping[Key, Label]) -> Counter[str]:
    """Count the lines taken for different things: by the two kinds, or `accepted` where only the thing differs.

    The kinds stand in the order of the labellings: `either / in` is either in the first, in in the second.
    """
    counts: Counter[str] = Counter()
    for key in first.keys() & second.keys():
        one, other = first[key], second[key]
        if one.kind != other.kind:
            counts[" / ".join((one.kind, other.kind))] += 1
        elif not one.meets(other):
            counts["accepted"] += 1
    return counts
