"""Part what was understood from what is only guessed at: a guess is offered as a question and never acted upon.

Measured on queries of other trades: of the words marked `ask`, exact or not, hardly one in fifty was meant when anything
else in the utterance was strange; of those of the trade none was lost by asking.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from handlers.understanding.cover import Choice, firm, weight
from handlers.understanding.entries import GOODS, policy
from handlers.understanding.passage import Passage
from handlers.understanding.spans import Span

_Place = tuple[int, int]
_STRANGE = frozenset({"other_goods", "foreign", "block"})
_TALK = frozenset({"cue", "function", "brand", "known_brand"})
_RUN = re.compile(b"\x01+")
_MOST_GUESSES = 6
_new = tuple.__new__  # makes a named tuple of its class and a tuple in half the time


class Settled(NamedTuple):
    """The words that count, in order, with all their readings; the guesses, best first; and the text that nothing covers."""

    spans: tuple[Span, ...]
    readings: Mapping[_Place, tuple[Span, ...]]
    guesses: tuple[Span, ...]
    residue: tuple[_Place, ...]


def settle(passage: Passage, choice: Choice, asked: Sequence[Span], open_: bytearray | None = None) -> Settled:
    """Decide which chosen words count. `asked` are weak readings of mistyped text that were kept out of the choice.

    `open_`: what `passage.uncovered` says of the choice, where that is known already.
    """
    residue = _runs(passage.uncovered(choice.spans) if open_ is None else open_)
    if choice.plain and not asked and not (residue and [s for s in choice.spans if s.tier == "soft"]):
        return _new(Settled, (choice.spans, choice.readings, (), residue))
    strange = bool(residue) or any(s.kind in _STRANGE for s in choice.spans)
    certain = any(s.kind in GOODS and s.tier != "ask" for s in choice.spans)
    firmly = any(s.kind in GOODS and s.tier == "sure" for s in choice.spans)
    unclear = bool(residue) and not any(_asks(s) for s in choice.spans)
    bare = not firmly and not any(s.kind in _TALK for s in choice.spans)
    kept: list[Span] = []
    dropped: list[Span] = []
    for span in choice.spans:
        doubted = _short_slip(span) and unclear
        doubted = doubted or (span.kind in GOODS and span.tier == "ask" and (strange or certain))
        doubted = doubted or (
            span.kind == "category" and span.tier == "soft" and span.how == "exact" and strange and bare
        )
        (dropped if doubted else kept).append(span)
    slips = [s for s in dropped if s.how != "exact"]
    if slips:
        residue = _runs(passage.uncovered([s for s in choice.spans if s not in slips]))
    guesses = [
        *dropped,
        *(s for s in asked if not any(s.start < k.end and k.start < s.end for k in kept if k.end - k.start > 1)),
    ]
    readings = {(s.start, s.end): firm(choice.readings[s.start, s.end]) for s in kept}
    return Settled(tuple(kept), readings, _best(guesses), residue)


def _short_slip(span: Span) -> bool:
    """Tell whether a word of two characters was typed wrongly: off the trade two of three such hits are wrong.

    Names have been held to more already: they stand beside goods or a sign.
    """
    return span.how in {"sound", "shape"} and len(span.surface) == 2 and policy(span.kind).fuzzy != "strict"


def _asks(span: Span) -> bool:
    """Tell whether a word shows that somebody is shopping: a question of ours, or goods typed right."""
    return (
        span.how == "exact"
        and span.end - span.start > 1
        and (span.kind == "cue" or span.kind in GOODS)
        and span.tier != "ask"
    )


def _best(guesses: Sequence[Span]) -> tuple[Span, ...]:
    """Return the heaviest guesses, each concept once."""
    ordered = sorted(guesses, key=lambda s: (-weight(s), s.start))
    return tuple({s.concept: s for s in reversed(ordered)}.values())[::-1][:_MOST_GUESSES]


def _runs(places: bytearray) -> tuple[_Place, ...]:
    """Return the runs of Chinese characters that no word covers and nobody owns."""
    return tuple([run.span() for run in _RUN.finditer(places)]) if 1 in places else ()
