"""How something is done, told as a guide has it in its title: 墙怎么刷 is 刷墙的步骤."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.rules.evidence import NO_WORD
from handlers.rules.shapes import LONGER
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.understanding.reading import Reading

# Rules that found nothing written in the words that were said.
NOT_TOLD = frozenset({NO_WORD, "something to know that nobody wrote down", "something to know, like a stored question"})


def as_a_piece_of_work(reading: Reading) -> str:
    """Return the words of a question how something is done as the name of that work, "" for any other question."""
    cue = reading.cues.first("ask.how_done")
    if cue is None or "verb" not in cue.groups or not 0 < cue.start <= LONGER:
        return ""
    verb = reading.text[slice(*cue.groups["verb"])]
    return f"{verb}{reading.text[: cue.start]}{next(iter(signs('steps_of')))}"
