"""Words that steer the conversation itself: start over, undo, what did I ask, what do you remember, forget it."""

from __future__ import annotations

from dataclasses import replace

from handlers.conditions import conditions
from handlers.registry import handler_for
from handlers.session import Session, Topic
from handlers.turn import Action, Answer, Choice, Say, Text, Turn, say
from handlers.understanding.interpretation import Constraints

CUES = ("op.reset", "op.undo", "meta.history", "meta.memory", "op.forget")
_EXAMPLES = ("example.certified", "example.price", "example.guide")


def handle(turn: Turn) -> Answer:
    """Do what was said about the conversation."""
    cues = turn.meaning.cues
    if "op.forget" in cues:
        return _forget(turn)
    if "op.undo" in cues:
        return _undo(turn)
    if "op.reset" in cues:
        return _reset(turn)
    if "meta.history" in cues:
        return _history(turn)
    return _memory(turn)


def _reset(turn: Turn) -> Answer:
    session = turn.session
    session.undo = [session.topic, *session.undo][:3]
    session.topic = Topic()
    session.data.clear()
    return Answer(intent="smalltalk", blocks=(Say(say("control.reset")),), choices=_examples())


def _undo(turn: Turn) -> Answer:
    """Go back to the list before the last change."""
    session = turn.session
    if not session.undo:
        return Answer(intent="smalltalk", blocks=(Say(say("control.nothing_to_undo")),), choices=_examples())
    session.topic, *session.undo = session.undo
    kept = list(session.undo)
    turn.meaning = replace(
        turn.meaning,
        intent="recommend",
        constraints=session.topic.constraints,
        cues=frozenset(),
        residue=(),
        unknown=(),
    )
    answer = handler_for("recommend")(turn)
    session.undo = kept
    return answer


def _history(turn: Turn) -> Answer:
    asked = turn.session.questions
    if not asked:
        return Answer(intent="smalltalk", blocks=(Say(say("control.no_history")),), choices=_examples())
    lines: tuple[Text, ...] = tuple(
        say("control.asked", number=number, text=text) for number, text in enumerate(asked, 1)
    )
    return Answer(intent="smalltalk", blocks=(Say(say("control.history")), *(Say(line) for line in lines)))


def _memory(turn: Turn) -> Answer:
    """List what this conversation keeps: the place, what is being looked for, the last questions."""
    session = turn.session
    lines: list[Text] = []
    if session.place:
        lines.append(say("control.memory.place", place=turn.places.full_name(session.place) or session.place))
    said = conditions(session.topic.constraints, turn.catalogue, turn.places)
    names = tuple(
        turn.catalogue.categories[code].name
        for code in session.topic.constraints.categories
        if code in turn.catalogue.categories
    )
    if names or said:
        lines.append(say("control.memory.topic", what=(*names, *said)))
    if session.questions:
        lines.append(say("control.memory.questions", count=len(session.questions)))
    blocks = [Say(line) for line in lines] or [Say(say("control.memory.nothing"))]
    return Answer(
        intent="smalltalk",
        blocks=(Say(say("control.memory")), *blocks),
        choices=(Choice(say("choice.forget"), Action("forget")),),
    )


def _forget(turn: Turn) -> Answer:
    """Erase what the conversation keeps."""
    fresh = Session()
    for name in ("topic", "earlier", "undo", "place", "asked", "offered", "questions", "misses", "intent", "data"):
        setattr(turn.session, name, getattr(fresh, name))
    turn.meaning = replace(turn.meaning, constraints=Constraints())
    return Answer(intent="smalltalk", blocks=(Say(say("control.forgotten")),), choices=_examples())


def _examples() -> tuple[Choice, ...]:
    return tuple(Choice(say(key), Action("example", (key,))) for key in _EXAMPLES)
