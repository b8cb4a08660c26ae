"""A person is wanted: say honestly how one is reached here, and keep the request."""

from __future__ import annotations

from handlers.answer_parts.choices import asking
from handlers.phrases.handoff import complains
from handlers.turn import Answer, Block, Note, Say, Text, Turn, say

MOST_KEPT = 20  # requests kept in one conversation


def handle(turn: Turn) -> Answer:
    """Keep the request in the session (`handoff`, oldest first) and tell who can be reached.

    A channel with a staff desk opens a ticket from the request; this answer is what a channel without one says.
    """
    request = {"text": turn.question.text, "at": turn.question.now.isoformat()}
    kept = [*turn.session.data.get("handoff", ()), request]
    turn.session.data["handoff"] = kept[-MOST_KEPT:]
    blocks: list[Block] = [Say(say(_first_word(turn)))]
    blocks += [Say(text) for text in _maker(turn)]
    blocks.append(Note(say("handoff.official")))
    return Answer("handoff", blocks=tuple(blocks), choices=(asking("how_to_check"),), enterprises=_maker_ids(turn))


def _first_word(turn: Turn) -> str:
    """Return the key of what is said first: to whoever has something suspicious, has a complaint, or wants a person."""
    if "human.fake" in turn.meaning.cues:
        return "handoff.fake"
    return "handoff.complaint" if complains(turn.question.text) else "handoff.kept"


def _maker_ids(turn: Turn) -> tuple[str, ...]:
    """Return the makers of what was talked about."""
    brands = [
        *turn.meaning.constraints.brands,
        *(p.brand for p in turn.catalogue.products(turn.meaning.skus) if p.brand),
    ]
    makers = [b.enterprise for code in brands if (b := turn.catalogue.brands.get(code)) and b.enterprise]
    ids = dict.fromkeys((*turn.meaning.enterprises, *makers))
    return tuple(i for i in ids if i in turn.catalogue.enterprises)


def _maker(turn: Turn) -> list[Text]:
    """Give the makers' telephones, where known."""
    makers = [turn.catalogue.enterprises[i] for i in _maker_ids(turn)]
    return [say("handoff.maker", name=m.name, phone=m.phone) for m in makers if m.phone]
