"""Frames of things told of by what they do: 补瓷砖缝的, 洗手的那个盆盆. What they do and may be called: `described_things.tsv`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from handlers.understanding.word_tables import expression, rows

_ONLY = "="  # before the names of which one has to be said


def described_frames(locale_folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (concept, regular expression over the normalised text) for each thing of a locale that is told of by what it does.

    A name may be left out where 的 ends what is told (补瓷砖缝的), and 的 where 那个 follows (洗澡喷水那个头子).
    """
    parts = ("link", "which", "things", "ends", "asked")
    link, which, things, ends, asks = (expression(f"described_{part}").pattern for part in parts)
    for concept, does, called, asked in rows(locale_folder / "described_things.tsv"):
        named = called.removeprefix(_ONLY) if called.startswith(_ONLY) else "|".join(filter(None, (things, called)))
        name = f"(?:{named})" if called.startswith(_ONLY) else f"(?:{named})?"
        told = f"{link}(?:{which}){{0,3}}{name}{ends}"
        yield concept, f"(?:{does})(?:{told}|{asks})" if asked else f"(?:{does}){told}"
