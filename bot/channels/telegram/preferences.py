"""How a person likes to be answered: in which language (/language), and in short plain messages (/big, 长辈模式)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.channels.telegram import commands
from bot.channels.telegram.outgoing import Chore, Json, Outgoing
from bot.channels.telegram.payloads import Payloads, next_issue
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Command, Event, Pressed
from bot.languages import SPOKEN
from catalog_db.journal import permissions
from catalog_db.journal.books import Books
from catalog_db.journal.permissions import PROFILE
from handlers.turn import Action

_LANGUAGE = "language"  # our button


@dataclass(frozen=True, slots=True)
class Preferences:
    """A `features.Feature`. What a person likes is kept with the chat itself and goes with it."""

    payloads: Payloads

    def take(self, talk: Talk, event: Event) -> str | None:
        """Take our commands and our buttons."""
        if isinstance(event, Command):
            run = _COMMANDS.get(event.name)
            return run(self, talk) if run else None
        if isinstance(event, Pressed):
            press = self.payloads.decode(talk.owner, event.data)
            if press is not None and press.action is not None and press.action.name == _LANGUAGE:
                talk.acknowledge(event.query_id)
                return _speak(talk, *press.action.args[:1])
        return None

    def wishes(self) -> Mapping[str, Callable[[Talk], str]]:
        """Return what is done when it is asked for in words."""
        return {
            "control.language": self._ask_language,
            "control.simple_on": lambda talk: _simple(talk, on=True),
            "control.simple_off": lambda talk: _simple(talk, on=False),
        }

    def _turn(self, talk: Talk) -> str:
        return _simple(talk, on=not talk.session.simple)

    def _ask_language(self, talk: Talk) -> str:
        """Offer the languages, each by its own name."""
        talk.memory.issue = issue = next_issue(talk.memory.issue, talk.now)
        rows = [
            [{
                "text": talk.wording.say(f"language.name.{locale}"),
                "callback_data": self.payloads.encode(talk.owner, issue, Action(_LANGUAGE, (locale,)), []),
            }]
            for locale in SPOKEN
        ]  # fmt: skip
        talk.say("language.which", {"inline_keyboard": rows})
        return "language_asked"

    def chores(self) -> Sequence[Chore]:
        """Return nothing: there is nothing to do again and again."""
        return ()

    def export(self, books: Books, chat_id: int) -> Json:
        """Return nothing: the chat's own state holds it."""
        return {}

    def forget(self, books: Books, chat_id: int) -> None:
        """Do nothing: it goes with the chat's own state."""


def _simple(talk: Talk, *, on: bool) -> str:
    talk.session.simple = on
    talk.say("control.simple_on" if on else "control.simple_off", commands.menu(talk))
    return "simple_on" if on else "simple_off"


def _speak(talk: Talk, locale: str = "") -> str:
    """Answer in this language from now on; Telegram shows our commands in it too."""
    if locale not in SPOKEN:
        return "language_unknown"
    talk.memory.locale = talk.memory.chosen = locale
    talk.say("language.chosen", commands.menu(talk))
    chat = {"type": "chat", "chat_id": talk.owner.chat_id}
    told = {"commands": commands.descriptions(talk.wording), "scope": chat}
    talk.outgoing.append(Outgoing("setMyCommands", told, None, "answer_callback", critical=False))
    return (
        talk.decide(lambda copy, books: _kept(copy, books, locale)) if PROFILE in talk.marks else f"language_{locale}"
    )


def _kept(talk: Talk, books: Books, locale: str) -> str:
    """Let news find the person in the new language too."""
    permissions.keep(books, talk.owner.chat_id, permissions.profile(books, talk.owner.chat_id) | {"locale": locale})
    return f"language_{locale}"


_COMMANDS: dict[str, Callable[[Preferences, Talk], str]] = {
    "big": Preferences._turn,
    "language": Preferences._ask_language,
}
