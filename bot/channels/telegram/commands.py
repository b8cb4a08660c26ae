"""Commands, the menu of six, and what they say. Every one of them can be said in words as well."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from bot.channels.telegram.deep_links import DeepLinks
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Command
from bot.languages import ENGLISH, SIMPLIFIED, SPOKEN, Wordings
from bot.wording import Wording
from catalog_db.journal.books import Books
from catalog_db.journal.keeping import CONVERSATION_DAYS

COMMANDS = ("start", "help", "big", "language", "mine", "privacy", "forget", "export")
LANGUAGES = {"zh": SIMPLIFIED, "en": ENGLISH}  # of the descriptions; Telegram tells no kinds of Chinese apart
MENU = ("products", "verify", "calculate", "guide", "stores", "human")
SHORT_MENU = ("products", "stores", "human")  # of 长辈模式
_ROW = 3
_NOTHING_TO_OPEN = frozenset({"", "inline"})  # the latter: the button above inline cards
_LOCATION = "stores"  # the key of the menu that shares the position

Json = dict[str, Any]


def command(talk: Talk, event: Command, links: DeepLinks) -> str:
    """Do a command. Returns the outcome."""
    if event.name == "start":
        return _start(talk, event.argument, links)
    run = _TABLE.get(event.name)
    if run is None:
        talk.say("telegram.command.unknown", menu(talk))
        return "command_unknown"
    return run(talk)


def menu(of: Talk | Wording) -> Json:
    """Return the keyboard of six, in 长辈模式 of three: its labels are sentences, one of them shares where one is."""
    short = isinstance(of, Talk) and of.session.simple
    wording = of.wording if isinstance(of, Talk) else of
    keys = [_key(name, wording) for name in (SHORT_MENU if short else MENU)]
    row = 1 if short else _ROW
    return {
        "keyboard": [keys[at : at + row] for at in range(0, len(keys), row)],
        "resize_keyboard": True,
        "input_field_placeholder": wording.say("telegram.menu.hint"),
    }


def _key(name: str, wording: Wording) -> Json:
    key: Json = {"text": wording.say(f"telegram.menu.{name}")}
    return key | {"request_location": True} if name == _LOCATION else key


def _start(talk: Talk, payload: str, links: DeepLinks) -> str:
    """Say in three lines what this is; open what a link leads to, as it is today."""
    talk.say("telegram.start", menu(talk))
    if payload in _NOTHING_TO_OPEN:
        return "start"
    action = links.decode(payload)
    if action is None:
        talk.say("telegram.link.unknown")
        return "link_unknown"
    talk.show(talk.do(action))
    return f"link_{action.name}"


def _help(talk: Talk) -> str:
    talk.say("telegram.help", menu(talk))
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
        talk.wording.say("telegram.export.file"),
        json.dumps(kept, ensure_ascii=False, indent=2).encode("utf-8", "replace"),
        talk.wording.say("telegram.export"),
    )
    return "exported"


_TABLE: dict[str, Callable[[Talk], str]] = {"help": _help, "privacy": _privacy, "forget": forget, "export": _export}


def asked_by_menu(text: str, wordings: Wordings) -> str | None:
    """Return the sentence that a key of the menu stands for, whichever language it is in; None for anything else."""
    return _keys_of(wordings).get(text.strip())


@lru_cache(maxsize=4)
def _keys_of(wordings: Wordings) -> dict[str, str]:
    """Return the keys of the menu in every language, and the sentence that each stands for."""
    named = {name: wordings.first.say(f"telegram.menu.{name}") for name in MENU}
    return {wordings.of(locale).say(f"telegram.menu.{name}"): said for name, said in named.items() for locale in SPOKEN}


def descriptions(wording: Wording) -> list[Json]:
    """Return what `setMyCommands` takes for a language."""
    return [{"command": name, "description": wording.say(f"telegram.command.{name}")} for name in COMMANDS]
