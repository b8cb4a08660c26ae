"""Pressed buttons: each is acknowledged, does one thing however often it is tapped, and still answers after a year."""

from __future__ import annotations

from bot.channels.exchange import GO_ON
from bot.channels.telegram import commands
from bot.channels.telegram.keyboards import BACK
from bot.channels.telegram.memory import Shown, session_of
from bot.channels.telegram.payloads import Payloads, Press
from bot.channels.telegram.questions import wished
from bot.channels.telegram.talk import Reply, Talk
from bot.channels.telegram.updates import Pressed
from handlers.session import Session
from handlers.turn import Action

TWICE_SECONDS = 60.0  # the same button within this time is a double tap, or a replay

# Buttons that begin something of their own: their answer stands below, the message with the button stays.
_BELOW = frozenset({"handoff", "example", "faq", "smalltalk"})
# Buttons that mean the conversation as it was: of an old message they mean nothing any more.
_OF_THE_MOMENT = frozenset({"more", "undo", "forget", "handoff", BACK, GO_ON})


def pressed(talk: Talk, event: Pressed, payloads: Payloads) -> str:
    """Do what a button says. Returns the outcome."""
    press = payloads.decode(talk.owner, event.data)
    if press is None:
        talk.acknowledge(event.query_id, "telegram.press.unknown")
        return "press_forged"
    shown = talk.memory.find(press.issue)
    if _repeated(talk, press, shown, event.data):
        talk.acknowledge(event.query_id)
        return "press_repeated"
    action = press.action if press.kept is None else _kept(shown, press.kept)
    if action is None or (shown is None and action.name in _OF_THE_MOMENT):
        return _old(talk, event)
    talk.acknowledge(event.query_id, None if shown else "telegram.press.today")
    return _perform(talk, action, shown, event.message_id)


def typed(talk: Talk, shown: Shown, action: Action) -> str:
    """Do what the label of a button says that was typed instead of pressed; the answer stands below."""
    return _perform(talk, action, shown, None)


def _repeated(talk: Talk, press: Press, shown: Shown | None, data: str) -> bool:
    """Tell a double tap and a replay from a press; notes the press where its message keeps its buttons."""
    if shown is None:
        done = talk.memory.done.get(press.issue)
        if done is not None and talk.at - done < TWICE_SECONDS:
            return True
        talk.memory.note_done(press.issue, talk.at)
        return False
    pressed_at = shown.used.get(data)
    shown.used[data] = talk.at
    return pressed_at is not None and talk.at - pressed_at < TWICE_SECONDS


def _kept(shown: Shown | None, place: int) -> Action | None:
    return shown.spare[place] if shown and place < len(shown.spare) else None


def _old(talk: Talk, event: Pressed) -> str:
    """Say that a button is too old to mean anything, and offer what always works."""
    talk.acknowledge(event.query_id, "telegram.press.old", alert=True)
    talk.say("telegram.press.old.next", commands.menu(talk))
    return "press_old"


def _perform(talk: Talk, action: Action, shown: Shown | None, message_id: int | None) -> str:
    if action.name == "forget":
        return commands.forget(talk)
    if action.name == BACK:
        return _back(talk, shown, message_id)
    if action.name == GO_ON:
        if shown is not None and shown.rest:
            talk.go_on(shown)
        return "press_go_on"
    reply = talk.do(action, _session(talk, action, shown))
    taken = talk.parts.handoff.answered(talk, reply, ()) if talk.parts.handoff else None
    if taken is not None:
        return taken
    wish = wished(talk, reply.answer)
    if wish is not None:
        return wish(talk)
    if action.name in _BELOW and not _recalculates(shown, reply):
        talk.show(reply)
    else:
        back = [shown.asked, *shown.back] if shown and _leads_back(shown) else []
        talk.show_in(reply, message_id, shown, back)
    return f"press_{reply.answer.intent}"


def _session(talk: Talk, action: Action, shown: Shown | None) -> Session:
    """Return the session that a button means: 还有吗 under an older list goes on with that list."""
    if shown is None or shown is talk.memory.latest or action.name not in _OF_THE_MOMENT:
        return talk.session
    session = session_of(shown.after)
    session.place = talk.session.place or session.place
    return session


def _recalculates(shown: Shown | None, reply: Reply) -> bool:
    """Tell whether the same calculation was done with another number: it stays in its place."""
    return shown is not None and shown.intent == reply.answer.intent == "calculate"


def _leads_back(shown: Shown) -> bool:
    """Tell whether an answer is worth returning to: anything but a question back."""
    return shown.intent not in ("clarify", "not_found", "out_of_scope", "smalltalk")


def _back(talk: Talk, shown: Shown | None, message_id: int | None) -> str:
    """Show again what stood here before."""
    if shown is None or not shown.back:
        return "press_old"
    first, *further = shown.back
    talk.show_in(talk.again(first, talk.session.place), message_id, shown, further)
    return "press_back"
