"""A word of the lexicon, how words of each kind may be found, and the files that they are read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from handlers.understanding.spans import Tier

_COLUMNS = ("surface", "kind", "concept", "region", "tier")
_TIERS: Mapping[str, Tier] = {"sure": "sure", "soft": "soft", "ask": "ask"}


class LexiconError(ValueError):
    """A lexicon file cannot be read; the message names file, line and what is wrong."""


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A word: `surface` normalised, `concept` what it stands for, `tier` how sure that is, `region` where people say so."""

    surface: str
    kind: str
    concept: str
    tier: Tier = "sure"
    region: str = ""


Fuzzy = Literal["no", "yes", "long", "strict", "context"]
Single = Literal["never", "framed", "behind", "ahead", "always"]


@dataclass(frozen=True, slots=True)
class KindPolicy:
    """How words of a kind may be found.

    `rank` orders the kinds where one place has several readings, small first. `fuzzy`: wrong characters — no · yes · long
    (four characters or more) · strict (names: no near sounds, two characters only beside a product or 牌) · context (only
    beside certification words or goods). `letters`: pinyin. `single`: one character alone — never · framed (换门) · behind
    (directly behind goods) · ahead (directly before goods) · always.
    """

    rank: int
    fuzzy: Fuzzy = "no"
    letters: bool = False
    single: Single = "never"


GOODS = frozenset({"category", "product"})
# what may stand before goods of one character: 墙面|漆, 实木|门, a brand's 灯
DESCRIBING = frozenset(
    {"scene", "room", "material", "color", "feature", "brand", "known_brand", "series", "enterprise"}
)
POLICIES: Mapping[str, KindPolicy] = {
    "category": KindPolicy(0, "yes", letters=True, single="framed"),
    "product": KindPolicy(1, "yes", letters=True, single="framed"),
    "symptom": KindPolicy(2, "long"),
    "brand": KindPolicy(3, "strict", letters=True),
    "known_brand": KindPolicy(4, "strict"),
    "enterprise": KindPolicy(4, "strict"),
    "series": KindPolicy(4, "strict"),
    "scheme": KindPolicy(5, "yes", letters=True),
    "grade": KindPolicy(6, "context"),
    "feature": KindPolicy(7, "yes", letters=True),
    "scene": KindPolicy(8, "long", single="always"),
    "room": KindPolicy(9, "long"),
    "color": KindPolicy(10, single="framed"),
    "material": KindPolicy(11, "yes", letters=True, single="ahead"),
    "attribute": KindPolicy(12),
    "cue": KindPolicy(13, letters=True, single="always"),
    "unit": KindPolicy(14, single="always"),
    "tail": KindPolicy(15, single="behind"),
    "other_goods": KindPolicy(16),
    "foreign": KindPolicy(16),
    "block": KindPolicy(17),
    "chat": KindPolicy(18, letters=True),
    "function": KindPolicy(19, single="always"),
}
# kinds whose words may stand in a whole sentence of pinyin
SPELLED = frozenset(
    {
        "category",
        "product",
        "brand",
        "scheme",
        "grade",
        "feature",
        "scene",
        "room",
        "color",
        "material",
        "cue",
        "symptom",
    }
)
_OTHER = KindPolicy(50)
RANKS: Mapping[str, int] = {kind: found.rank for kind, found in POLICIES.items()}


def policy(kind: str) -> KindPolicy:
    """Return how words of a kind may be found; kinds without a line of their own are found only exactly."""
    return POLICIES.get(kind, _OTHER)


def read_entries(path: Path) -> Iterator[LexiconEntry]:
    """Read a file of the lexicon. Raises LexiconError, which names file and line."""
    header = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not header:
            header = True
            if tuple(cells[:5]) != _COLUMNS:
                raise LexiconError(f"{path.name} line {number}: the columns are {', '.join(_COLUMNS)}, note")
            continue
        surface, kind, concept, region, tier = (cells + [""] * 5)[:5]
        if not surface or not kind or tier not in _TIERS:
            raise LexiconError(
                f"{path.name} line {number}: a word needs surface, kind and tier (sure, soft, ask): {line!r}"
            )
        yield LexiconEntry(surface, kind, concept, _TIERS[tier], region)
