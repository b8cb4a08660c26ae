"""Commands, the menu of six, and what they say. Every one of them can be said in words as well."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.channels.telegram.deep_links import DeepLinks
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Command
from bot.wording import Wording
from catalog_db.journal.books import Books
from catalog_db.journal.keeping import CONVERSATION_DAYS

COMMANDS = ("start", "help", "privacy", "forget", "export")
LANGUAGES = ("zh", "en")  # of the descriptions
MENU = ("products", "verify", "calculate", "guide", "stores", "human")
_ROW = 3
_LOCATION = "stores"  # the key of the menu that shares the position

Json = dict[str, Any]


def command(talk: Talk, event: Command, links: DeepLinks) -> str:
    """Do a command. Returns the outcome."""
    if event.name == "start":
        return _start(talk, event.argument, links)
    run = _TABLE.get(event.name)
    if run is None:
        talk.say("telegram.command.unknown", menu(talk.parts.wording))
        return "command_unknown"
    return run(talk)


def menu(wording: Wording) -> Json:
    """Return the keyboard of six: its labels are sentences, one of them shares where one is."""
    keys = [_key(name, wording) for name in MENU]
    return {
        "keyboard": [keys[at : at + _ROW] for at in range(0, len(keys), _ROW)],
        "resize_keyboard": True,
        "input_field_placeholder": wording.say("telegram.menu.hint"),
    }


def _key(name: str, wording: Wording) -> Json:
    key: Json = {"text": wording.say(f"telegram.menu.{name}")}
    return key | {"request_location": True} if name == _LOCATION else key


def _start(talk: Talk, payload: str, links: DeepLinks) -> str:
    """Say in three lines what this is; open what a link leads to, as it is today."""
    talk.say("telegram.start", menu(talk.parts.wording))
    if not payload:
        return "start"
    action = links.decode(payload)
    if action is None:
        talk.say("telegram.link.unknown")
        return "link_unknown"
    talk.show(talk.do(action))
    return f"link_{action.name}"


def _help(talk: Talk) -> str:
    talk.say("telegram.help", menu(talk.parts.wording))
    return "help"


def _privacy(talk: Talk) -> str:
    talk.say("telegram.privacy", days=CONVERSATION_DAYS)
    return "privacy"


def forget(talk: Talk) -> str:
    """Delete everything that is kept of the chat."""
    talk.forget = True
    talk.say("telegram.forgotten")
    return "forgotten"


def _export(talk: Talk) -> str:
    """Give everything that is kept of the chat, as a file."""
    return talk.decide(_exported) if talk.parts.features else _exported(talk, None)


def _exported(talk: Talk, books: Books | None) -> str:
    chat = talk.memory.to_json()
    chat["sessions"] = [json.loads(text) for text in chat["sessions"]]
    kept = {"session": talk.session.to_json(), "chat": chat, "marks": dict(talk.marks)}
    if books is not None:
        for feature in talk.parts.features:
            kept |= feature.export(books, talk.owner.chat_id)
    talk.send_file(
        talk.parts.wording.say("telegram.export.file"),
        json.dumps(kept, ensure_ascii=False, indent=2).encode("utf-8", "replace"),
        talk.parts.wording.say("telegram.export"),
    )
    return "exported"


_TABLE: dict[str, Callable[[Talk], str]] = {"help": _help, "privacy": _privacy, "forget": forget, "export": _export}


def descriptions(wording: Wording, language: str) -> list[Json]:
    """Return what `setMyCommands` takes for a language."""
    return [{"command": name, "description": wording.say(f"telegram.command.{name}.{language}")} for name in COMMANDS]
