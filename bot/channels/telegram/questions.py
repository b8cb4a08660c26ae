"""What is typed: answered at once, unless it cannot stand alone; what completes the message before changes that answer."""

from __future__ import annotations

from bot.channels.telegram import commands
from bot.channels.telegram.memory import Asked, Shown, Waiting
from bot.channels.telegram.talk import Reply, Talk
from bot.channels.telegram.updates import Said
from handlers.session import Session
from handlers.turn import Answer, Say

WAIT_SECONDS = 3.0  # so long what cannot stand alone waits for more
WAIT_MOST_SECONDS = 6.0
JOIN_SECONDS = 6.0  # so long a message may complete the one before it

# Answers that show that nothing was understood, or only a greeting: their question does not stand alone.
_LONE_KEYS = frozenset({"smalltalk.greet", "out_of_scope.unclear", "clarify.what", "clarify.no_list"})
# Answers of their own, which never take the place of the one before.
_OWN = frozenset({"detail", "verify", "compare", "handoff", "faq", "guide", "smalltalk", "out_of_scope"})
_FORGOTTEN = "control.forgotten"


def said(talk: Talk, event: Said) -> str:
    """Answer a text. Returns the outcome."""
    if event.edited:
        return _edited(talk, event)
    action = talk.session.action_for(event.text)
    if action is not None and action.name == "forget":
        return commands.forget(talk)
    return _question(talk, event)


def _question(talk: Talk, event: Said) -> str:
    waiting, talk.memory.waiting = talk.memory.waiting, None
    at = event.date.timestamp()
    ids = [*(waiting.ids if waiting else ()), event.message_id]
    texts = [*(waiting.texts if waiting else ()), event.text]
    reply = _ask(talk, texts)
    if lone(reply.answer) and _may_wait(talk, waiting):
        since = waiting.since if waiting else talk.at
        talk.memory.waiting = Waiting(texts, ids, since, min(talk.at + WAIT_SECONDS, since + WAIT_MOST_SECONDS))
        talk.typing()
        return "waiting"
    if erases(reply.answer):
        return commands.forget(talk)
    previous = talk.memory.latest
    if previous is not None and not waiting and completes(talk, reply, previous, at):
        texts, ids = [*previous.asked.texts, event.text], [*previous.ids, event.message_id]
        joined = Reply(reply.answer, Asked(tuple(texts), None, previous.asked.before), reply.after)
        talk.show_instead(joined, previous, ids=ids, at=at)
        return "completed"
    talk.typing()
    talk.show(reply, ids=ids, at=at, lone=lone(reply.answer))
    return reply.answer.intent


def _ask(talk: Talk, texts: list[str]) -> Reply:
    """Answer texts as one question; when that is not understood, the last one alone."""
    whole = texts[0]
    for text in texts[1:]:
        whole = talk.parts.wording.say("telegram.joined", first=whole, second=text)
    reply = talk.ask(whole)
    if len(texts) > 1 and lone(reply.answer):
        last = talk.ask(texts[-1])
        if not lone(last.answer):
            return last
    return reply


def _may_wait(talk: Talk, waiting: Waiting | None) -> bool:
    return waiting is None or talk.at < waiting.since + WAIT_MOST_SECONDS


def lone(answer: Answer) -> bool:
    """Tell whether what was asked cannot stand alone: 在吗, 我家, 100平."""
    first = answer.blocks[0] if answer.blocks else None
    return not answer.also and isinstance(first, Say) and first.text.key in _LONE_KEYS


def erases(answer: Answer) -> bool:
    """Tell whether the person has asked to be forgotten."""
    return any(isinstance(block, Say) and block.text.key == _FORGOTTEN for block in answer.blocks)


def completes(talk: Talk, reply: Reply, previous: Shown, at: float) -> bool:
    """Tell whether a message says the rest of the one before: soon after it, understood with it and not without it."""
    if at - previous.at > JOIN_SECONDS or not previous.ids or previous is not talk.memory.latest:
        return False
    if previous.lone:
        return True
    return reply.answer.intent not in _OWN and lone(talk.ask(reply.asked.texts[-1], Session()).answer)


def _edited(talk: Talk, event: Said) -> str:
    """Answer a changed message where its answer stands."""
    waiting = talk.memory.waiting
    if waiting is not None and event.message_id in waiting.ids:
        waiting.texts[waiting.ids.index(event.message_id)] = event.text
        return "edited"
    shown = talk.memory.answering(event.message_id)
    if shown is None or len(shown.ids) != len(shown.asked.texts):
        return "edited_late"
    texts = list(shown.asked.texts)
    place = shown.ids.index(event.message_id)
    if texts[place] == event.text:
        return "unchanged"
    texts[place] = event.text
    reply = talk.again(Asked(tuple(texts), None, shown.asked.before), talk.session.place)
    talk.show_instead(reply, shown, ids=shown.ids, at=shown.at, current=shown is talk.memory.latest)
    return "edited"


def woken(talk: Talk) -> str:
    """Answer what waited: nothing else came."""
    waiting, talk.memory.waiting = talk.memory.waiting, None
    if waiting is None:
        return "nothing_waited"
    reply = _ask(talk, waiting.texts)
    at = waiting.until
    talk.show(reply, ids=waiting.ids, at=at, lone=lone(reply.answer))
    return reply.answer.intent
