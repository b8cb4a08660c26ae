"""Understood, but the catalogue does not have it: said by name, told apart from 没听懂."""

from __future__ import annotations

from handlers.context.conditions import answer_filters, search_action
from handlers.turn import Action, Answer, Choice, Say, Turn, say

_MOST = 4
REMEDY_LACKING = "what would help is lacking"


def handle(turn: Turn) -> Answer:
    """Name what is lacking: a building material without a category here, or a brand that is not in the catalogue."""
    meaning = turn.meaning
    blocks: tuple[Say, ...]
    trouble = meaning.because.get("symptom")
    if meaning.absent and trouble and meaning.rule == REMEDY_LACKING:
        blocks = (Say(say("not_found.remedy", said=trouble, words=meaning.absent)), Say(say("not_found.kind_hint")))
    elif meaning.absent:
        blocks = (Say(say("not_found.kind", words=meaning.absent)), Say(say("not_found.kind_hint")))
    else:
        blocks = (Say(say("not_found.brand", words=meaning.unknown)),)
    choices = _without_brand(turn) if meaning.unknown else _roots(turn)
    return Answer(
        intent="not_found",
        blocks=blocks,
        choices=(*choices[:_MOST], Choice(say("choice.human"), Action("handoff"))),
        categories=meaning.constraints.categories,
        filters=answer_filters(meaning.constraints) if meaning.constraints.categories else {},
        unknown=(*meaning.unknown, *meaning.absent),
        total=0,
    )


def _without_brand(turn: Turn) -> list[Choice]:
    constraints = turn.meaning.constraints
    if not constraints.categories:
        return _roots(turn)
    count = turn.catalogue.count(constraints.query(turn.day))
    name = turn.catalogue.categories[constraints.categories[0]].name
    return [Choice(say("choice.category", name=name, count=count), search_action(constraints))] if count else []


def _roots(turn: Turn) -> list[Choice]:
    return [
        Choice(say("choice.root", name=turn.catalogue.categories[code].name), Action("browse", (code,)))
        for code in turn.catalogue.children(None)[:_MOST]
    ]
