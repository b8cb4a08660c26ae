"""Bring what a person typed into one form, and remember where each character came from.

One table for each character: NFKC, lower case, Simplified, one sign for each dash, cross, quote and star, words for emoji.
Then, only where the text needs it: spaces between two Han characters go, three and more of one sign become one,
fractions, Roman grades and the cross between digits are spelled out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

from handlers.understanding.numbers import numerals
from handlers.understanding.spans import Normalised
from handlers.understanding.word_tables import WORDS, rows

_new = tuple.__new__  # makes a named tuple of its class and a tuple in half the time
LONGEST = 2_000  # characters that are read; the rest is left out and `cut` says so

# image: the characters that take it, where Unicode's own folding is not ours
_SIGNS = {
    "-": "‐‑‒–—―−﹘﹣-－⁃",
    "~": "〜~～∼˜∽",
    "x": "×⨯",
    "φ": "ΦφØø∅⌀ɸ",
    '"': "“”„‟″〝〞「」『』«»＂",
    "'": "‘’‚‛′`´＇",
    "·": "•・‧∙･",
    "¥": "¥￥",
    "零": "〇",
    "★": "✩✪✭",
    "≤": "≦⩽",
    "≥": "≧⩾",
    "\n": "\n\r\v\f\u0085\u2028\u2029",
    "v": "üǖǘǚǜÜǕǗǙǛ",  # pinyin: 绿 lv
    "/": "⁄∕",
}
_AS_THEY_ARE = "…°½¼¾★≠"  # Unicode would fold them to something that means less
_TYPED = ((0x20, 0x7E), (0x4E00, 0x9FA5))  # what is its own image but where a table says otherwise
_SETS_REMEMBERED = 4_096
_REMEMBERED = 60_000  # images kept at most: hostile text may hold a million different characters
_NOTHING = frozenset({"Cf", "Cc", "Mn", "Me", "Cs", "Co"})  # controls, marks, zero width: no image
_HAN = "㐀-䶿一-鿿豈-﫿𠀀-𰀀"

_FRACTION = re.compile(r"[½¼¾]")
_FRACTION_VALUES = {"½": ".5", "¼": ".25", "¾": ".75"}
_WIDE = "，"
_CLAUSES = re.compile(rf"(?<=\d){_WIDE}(?=\d)")
_COUNTED = frozenset("★*")  # three of them are no stammer
_LOOSE_SPACE = re.compile(rf"\A[ \n]+|[ \n]+\Z|(?<=[{_HAN}]) +(?=[{_HAN}])|(?<=\n)[ \n]+|(?<= ) +| +(?=\n)")
_STAMMER = re.compile(rf"([{_HAN}]|[^\w\s])\1\1+")


@lru_cache(maxsize=64)  # one question is normalised by everybody who looks at it
def normalise(raw: str) -> Normalised:
    """Return the text to work on, with the offset of every character in `raw`.

    Idempotent: normalising the result's text changes nothing. Only the first LONGEST characters are read.

    >>> normalise("８００＊８００的瓷磚").text
    '800x800的瓷砖'
    """
    read = raw[:LONGEST]
    if _WIDE in read:
        read = _CLAUSES.sub(";", read)  # 预算500，120平: two clauses, no 500,120
    if _changing().search(read) is None and (len(set(read)) == len(read) or _STAMMER.search(read) is None):
        return _new(Normalised, (read, _in_order(len(read)), raw, len(raw) > LONGEST))  # most often
    table = _characters()
    images = [*map(table.__getitem__, read)]
    text = "".join(images)
    cut = len(raw) > LONGEST
    if len(text) == len(read) and "" not in images:
        offsets = _in_order(len(read))
    else:
        offsets = (*(index for index, image in enumerate(images) for _ in image), len(read))
    working = _needs_work().findall(text)
    if working or (len(set(text)) < len(text) - 1 and _STAMMER.search(text)):
        text, offsets = _rework(text, offsets, frozenset(working))
    return Normalised(text, offsets, raw, cut)


@lru_cache(maxsize=256)
def _in_order(size: int) -> tuple[int, ...]:
    """Return the offsets of a text of which every character is its own image."""
    return tuple(range(size + 1))


def _rework(text: str, offsets: tuple[int, ...], working: frozenset[str]) -> tuple[str, tuple[int, ...]]:
    """Spell out what the characters that need work may be part of; `working`: those of the text."""
    for pattern, image in _steps_of(working):
        if pattern.search(text):
            text, offsets = substitute(pattern, image, text, offsets)
    return text, offsets


def substitute(
    pattern: re.Pattern[str], image: Callable[[re.Match[str]], str], text: str, offsets: tuple[int, ...]
) -> tuple[str, tuple[int, ...]]:
    """Put an image in the place of every match; its characters come from where the match begins."""
    pieces: list[str] = []
    kept: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        new = image(match)
        pieces += (text[done : match.start()], new)
        kept += offsets[done : match.start()]
        kept += [offsets[match.start()]] * len(new)
        done = match.end()
    return "".join((*pieces, text[done:])), (*kept, *offsets[done:])


def _fraction(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()]
    return ("" if before.isdigit() else "0") + _FRACTION_VALUES[match[0]]


def _stammer(match: re.Match[str]) -> str:
    if match[1] in _COUNTED or match[1] in numerals().digits or match[1] in numerals().units:
        return match[0]
    return "…" if match[1] == "." else match[1]


@cache
def _needs_work() -> re.Pattern[str]:
    """Return what tells, but for stammers, that a text is not in its last form yet; most texts are."""
    return re.compile(f"[{re.escape(''.join(sorted(_working())))}]")


@cache
def _working() -> frozenset[str]:
    """Return the characters that may need work beside others."""
    return frozenset(" \n½¼¾").union(*(sign for sign, _, _ in rows(WORDS / "spellings.tsv")))


_Step = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


@cache
def _spellings() -> tuple[tuple[frozenset[str], _Step], ...]:
    """Return the lines of the table of spellings as steps, with the characters that a text needs for each."""
    table = rows(WORDS / "spellings.tsv")
    return tuple((frozenset(sign), (re.compile(pattern), _always(image))) for sign, pattern, image in table)


@lru_cache(maxsize=_SETS_REMEMBERED)
def _steps_of(working: frozenset[str]) -> tuple[_Step, ...]:
    """Return the steps that may change a text with these of the characters that need work, in order."""
    whole = not working.isdisjoint(_FRACTION_VALUES)  # a fraction brings new figures
    own: list[_Step] = [(_FRACTION, _fraction)] if whole else []
    if not working.isdisjoint(" \n"):
        own.append((_LOOSE_SPACE, lambda match: ""))
    return (*own, (_STAMMER, _stammer), *(step for needed, step in _spellings() if whole or needed <= working))


def _always(image: str) -> Callable[[re.Match[str]], str]:
    return lambda match: image


@cache
def _changing() -> re.Pattern[str]:
    """Return what finds a character that is not its own image or needs work beside others; most texts have none.

    One class of characters is looked up faster than a dictionary of them: in place of it, for what is typed mostly.
    """
    changed = {char for char, image in _characters().items() if image != char} | _working()
    ranges = ""
    for first, last in _TYPED:
        low = first
        for cut in (*sorted(ord(char) for char in changed if first <= ord(char) <= last), last + 1):
            if low < cut:
                ranges += f"{re.escape(chr(low))}-{re.escape(chr(cut - 1))}"
            low = cut + 1
    return re.compile(f"[^{ranges}]")


class _Characters(dict[str, str]):
    """Character → its image; unknown ones are worked out from Unicode when they are first met."""

    def __missing__(self, char: str) -> str:
        image = self._image(char)
        if len(self) < _REMEMBERED:
            self[char] = image
        return image

    def _image(self, char: str) -> str:
        category = unicodedata.category(char)
        if category in _NOTHING:
            return ""
        folded = unicodedata.normalize("NFKD", char)
        if folded == char and category in {"So", "Sk", "Cn"}:
            return " "  # other emoji and ornaments
        letters = "".join(c for c in folded if unicodedata.category(c) not in _NOTHING)
        letters = unicodedata.normalize("NFKC", letters).lower()
        return letters if letters == char else "".join(c if c == char else self[c] for c in letters)


@cache
def _characters() -> _Characters:
    table = _Characters({chr(code): chr(code).lower() for code in range(32, 127)})
    table["\t"] = " "
    for image, members in _SIGNS.items():
        table.update(dict.fromkeys(members, image))
    table.update({char: char for char in _AS_THEY_ARE})
    table.update({cells[0]: cells[1] for cells in rows(WORDS / "characters.tsv")})
    table.update({cells[0]: cells[1] for cells in rows(WORDS / "emoji.tsv")})
    return table


def folded(text: str) -> str:
    """Return a name of the catalogue as the lexicon writes surfaces."""
    return normalise(text).text.strip()
