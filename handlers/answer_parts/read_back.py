"""Read back what was not said in so many words, and offer to take it back: a dialect word, a wrong character, a symptom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.context.heard import HEARD
from handlers.rules.trust import CAUSE_UNKNOWN
from handlers.turn import Action, Block, Choice, Say, Text, Turn, say
from handlers.understanding.told_of import described_things

if TYPE_CHECKING:
    from handlers.understanding.spans import Span


MOST_REMEDIES = 3  # kinds named against a trouble


def read_back(turn: Turn) -> list[Block]:
    """Read back what was not said in so many words: a dialect word, a wrong character, a symptom."""
    blocks: list[Block] = []
    for span in turn.meaning.soft:
        said = turn.meaning.normalised.said(span.start, span.end)
        name = _concept_name(turn, span.concept, span.surface, span.kind)
        if name and name != said and _meant(turn, span):
            key = "echo.region" if span.region and span.how == "exact" else "echo.soft"
            blocks.append(Say(say(key, said=said, name=name)))
    cause = turn.meaning.rule == CAUSE_UNKNOWN
    if turn.meaning.because.get("symptom") and (cause or "categories" not in turn.meaning.because):
        blocks.append(Say(say("echo.cause", said=turn.meaning.because["symptom"]) if cause else _remedies(turn)))
    return blocks[:2]


def _remedies(turn: Turn) -> Text:
    """Say what helps against a trouble, in the order of use, when that is more than the one kind which is listed."""
    said = turn.meaning.because["symptom"]
    kinds = tuple(turn.catalogue.categories[code].name for code in turn.meaning.helping[:MOST_REMEDIES])
    if len(kinds) < 2 or turn.meaning.constraints.categories != turn.meaning.helping[:1]:
        thing = set(turn.meaning.symptoms) <= described_things()  # 补瓷砖缝的那个膏: what it is, not what is wrong
        return say("echo.thing" if thing else "echo.symptom", said=said)
    return say("echo.symptom_kinds", said=said, kinds=kinds, first=kinds[0])


def _meant(turn: Turn, span: Span) -> bool:
    """Tell whether a kind that was heard is one of those asked for or above them: 太阳能的灯 asks for no water heater."""
    asked = {step for code in turn.meaning.constraints.categories for step in turn.catalogue.path(code)}
    return span.kind != "category" or not asked.isdisjoint(span.concept.split("|"))


def _concept_name(turn: Turn, concept: str, surface: str, kind: str) -> str:
    if kind == "category":
        codes = concept.split("|")
        return turn.catalogue.categories[codes[0]].name if codes[0] in turn.catalogue.categories else surface
    if kind in ("product", "brand", "series", HEARD):
        return surface
    return ""


def not_this(turn: Turn) -> list[Choice]:
    """Offer to take back what a word was heard as, when there is no other reading to offer."""
    names = (
        _concept_name(turn, s.concept, s.surface, s.kind)
        for s in turn.meaning.soft
        if _heard(turn, s) and _meant(turn, s)
    )
    return [Choice(say("choice.not_this", name=name), Action("not_this")) for name in names if name][:1]


def _heard(turn: Turn, span: Span) -> bool:
    """Tell whether a word is read back: what it was heard as is not what was typed."""
    return turn.meaning.normalised.said(span.start, span.end) != _concept_name(
        turn, span.concept, span.surface, span.kind
    )
