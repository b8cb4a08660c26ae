"""What Telegram marks by itself in any text: commands, links, mentions, hashtags, addresses, phone numbers."""

from __future__ import annotations

import re

from bot.botapi_server.formatting import Entity, sort_entities
from bot.botapi_server.limits import utf16_length

_PATTERNS = (
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("email", re.compile(r"(?<![\w.+-])[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")),
    (
        "url",
        re.compile(
            r"https?://[^\s<>\"，。、；）】]+|(?<![\w@.])(?:[A-Za-z0-9-]+\.)+(?:com|org|net|cn|me|io)(?:/[^\s，。]*)?"
        ),
    ),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<!\w)#(?=\w*[^\W\d])\w{1,256}")),
    ("phone_number", re.compile(r"(?<![\w+.-])(?:\+\d[\d ()-]{6,16}\d|1[3-9]\d(?:[ -]?\d{4}){2})(?![\w.-])", re.ASCII)),
)


def detect_entities(text: str, given: list[Entity]) -> list[Entity]:
    """Return the given entities and those found in the text that do not touch code, links or one another."""
    taken = [
        (e["offset"], e["offset"] + e["length"])
        for e in given
        if e["type"] in {"code", "pre", "text_link", "text_mention"}
    ]
    found = list(given)
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            end = start + utf16_length(match[0])
            if all(end <= low or start >= high for low, high in taken):
                taken.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    return sort_entities(found)
