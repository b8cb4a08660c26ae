"""The font of pictures and sheets: what it can draw, and what stands for a character that it lacks."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from PIL import ImageFont

FONT = Path(__file__).parent / "fonts" / "NotoSansCJKsc-Regular-subset.otf"
STAND_IN = "〓"  # what Chinese printers put where a type is missing
_DROPPED = frozenset(
    {"So", "Sk", "Cf", "Mn", "Me", "Cc", "Cs", "Co", "Cn"}
)  # emoji, what joins and colours them, signs without a shape


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont:
    """Return the font in a size, pixels."""
    return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)


def drawable(text: str) -> str:
    """Return a text that the font can draw whole: emoji are left out, any other character that is lacking becomes 〓."""
    known = _known()
    if all(ord(char) in known for char in text):
        return text
    written = "".join(char if ord(char) in known else _instead(char) for char in text)
    return " ".join(written.split(" ")).strip()


def missing(text: str) -> tuple[str, ...]:
    """Return the characters that `drawable` replaces by 〓, each once, in order."""
    known = _known()
    return tuple(dict.fromkeys(char for char in text if ord(char) not in known and _instead(char) == STAND_IN))


def _instead(char: str) -> str:
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in _DROPPED else STAND_IN


@cache
def _known() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())
