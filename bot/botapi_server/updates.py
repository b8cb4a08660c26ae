"""Random updates that match the schema, and damaged ones that do not: food for a bot that must swallow everything.

`random_update(rng, kind)` makes every kind of the Bot API 10.3, optional fields and all; messages carry one content
each, as real ones do, and entities that fit their text half of the time. `damaged(rng, update)` breaks one in one place.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable
from typing import Any

from bot.botapi_server.limits import utf16_length
from bot.botapi_server.spec import Field, bot_api
from bot.botapi_server.state import Json

_DEEP = 4
_TEXTS = (
    "a", "v1:7:abc", "https://example.org/a?b=1&c=<d>", "<b>&amp;</b>", "0", "-1", "  ", "/start ref_1", "@lvxuan_bot x",
    "\u4e09\u767e\u4ee5\u5185\u7684\u4e73\u80f6\u6f06", "\U0001f3e0\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u202e\u0627\u0644\u0639\u0631\u0628\u064a\u0629", "e\u0301\u0000\u0007", "x" * 300,
    "\u7532" * 90, "zh-hans", "12:30", "%00'\"\\", "1e309", "nan",
)  # fmt: skip
_INTEGERS = (0, 1, -1, 7, 100, 65_535, 2**31, 2**31 - 1, 2**52 - 1, -1_001_000_000_007, 1_795_000_000)
_ENUMERATED = re.compile(r"(?:[Cc]an be|[Oo]ne of|[Ee]ither|[Mm]ust be)\b")
_WORD = re.compile(r"['\"“‘]([a-z_]+)['\"”’]")
_SPAN = re.compile("duration|period|delay|time")
# What belongs to every message; of all other optional fields one is chosen.
_MESSAGE_FRAME = frozenset({
    "message_thread_id", "from", "sender_chat", "forward_origin", "is_topic_message", "reply_to_message", "quote",
    "via_bot", "edit_date", "has_protected_content", "media_group_id", "author_signature", "reply_markup",
    "guest_query_id", "business_connection_id", "sender_boost_count", "receiver_user", "ephemeral_message_id",
})  # fmt: skip


def update_kinds() -> tuple[str, ...]:
    """List every kind of update, in the order of the documentation."""
    return tuple(name for name in bot_api().types["Update"] if name != "update_id")


def random_update(rng: random.Random, kind: str | None = None, *, update_id: int | None = None) -> Json:
    """Make an update of a kind (any by default) that matches the schema."""
    chosen = kind or rng.choice(update_kinds())
    body = _Maker(rng).value(bot_api().types["Update"][chosen].type_text, 0)
    return {"update_id": rng.randrange(1, 2**31) if update_id is None else update_id, chosen: body}


def random_parameters(rng: random.Random, method: str) -> Json:
    """Make parameters for a call of `method` that match the schema; files are named by id, never uploaded."""
    maker = _Maker(rng)
    fields = bot_api().methods[method].values()
    return {field.name: maker.field(field, 2) for field in fields if field.required or rng.random() < 0.3}


class _Maker:
    """Make values of a type. Deeper down only what is required is made, so that recursion ends."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._makers: dict[str, Callable[[], Any]] = {
            "String": lambda: self._rng.choice(_TEXTS),
            "Integer": lambda: self._rng.choice(_INTEGERS),
            "Float": lambda: self._rng.choice((0.0, -90.0, 33.64, 115.17, 1e-9, 7)),
            "Boolean": lambda: self._rng.random() < 0.5,
            "True": lambda: True,
            "InputFile": lambda: "attach://nothing",
        }

    def value(self, type_text: str, depth: int) -> Any:
        if type_text in self._makers:
            return self._makers[type_text]()
        if type_text.startswith("Array of "):
            inner = type_text.removeprefix("Array of ")
            return [self.value(inner, depth + 1) for _ in range(self._rng.randrange(1 if depth > _DEEP else 4))]
        if type_text == "RichText":
            return self._rng.choice(_TEXTS)
        options = re.split(r", | or | and ", type_text)
        members = bot_api().members(type_text) or (tuple(options) if len(options) > 1 else ())
        if members:
            return self.value(self._rng.choice(members), depth)
        made = self._object(type_text, depth)
        return _fit(self._rng, type_text, made)

    def _object(self, name: str, depth: int) -> Json:
        fields = bot_api().types[name]
        wanted = {field.name for field in fields.values() if field.required or self._lucky(depth)}
        if name == "Message":
            wanted = self._one_content(fields, wanted)
        return {field: self.field(fields[field], depth + 1) for field in fields if field in wanted}

    def _lucky(self, depth: int) -> bool:
        return depth <= _DEEP and self._rng.random() < 0.6 / (depth + 1)

    def _one_content(self, fields: dict[str, Field], wanted: set[str]) -> set[str]:
        required = {field.name for field in fields.values() if field.required}
        content = self._rng.choice(sorted(set(fields) - required - _MESSAGE_FRAME))
        kept = required | (wanted & _MESSAGE_FRAME) | {content}
        if content in {"text", "caption"}:
            kept |= {"entities" if content == "text" else "caption_entities"}
        return kept

    def field(self, field: Field, depth: int) -> Any:
        if field.constant is not None:
            return field.constant
        if field.type_text == "Integer" and (field.name.endswith("date") or "Unix time" in field.description):
            return self._rng.choice((0, 1_500_000_000, 1_795_000_000, 2**31 - 1))
        if field.type_text == "Integer" and not field.limits and _SPAN.search(field.name):
            return self._rng.choice((0, 1, 3600, 86_400))
        if field.type_text == "String" and _ENUMERATED.search(field.description):
            words = _WORD.findall(field.description)
            if words and not field.limits:
                return self._rng.choice(words)
        for _ in range(6):
            made = self.value(field.type_text, depth)
            if not any(limit.test(made) for limit in field.limits):
                return made
        return self._within(field, depth)

    def _within(self, field: Field, depth: int) -> Any:
        """Make a value for a field with narrow limits."""
        samples = [sample for limit in field.limits for sample in limit.samples]
        if samples:
            return self._rng.choice(samples)
        if field.type_text.startswith("Array of "):
            inner = field.type_text.removeprefix("Array of ")
            return [self.value(inner, depth) for _ in range(2)]
        return "ab"


def _fit(rng: random.Random, name: str, made: Json) -> Json:
    """Make related fields agree, as the real server's do."""
    if name in {"Chat", "ChatFullInfo"}:
        number = rng.choice((1_000_007, 1_000_008))
        made["id"] = number if made["type"] == "private" else -1_001_000_000_000 - number % 100
    if name == "User":
        made["id"] = rng.choice((1_000_007, 1_000_008, 1_000_009))
    if name == "Message" and rng.random() < 0.5:
        for text, key in (("text", "entities"), ("caption", "caption_entities")):
            length = utf16_length(made.get(text, ""))
            for entity in made.get(key, []) if length else []:
                entity["offset"] = rng.randrange(length)
                entity["length"] = rng.randint(1, length - entity["offset"])
    return made


_JUNK: tuple[Any, ...] = (None, "", "x", -1, 2**70, 1.5, True, [], {}, [[]], {"": None}, "\ud800", ["a", 1, None])


def damaged(rng: random.Random, update: Json) -> Any:
    """Break a copy of an update in one to three places: fields lost, types changed, junk added."""
    broken = copy.deepcopy(update)
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(_places(broken))
        if not path:
            return copy.deepcopy(rng.choice(_JUNK))
        holder = broken
        for step in path[:-1]:
            holder = holder[step]
        if isinstance(holder, dict) and rng.random() < 0.4:
            del holder[path[-1]]
        else:
            holder[path[-1]] = copy.deepcopy(rng.choice(_JUNK))
    return broken


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += _places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += _places(inner, (*path, index))
    return found
