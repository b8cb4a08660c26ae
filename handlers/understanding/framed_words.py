"""Words that are said in a frame: what is wrong (井水烧开一层白垢), what people fear of goods (怕受潮, 别太刺眼的), what these should do
(人走过去才亮的), whose room it is.

A worry stands for the property that is wished for. The words stand in `troubles.tsv`, `worries.tsv`, `told_features.tsv` and `room_frames.tsv`
of a locale, the signs before a worry in `signs.tsv`. Not for what is asked about goods (怕水不, 会不会掉色): cues tell that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from handlers.understanding.cover import Placed, Word
from handlers.understanding.cues import Cue, CueScanner, read_table
from handlers.understanding.entries import RANKS
from handlers.understanding.spans import Span
from handlers.understanding.word_tables import expression, rows, signs

if TYPE_CHECKING:
    from handlers.understanding.passage import Passage
    from handlers.understanding.word_search import Hits

_TWO = 2  # characters of what is done to goods and what comes of it: 压坏


def framed_words(locale_folder: Path) -> CueScanner:
    """Return what finds the troubles, worries, wishes and rooms of a locale; a cue is named by kind and concept: `symptom:墙面掉灰`."""
    wrong = ((f"symptom:{trouble}", frame) for trouble, frame in read_table(locale_folder / "troubles.tsv"))
    feared = ((f"feature:{wished}", frame) for wished, frame in _worries(locale_folder))
    asked = expression("worry_asked").pattern
    told = ((f"feature:{wished}", f"(?:{frame}){asked}") for wished, frame in rows(locale_folder / "told_features.tsv"))
    lived_in = ((f"room:{room}", frame) for room, frame in rows(locale_folder / "room_frames.tsv"))
    return CueScanner((), [*wrong, *feared, *told, *lived_in])


def words_in_frames(scanner: CueScanner, passage: Passage, hits: Hits) -> list[Placed]:
    """Return the troubles and worries of a text; each counts as a word of its whole length."""
    text = passage.text
    return [
        _word(text, cue)
        for cue in scanner.scan(text, hits=hits).found
        if passage.free(cue.start, cue.end) and not _asks_either_or(text, cue.start)
    ]


def _word(text: str, cue: Cue) -> Placed:
    start, end = cue.start, cue.end
    kind, concept = cue.name.split(":")
    word = Word([Span(0, end - start, kind, concept, text[start:end])], RANKS)
    return end, start, word.weight, word


def _worries(locale_folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (properties in order of preference separated by |, regular expression over the normalised text) for each worry."""
    feared, never = _either(signs("fear")), _either(signs("never"))
    asked, comes = expression("worry_asked").pattern, expression("worry_comes").pattern  # 怕水|泡不 asks, 怕|老|受潮
    no_fear, no_may = expression("worry_not_after_fear").pattern, expression("worry_not_after_may").pattern
    for features, happens, is_ in rows(locale_folder / "worries.tsv"):
        several = _either([*happens.split("|"), *is_.split("|")])
        yield features, f"{no_fear}(?:{feared}){comes}(?:{several}){asked}"
        if withstood := [f"{w[0]}不{w[1]}" for w in happens.split("|") if len(w) == _TWO and w[1] in signs("result")]:
            yield features, f"(?:{_either(withstood)}){asked}"  # 刮不花, 压不坏
        yield features, f"{no_may}(?:{never}){comes}(?:{_either(happens.split('|'))}){asked}"


def _either(words: Collection[str]) -> str:
    """Return a pattern for any of some words, the longer ones first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


def _asks_either_or(text: str, start: int) -> bool:
    """Tell whether a worry that begins at a place is asked about: 烫|不烫脚."""
    return start > 0 and text[start] in signs("not") and text[start - 1] == text[start + 1 : start + 2]
