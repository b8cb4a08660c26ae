"""Links that open the bot at a thing: t.me/<bot>?start=<payload>, at most 64 characters of A-Z a-z 0-9 _ -.

    1 | kind, one letter | signature, 11 characters | the name of the thing

A link says which thing, never what is true of it: opening it asks today's catalogue. It carries no right, and of a person only the
short name of the ambassador who passed it on: `through(ref, action)`, kind o, is that name, then kind and name of the thing.
"""

from __future__ import annotations

import base64
import hmac
import re

from handlers.turn import Action

LIMIT = 64  # characters, Bot API: deep linking
VERSION = "1"

# Small letter: the name stands as it is. The same letter as a capital: base64url of it.
_KINDS = {
    "p": "show_product", "g": "guide", "v": "pavilion", "l": "recommend", "k": "list.open", "a": "asked", "m": "ambassador.open", "o": "through",
}  # fmt: skip
REF = 8  # characters of the short name of an ambassador
_LETTERS = {name: letter for letter, name in _KINDS.items()}
_SIGNED = 11
_HEAD = len(VERSION) + 1 + _SIGNED
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_BETWEEN = ";"
# The conditions of a list, by one letter each; whatever else is said of a list has no room in a link.
_CONDITIONS = {
    "c": "categories",
    "k": "certified",
    "s": "min_stars",
    "x": "price_max",
    "n": "price_min",
    "b": "brands",
    "a": "adcode",
    "o": "sort",
}
_SHORT = {name: letter for letter, name in _CONDITIONS.items()}


class DeepLinks:
    """Makes and checks links. `key` is not changed when other keys are: links are printed and pinned to walls."""

    def __init__(self, key: bytes, bot_id: int) -> None:
        self._key = hmac.digest(key, b"lvxuan deep links", "sha256")
        self._bot_id = bot_id

    def encode(self, action: Action) -> str | None:
        """Return the payload that opens a product, list, guide, pavilion or an answer given in a group; else, and without room, None."""
        letter = _LETTERS.get(action.name)
        name = _name(action)
        if letter is None or name is None:
            return None
        if not _PLAIN.fullmatch(name):
            letter, name = letter.upper(), _base64(name.encode("utf-8", "replace"))
        body = letter + name
        payload = VERSION + letter + self._sign(body) + name
        return payload if len(payload) <= LIMIT else None

    def decode(self, payload: str) -> Action | None:
        """Return what a link opens, None when we did not make it."""
        letter, given, name = payload[1:2], payload[2:_HEAD], payload[_HEAD:]
        kind = _KINDS.get(letter.lower())
        if not payload.startswith(VERSION) or kind is None or not name or len(payload) > LIMIT:
            return None
        signature = self._sign(letter + name)
        if not hmac.compare_digest(signature.encode(), given.encode("utf-8", "replace")):
            return None
        said = _from_base64(name) if letter.isupper() else name
        return _action(kind, said)

    def _sign(self, body: str) -> str:
        digest = hmac.digest(self._key, f"{VERSION} {self._bot_id} {body}".encode("utf-8", "replace"), "sha256")
        return _base64(digest[:8])


def through(ref: str | None, action: Action) -> Action:
    """Return what a link opens that an ambassador passes on: the thing itself, and by whom."""
    return Action("through", (ref, action.name, *action.args)) if ref else action


def _name(action: Action) -> str | None:
    """Return what stands in the link: the id of the thing, or the conditions of a list."""
    if action.name == "through":
        ref, kind, *args = action.args
        letter, inner = _LETTERS.get(kind), _name(Action(kind, tuple(args)))
        return f"{ref}{letter}{inner}" if letter and inner and kind != "through" and len(ref) == REF else None
    if action.name != "recommend":
        return action.args[0] if len(action.args) == 1 and action.args[0] else None
    said = []
    for pair in action.args:
        name, _, value = pair.partition("=")
        if name not in _SHORT or _BETWEEN in value:
            return None
        said.append(_SHORT[name] + value)
    return _BETWEEN.join(said) or None


def _action(kind: str, said: str) -> Action:
    if kind == "through":
        inner = _action(_KINDS[said[REF]], said[REF + 1 :])
        return Action(kind, (said[:REF], inner.name, *inner.args))
    if kind != "recommend":
        return Action(kind, (said,))
    return Action(kind, tuple(f"{_CONDITIONS[pair[:1]]}={pair[1:]}" for pair in said.split(_BETWEEN)))


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _from_base64(text: str) -> str:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("utf-8", "replace")
