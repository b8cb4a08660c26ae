"""What is typed: answered at once, unless it cannot stand alone; what completes the message before changes that answer."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.telegram import commands
from bot.channels.telegram.memory import Asked, Lines, Shown, Waiting
from bot.channels.telegram.talk import Reply, Talk
from bot.channels.telegram.updates import Said
from handlers.session import Session
from handlers.turn import Answer, Say

WAIT_SECONDS = 3.0  # so long what cannot stand alone waits for more
WAIT_MOST_SECONDS = 6.0
FRAGMENT = 14  # characters; what is longer and not understood is no beginning of a sentence
JOIN_SECONDS = 6.0  # so long a message may complete the one before it

# Answers that show that nothing was understood, or only a greeting: their question does not stand alone.
_LONE_KEYS = frozenset(
    {
        "smalltalk.greet",
        "smalltalk.go_on",
        "out_of_scope.unclear",
        "out_of_scope.strange",
        "clarify.what",
        "clarify.begun",
        "clarify.home",
        "clarify.no_list",
    }
)
_LONE_INTENTS = frozenset({"smalltalk", "out_of_scope", "clarify"})  # whose answers these are
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
    pressing = talk.session.action_for(event.text) is not None
    waiting, talk.memory.waiting = talk.memory.waiting, None
    parts = [*(waiting.parts if waiting else ()), (event.message_id, event.text)]
    reply = _ask(talk, parts)
    if lone(reply.answer) and _may_wait(talk, parts, waiting) and not _asks_of_a_word(reply.answer, event.text):
        since = waiting.since if waiting else talk.at
        talk.memory.waiting = Waiting(parts, since, min(talk.at + WAIT_SECONDS, since + WAIT_MOST_SECONDS))
        talk.typing()
        return "waiting"
    wish = wished(talk, reply.answer)
    if wish is not None:
        return wish(talk)
    taken = talk.parts.handoff.answered(talk, reply, parts) if talk.parts.handoff else None
    if taken is not None:
        return taken
    at = event.date.timestamp()
    previous = talk.memory.latest
    if previous is not None and not (waiting or pressing) and completes(talk, reply, previous, at):
        asked = Asked((*previous.asked.texts, event.text), None, previous.asked.before)
        talk.show_instead(Reply(reply.answer, asked, reply.after), previous, said=[*previous.said, parts], at=at)
        return "completed"
    talk.show(reply, said=[parts], at=at, lone=lone(reply.answer))
    _offer(talk, event.text, reply.answer.intent)
    return reply.answer.intent


def _offer(talk: Talk, text: str, intent: str) -> None:
    if talk.parts.handoff is not None:
        talk.parts.handoff.offer(talk, text, intent)


def _ask(talk: Talk, parts: Lines) -> Reply:
    """Answer messages as one question; when that is not understood, the last one alone."""
    reply = talk.ask(_joined(talk, parts))
    if len(parts) > 1 and lone(reply.answer):
        last = talk.ask(parts[-1][1])
        if not lone(last.answer):
            return last
    return reply


def _joined(talk: Talk, parts: Lines) -> str:
    whole = parts[0][1]
    for _, text in parts[1:]:
        whole = talk.wording.say("telegram.joined", first=whole, second=text)
    return whole


def _may_wait(talk: Talk, parts: Lines, waiting: Waiting | None) -> bool:
    """Tell whether more may come: a long sentence is no beginning, and nothing waits for ever."""
    in_time = waiting is None or talk.at < waiting.since + WAIT_MOST_SECONDS
    return in_time and len(parts[-1][1]) <= FRAGMENT


def _asks_of_a_word(answer: Answer, text: str) -> bool:
    """Tell whether something is asked of the word that is named as unknown: 呱呱粉多少钱 waits for nothing."""
    first = answer.blocks[0]
    return isinstance(first, Say) and len(str(first.text.values.get("word", text))) < len(text.strip())


def lone(answer: Answer) -> bool:
    """Tell whether what was asked cannot stand alone: 在吗, 我家, 100平."""
    first = answer.blocks[0] if answer.blocks else None
    return not answer.also and isinstance(first, Say) and first.text.key in _LONE_KEYS


def erases(answer: Answer) -> bool:
    """Tell whether the person has asked to be forgotten."""
    return any(isinstance(block, Say) and block.text.key == _FORGOTTEN for block in answer.blocks)


def wished(talk: Talk, answer: Answer) -> Callable[[Talk], str] | None:
    """Return what the channel itself does for this answer: forget, offer the languages; None: the answer is shown."""
    first = answer.blocks[0] if answer.blocks else None
    key = first.text.key if isinstance(first, Say) else ""
    return commands.forget if key == _FORGOTTEN else talk.parts.wishes.get(key)


def completes(talk: Talk, reply: Reply, previous: Shown, at: float) -> bool:
    """Tell whether a message says the rest of the one before: soon after it, understood with it and not without it."""
    if at - previous.at > JOIN_SECONDS or not previous.said:
        return False
    if previous.lone:
        return True
    return reply.answer.intent not in _OWN and _lone_by_itself(talk, reply.asked.texts[-1])


def _lone_by_itself(talk: Talk, text: str) -> bool:
    """Tell whether a text cannot stand without this conversation. What it wants shows it mostly, at a third of an answer's cost."""
    return talk.intent_alone(text) in _LONE_INTENTS and lone(talk.ask(text, Session()).answer)


def _edited(talk: Talk, event: Said) -> str:
    """Answer a changed message where its answer stands."""
    waiting = talk.memory.waiting
    if waiting is not None and any(number == event.message_id for number, _ in waiting.parts):
        waiting.parts = _with(waiting.parts, event)
        return "edited"
    shown = talk.memory.answering(event.message_id)
    place = shown.place_of(event.message_id) if shown else None
    if shown is None or place is None or len(shown.said) != len(shown.asked.texts):
        return "edited_late"
    if shown.said[place[0]][place[1]][1] == event.text:
        return "unchanged"
    said = list(shown.said)
    said[place[0]] = _with(said[place[0]], event)
    texts = list(shown.asked.texts)
    texts[place[0]] = _joined(talk, said[place[0]])
    reply = talk.again(Asked(tuple(texts), None, shown.asked.before), talk.session.place)
    talk.show_instead(reply, shown, said=said, at=shown.at, current=shown is talk.memory.latest)
    return "edited"


def _with(parts: Lines, event: Said) -> Lines:
    return [(number, event.text if number == event.message_id else text) for number, text in parts]


def woken(talk: Talk) -> str:
    """Answer what waited: nothing else came."""
    waiting, talk.memory.waiting = talk.memory.waiting, None
    if waiting is None:
        return "nothing_waited"
    reply = _ask(talk, waiting.parts)
    taken = talk.parts.handoff.answered(talk, reply, waiting.parts) if talk.parts.handoff else None
    if taken is not None:
        return taken
    talk.show(reply, said=[waiting.parts], at=waiting.since, lone=lone(reply.answer))
    _offer(talk, waiting.parts[-1][1], reply.answer.intent)
    return reply.answer.intent
