"""Not about building materials, or no word that we know: said honestly, with a way on."""

from __future__ import annotations

from handlers.answer_parts.choices import category_choice
from handlers.recommend import other_readings
from handlers.turn import Action, Answer, Choice, Say, Turn, say

_A_WORD = 6  # characters of a message that is one word
_EXAMPLES = ("example.certified", "example.price", "example.guide")


def handle(turn: Turn) -> Answer:
    """Tell a thing of another trade from a question that was not understood."""
    meaning = turn.meaning
    blocks: tuple[Say, ...]
    if meaning.foreign:
        blocks = (Say(say("out_of_scope.other", words=meaning.foreign)), Say(say("out_of_scope.ours")))
    elif "chat.injection" in meaning.cues:
        blocks = (Say(say("out_of_scope.instruction")), Say(say("out_of_scope.ours")))
    elif looked_at := _looked_at(turn):
        blocks = (Say(say("out_of_scope.unclear")), Say(say("out_of_scope.looking", what=looked_at)))
    elif word := _strange_word(turn):
        blocks = (Say(say("out_of_scope.strange", word=word)), Say(say("out_of_scope.ours")))
    else:
        blocks = (Say(say("out_of_scope.unclear")), Say(say("out_of_scope.ours")))
    meant = other_readings(turn)
    if meant and not meaning.foreign:
        blocks = (Say(say("clarify.meant")),)
        ways = (*meant, Choice(say("choice.human"), Action("handoff")))
        return Answer(intent="clarify", blocks=blocks, choices=ways)
    choices = [Choice(say(key), Action("example", (key,))) for key in _EXAMPLES]
    if not meaning.foreign and _looked_at(turn):
        choices = [category_choice(turn.catalogue, turn.session.topic.constraints.categories[0]), *choices[:2]]
    return Answer(
        intent="out_of_scope", blocks=blocks, choices=(*choices, Choice(say("choice.human"), Action("handoff")))
    )


def _strange_word(turn: Turn) -> str:
    """Return the only word of a message that nobody here knows, or of which the price is asked; "" for more than a word."""
    word = next(iter(turn.meaning.strange), "")
    alone = word == turn.meaning.text or "ask.price" in turn.meaning.cues
    return word if alone and len(turn.meaning.strange) == 1 and len(word) <= _A_WORD else ""


def _looked_at(turn: Turn) -> str:
    """Return the name of the kind that is being looked for, "" without one."""
    code = next(iter(turn.session.topic.constraints.categories), "")
    category = turn.catalogue.categories.get(code)
    return category.name if category else ""
