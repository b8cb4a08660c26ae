"""Greetings, thanks, what can you do, who are you, goodbye, anger: short, warm, and back to the matter."""

from __future__ import annotations

from catalog_db.search.query import ProductQuery
from handlers.answer_parts.choices import asking, category_choice, certified_choice, handoff_choice
from handlers.rules.lists import CLOSED
from handlers.session import Topic
from handlers.turn import Answer, Block, Choice, Say, Turn, say

# The first that was said decides.
KINDS = ("go_on", "abuse", "capability", "who", "bye", "thanks", "praise", "joke", "ok", "greet")


def handle(turn: Turn) -> Answer:
    """Answer in kind; greetings and questions about us come with three examples to press."""
    if turn.meaning.rule == CLOSED:
        return _closed(turn)
    kind = next((k for k in KINDS if f"chat.{k}" in turn.meaning.cues), "greet")
    blocks: list[Block] = [Say(say(f"smalltalk.{kind}"))]
    if kind in ("greet", "capability", "who"):
        blocks.append(Say(say("smalltalk.examples")))
        return Answer("smalltalk", blocks=tuple(blocks), choices=_examples(turn))
    choices = (handoff_choice(),) if kind == "abuse" else ()
    return Answer("smalltalk", blocks=tuple(blocks), choices=choices)


def _closed(turn: Turn) -> Answer:
    """Leave what was looked for, so that the next words begin anew; 刚才那个 still goes back to it."""
    session = turn.session
    names = tuple(
        category.name
        for code in session.topic.constraints.categories
        if (category := turn.catalogue.categories.get(code))
    )
    if "chat.close" not in turn.meaning.cues:
        session.start_topic(Topic())
    return Answer("smalltalk", blocks=(Say(say("smalltalk.close", what=names) if names else say("smalltalk.ok")),))


def _examples(turn: Turn) -> tuple[Choice, ...]:
    """Return three questions that lead somewhere: of the catalogue's own first certified category, then by sentence."""
    for code in turn.catalogue.categories:
        if not turn.catalogue.children(code) and turn.catalogue.count(
            ProductQuery(turn.day, categories=(code,), certified=True)
        ):
            first = certified_choice(turn.catalogue, code)
            break
    else:
        roots = turn.catalogue.children()
        first = category_choice(turn.catalogue, roots[0]) if roots else handoff_choice()
    return (first, asking("calculate"), asking("how_to_check"))
