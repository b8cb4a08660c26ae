"""Words that steer the conversation itself: start over, undo, what did I ask, what do you remember, forget it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.context.conditions import conditions
from handlers.context.household import HOUSEHOLD, remember, told_lines
from handlers.registry import handler_for
from handlers.session import Session, Topic
from handlers.turn import Action, Answer, Choice, Say, Text, Turn, say
from handlers.understanding.interpretation import NOTHING_ASKED

_EXAMPLES = ("example.certified", "example.price", "example.guide")


def handle(turn: Turn) -> Answer:
    """Do what was said about the conversation."""
    do = next((do for cue, do in _TABLE if cue in turn.meaning.cues), _memory)
    return do(turn)


def _plain(key: str) -> Callable[[Turn], Answer]:
    """Return what says a sentence; a channel that can do more does it instead."""
    return lambda turn: Answer(intent="smalltalk", blocks=(Say(say(key)),))


def _language(turn: Turn) -> Answer:
    """Name where languages are chosen; a channel that has several offers them instead."""
    return Answer(intent="smalltalk", blocks=(Say(say("control.language")),))


def _simple(turn: Turn) -> Answer:
    """Turn 长辈模式 on or off; the channel renders accordingly from this answer on."""
    turn.session.simple = "op.simple_off" not in turn.meaning.cues
    key = "control.simple_on" if turn.session.simple else "control.simple_off"
    return Answer(intent="smalltalk", blocks=(Say(say(key)),))


def _reset(turn: Turn) -> Answer:
    session = turn.session
    session.undo = [session.topic, *session.undo][:3]
    session.topic = Topic()
    session.data = {name: kept for name, kept in session.data.items() if name == HOUSEHOLD}  # that is no topic
    return Answer(intent="smalltalk", blocks=(Say(say("control.reset")),), choices=_examples())


def _undo(turn: Turn) -> Answer:
    """Go back to the list before the last change."""
    session = turn.session
    if (
        "op.back" in turn.meaning.cues
        and session.intent != "recommend"
        and len(session.topic.listed) > 1
        and session.topic.constraints.categories
    ):
        session.undo = [session.topic, *session.undo]  # 返回 after an entry was looked at leads to its list
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
    lines += told_lines(session.data.get(HOUSEHOLD, {}))
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
    turn.meaning = replace(turn.meaning, constraints=NOTHING_ASKED)
    return Answer(intent="smalltalk", blocks=(Say(say("control.forgotten")),), choices=_examples())


def _examples() -> tuple[Choice, ...]:
    return tuple(Choice(say(key), Action("example", (key,))) for key in _EXAMPLES)


# In the order in which they are asked after; what is left asks what we remember.
_TABLE: tuple[tuple[str, Callable[[Turn], Answer]], ...] = (
    ("op.forget", _forget),
    ("op.remember", remember),
    ("op.simple_off", _simple),
    ("op.simple", _simple),
    ("op.language", _language),
    ("op.unwatch", _plain("control.unwatch")),
    ("op.watch", _plain("control.watch")),
    ("op.undo", _undo),
    ("op.reset", _reset),
    ("meta.history", _history),
    ("meta.memory", _memory),
)
CUES = tuple(cue for cue, _ in _TABLE)
