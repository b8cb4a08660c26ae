"""Formatted text as the server stores it: plain text plus entities whose offsets count UTF-16 code units.

Three ways in: HTML (here), MarkdownV2 (`markdown.py`) and a ready `entities` list. The words of refusal are TDLib's
(`MessageEntity.cpp`), prefixed "can't parse entities: " as the official server does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.botapi_server.errors import ApiError
from bot.botapi_server.limits import utf16_length

Entity = dict[str, Any]

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,7});?|#x([0-9a-fA-F]{1,6});?|([a-z]{2,4});)")
_ATTRIBUTE = re.compile(r"\s+([a-zA-Z][\w-]*)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[\w./:?&=#%+-]+))?")
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")


class EntityError(ApiError):
    """The markup cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(400, f"Bad Request: can't parse entities: {text}")


@dataclass(slots=True)
class Builder:
    """Plain text and entities in the making."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    entities: list[Entity] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Append plain text."""
        self.parts.append(text)
        self.length += utf16_length(text)

    def close(self, kind: str, start: int, **extra: Any) -> None:
        """Append the entity that reaches from `start` to here; an empty one vanishes."""
        if self.length > start:
            self.entities.append({"type": kind, "offset": start, "length": self.length - start, **extra})

    def done(self) -> tuple[str, list[Entity]]:
        """Hand over the text and the entities in the order of the server: by offset, the longer first."""
        return "".join(self.parts), sort_entities(self.entities)


def sort_entities(entities: list[Entity]) -> list[Entity]:
    """Sort by offset, the longer first."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


@dataclass(slots=True)
class _OpenTag:
    name: str
    start: int
    attributes: dict[str, str]
    part: int


def _decode(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        decimal, hexadecimal, name = match.groups()
        if name:
            return _NAMED.get(name, match[0])
        code = int(decimal) if decimal else int(hexadecimal, 16)
        return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]

    return _REFERENCE.sub(one, text)


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Read Telegram's HTML. Raise EntityError with the official words."""
    out = Builder()
    stack: list[_OpenTag] = []
    position = 0
    while position < len(source):
        start = source.find("<", position)
        if start < 0:
            break
        out.add(_decode(source[position:start]))
        if source.startswith("</", start):
            position = _close_tag(source, start, stack, out)
        else:
            position = _open_tag(source, start, stack, out)
    out.add(_decode(source[position:]))
    if stack:
        raise EntityError(f'Can\'t find end tag corresponding to start tag "{stack[-1].name}"')
    return out.done()


def _byte_offset(source: str, position: int) -> int:
    return len(source[:position].encode("utf-8", "surrogatepass"))


def _open_tag(source: str, start: int, stack: list[_OpenTag], out: Builder) -> int:
    offset = _byte_offset(source, start)
    name_match = re.compile(r"[^\s>]*").match(source, start + 1)
    name = name_match[0].lower() if name_match else ""
    position = start + 1 + len(name)
    if name not in _TAGS:
        raise EntityError(f'Unsupported start tag "{name}" at byte offset {offset}')
    attributes: dict[str, str] = {}
    while match := _ATTRIBUTE.match(source, position):
        attributes[match[1].lower()] = _decode((match[2] or "").strip("\"'"))
        position = match.end()
    rest = re.compile(r"\s*>").match(source, position)
    if rest is None:
        raise EntityError(f"Unclosed start tag at byte offset {offset}")
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise EntityError(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    stack.append(_OpenTag(name, out.length, attributes, len(out.parts)))
    return rest.end()


def _close_tag(source: str, start: int, stack: list[_OpenTag], out: Builder) -> int:
    offset = _byte_offset(source, start)
    end = source.find(">", start)
    if not stack:
        raise EntityError(f"Unexpected end tag at byte offset {offset}")
    if end < 0:
        raise EntityError(f"Unclosed end tag at byte offset {offset}")
    name = source[start + 2 : end].strip().lower()
    opened = stack.pop()
    if name and name != opened.name:
        raise EntityError(f'Unmatched end tag at byte offset {offset}, expected "</{opened.name}>", found "</{name}>"')
    _finish(opened, out)
    return end + 1


def _finish(tag: _OpenTag, out: Builder) -> None:
    kind = _TAGS[tag.name]
    if kind == "text_link":
        _finish_link(tag, out)
    elif kind == "pre" and out.entities and _is_language(out.entities[-1], tag.start, out.length):
        inner = out.entities.pop()
        out.close("pre", tag.start, language=inner["language"])
    elif kind == "code" and tag.attributes.get("class", "").startswith("language-"):
        out.close("code", tag.start, language=tag.attributes["class"].removeprefix("language-"))
    elif kind == "blockquote":
        out.close("expandable_blockquote" if "expandable" in tag.attributes else kind, tag.start)
    elif kind == "custom_emoji":
        out.close(kind, tag.start, custom_emoji_id=tag.attributes.get("emoji-id", ""))
    elif kind == "date_time":
        out.close(kind, tag.start, unix_time=int(tag.attributes.get("unix") or 0))
    else:
        out.close(kind, tag.start)


def _is_language(entity: Entity, start: int, end: int) -> bool:
    whole = entity["offset"] == start and entity["offset"] + entity["length"] == end
    return whole and entity["type"] == "code" and "language" in entity


def _finish_link(tag: _OpenTag, out: Builder) -> None:
    url = tag.attributes.get("href") or "".join(out.parts[tag.part :])
    user = _USER_LINK.fullmatch(url)
    if user:
        out.close("text_mention", tag.start, user_id=int(user[1]))
    elif re.match(r"(?:https?|tg|ton|tonsite)://|[\w-]+(?:\.[\w-]+)+", url):
        out.close("text_link", tag.start, url=url if "://" in url else f"http://{url}/")


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Cut white space at both ends, as TDLib's `fix_formatted_text` does, and move the entities along."""
    stripped = text.strip()
    if len(stripped) == len(text):
        return text, entities
    left = utf16_length(text) - utf16_length(text.lstrip())
    length = utf16_length(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - left, 0)
        end = min(entity["offset"] + entity["length"] - left, length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return stripped, kept
