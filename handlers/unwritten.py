"""Something to know about a kind that nobody has written down: said honestly, with what comes near and the kind's guide; no list instead."""

from __future__ import annotations

from handlers.answer_parts.choices import category_choice, handoff_choice, shorten, unique
from handlers.answer_parts.guides_of_day import guides_of_day
from handlers.stored_questions.near import near_questions
from handlers.turn import Action, Answer, Choice, Say, Turn, say

_MOST = 6


def handle(turn: Turn) -> Answer:
    """Say that there is no answer to it, and offer the near questions, the guide, the goods and a person."""
    codes = turn.meaning.constraints.categories
    kind = turn.catalogue.categories[codes[0]].name if codes else ""
    guides = _guides(turn)
    blocks = [Say(say("unwritten.none_of" if kind else "faq.none", kind=kind))]
    if guides:
        blocks.append(Say(say("unwritten.guide")))
    goods = (category_choice(turn.catalogue, codes[0]),) if codes else ()
    choices = unique((*near_questions(turn), *guides, *goods, handoff_choice()))
    return Answer("clarify", blocks=tuple(blocks), choices=choices[:_MOST], categories=codes)


def _guides(turn: Turn) -> tuple[Choice, ...]:
    """Return the button of the buying guide of the kind, where one is written."""
    asked = turn.meaning.constraints.categories
    family = turn.catalogue.under(asked) | {step for code in asked for step in turn.catalogue.path(code)}
    own = (g for g in guides_of_day(turn.catalogue, turn.day) if g.kind != "trend" and family & set(g.categories))
    first = next(own, None) if asked else None
    return (Choice(say("guide.choice", title=shorten(first.title, 18)), Action("guide", (first.id,))),) if first else ()
