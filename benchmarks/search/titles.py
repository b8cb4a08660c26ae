"""A made-up catalogue of titles, and questions about it with what they ask for. The same for the same seed.

Brands are two or three characters of a list, families are a brand, a kind of goods and a feature; a family comes in several
specs and sizes. Questions come in five classes: (a) clean, (b) one wrong character, (c) one missing, swapped or extra,
(d) pinyin, (e) inside a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product as pairs
from pathlib import Path
from random import Random

from catalog_db.search.sounds import sounds

CLASSES = "abcde"
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Goods:
    """One title and what is true of it."""

    title: str
    kind: str
    brand: str
    feature: str
    spec: str
    size: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something typed, its class, and what the goods asked for are like: field → value."""

    text: str
    group: str
    wanted: Mapping[str, str]

    def fits(self, goods: Goods, *but: str) -> bool:
        """Tell whether goods are what is asked for, in every field but some."""
        return all(getattr(goods, name) == value for name, value in self.wanted.items() if name not in but)


@lru_cache(maxsize=1)
def _words() -> dict[str, list[str]]:
    """Return the words of brands, labels and frames by the name of their row."""
    return {row["name"][0]: row["words"] for row in _table("words.tsv")}


def _table(name: str) -> list[dict[str, list[str]]]:
    """Return the rows of a table: column → words. The first column is one word."""
    lines = [line.split("\t") for line in (_HERE / name).read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    return [
        {column: [cell] if column == lines[0][0] else cell.split() for column, cell in zip(lines[0], row, strict=True)}
        for row in lines[1:]
    ]


@lru_cache(maxsize=1)
def kinds() -> list[dict[str, list[str]]]:
    """Return the kinds of goods: column → words."""
    return _table("goods.tsv")


def brands() -> list[str]:
    """Return made-up brands, in a fixed order."""
    two = [a + b for a, b in pairs(_words()["first"], _words()["second"])]
    found = two + [a + b for a, b in pairs(two, _words()["third"])]
    Random(5).shuffle(found)
    return found


def goods(count: int, seed: int = 1) -> list[Goods]:
    """Return so many titles."""
    random = Random(seed)
    families = _families(random)
    found: list[Goods] = []
    while len(found) < count:
        kind, brand, feature = next(families)
        found += [_one(random, kind, brand, feature) for _ in range(random.randint(4, 16))]
    random.shuffle(found)
    return found[:count]


def _families(random: Random) -> Iterator[tuple[dict[str, list[str]], str, str]]:
    known = brands()
    while True:
        kind = random.choice(kinds())
        yield kind, random.choice(known), random.choice(kind["features"])


def _one(random: Random, kind: dict[str, list[str]], brand: str, feature: str) -> Goods:
    noun = random.choice([kind["nouns"][0], *kind["nouns"]])
    spec, size = random.choice(kind["specs"]), random.choice(kind["sizes"])
    words = random.choice(
        [(brand, feature + noun, spec, size), (brand, spec, feature, noun, size), (brand + feature + noun, size, spec)]
    )
    label = random.choice(["", "", *_words()["labels"]])
    return Goods(" ".join(filter(None, (*words, label))), kind["kind"][0], brand, feature, spec, size)


def questions(catalogue: list[Goods], each: int, seed: int = 2) -> list[Question]:
    """Return so many questions of each class about goods of the catalogue."""
    random = Random(seed)
    by_kind = {kind["kind"][0]: kind for kind in kinds()}
    return [_question(random, random.choice(catalogue), by_kind, group) for group in CLASSES for _ in range(each)]


def _question(random: Random, one: Goods, by_kind: Mapping[str, dict[str, list[str]]], group: str) -> Question:
    fields = random.choice(["brand", "feature", "brand feature", "feature size", "brand feature size", "size"]).split()
    nouns = [noun for noun in by_kind[one.kind]["nouns"] if noun in one.title]
    words = [getattr(one, name) for name in fields if name != "size"] + [max(nouns, key=len)]
    words += [one.size] if "size" in fields else []
    wanted = {"kind": one.kind, **{name: getattr(one, name) for name in fields}}
    text = _GARBLED[group](random, words)
    return Question(text, group, wanted)


def _clean(random: Random, words: list[str]) -> str:
    return random.choice([" ", ""]).join(words)


def _wrong(random: Random, words: list[str]) -> str:
    text = _clean(random, words)
    place = random.choice(_han(text))
    alike = _homophones().get(int(sounds().of_code[ord(text[place])]), "") if random.random() < 0.75 else ""
    others = [one for one in alike if one != text[place]] or [random.choice(_strangers())]
    return text[:place] + random.choice(others) + text[place + 1 :]


def _slipped(random: Random, words: list[str]) -> str:
    text = _clean(random, words)
    place = random.choice(_han(text))
    how = random.randrange(3)
    if how == 0:
        return text[:place] + text[place + 1 :]
    if how == 1 and place + 1 in _han(text):
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + random.choice([*_strangers(), text[place]]) + text[place:]


def _pinyin(random: Random, words: list[str]) -> str:
    between, cut = random.choice([("", 0), ("", 0), (" ", 0), ("", 1)])
    table = sounds()
    typed = []
    for word in words:
        parts = [table.name.get(int(table.of_code[ord(one)]), one.lower()) for one in word]
        typed.append((between if len(_han(word)) == len(word) else "").join(parts))
    last = len(typed) - 1 - (not _han(words[-1]))
    typed[last] = typed[last][: len(typed[last]) - cut]
    return " ".join(typed)


def _asked(random: Random, words: list[str]) -> str:
    return random.choice(_words()["frames"]).format("".join(words))


_GARBLED = {"a": _clean, "b": _wrong, "c": _slipped, "d": _pinyin, "e": _asked}


def _strangers() -> list[str]:
    """Return characters that have no business where they are put."""
    return _words()["first"] + _words()["second"]


def _han(text: str) -> list[int]:
    return [place for place, one in enumerate(text) if "\u4e00" <= one <= "\u9fff"]


@lru_cache(maxsize=1)
def _homophones() -> dict[int, str]:
    """Return the everyday characters (GB 2312, first level) of each sound."""
    found: dict[int, str] = {}
    for high, low in pairs(range(0xB0, 0xD7), range(0xA1, 0xFF)):
        one = bytes((high, low)).decode("gb2312")
        sound = int(sounds().of_code[ord(one)])
        found[sound] = found.get(sound, "") + one
    return found
