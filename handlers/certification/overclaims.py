"""What nobody may claim is not said by us either: the last look at an answer before it goes out, whatever the catalogue says.

Titles, texts and values of the catalogue lose a claim (零甲醛, 国家推荐), and the answer says which words were left out and what
holds instead. Our own sentences are checked by a test; what the person has written is quoted as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import is_
from typing import Any, TypeVar, assert_never

from handlers.certification.claims import Claim, find_claims
from handlers.turn import Answer, Block, Card, Choice, Entry, Listing, Note, Prose, Say, Table, Text, say
from handlers.understanding.normalise import normalise

_Any = TypeVar("_Any")
_REMEMBERED = 8192  # texts: titles come again and again
_QUOTES = re.compile(r"[“”、，,\s]+")  # between words that are quoted beside each other
_SAYING = (str, Text, tuple)  # values that may claim something
_SHORT = 24  # characters; a longer value is a sentence, from which a whole clause goes
_BREAKS = re.compile(r"[,，。;；!！?？\n]")
_BEFORE = re.compile(r"[^,，。;；:：!！?？、\n]*$")
_AFTER = re.compile(r"[^,，。;；!！?？、\n]*[,，;；、]?")


def within_bounds(answer: Answer, asked: str = "") -> Answer:
    """Return an answer that claims nothing, with a word about what was left out. `asked`: what the person wrote, may be quoted."""
    keeper = _Keeper(asked)
    parts = tuple(keeper.part(part) for part in answer.also)
    kept = keeper.part(answer)
    if not keeper.stopped:
        return answer
    said = tuple(dict.fromkeys(claim.said for claim in keeper.stopped))
    told = Note(say("claims.left_out", said=said, why=keeper.stopped[0].why))
    return kept.with_(also=parts, blocks=(*kept.blocks, told))


def title_within_bounds(title: str) -> str:
    """Return a title without what nobody may claim."""
    return _title(title)[0]


@dataclass(slots=True)
class _Keeper:
    """Goes through an answer; whatever needs no change stays the very same object."""

    asked: str
    stopped: list[Claim] = field(default_factory=list)

    def part(self, answer: Answer) -> Answer:
        blocks = tuple(self._block(block) for block in answer.blocks)
        choices = tuple(self._choice(choice) for choice in answer.choices)
        return answer.with_(blocks=blocks, choices=choices) if self.stopped else answer

    def _block(self, block: Block) -> Block:
        match block:
            case Say() | Note():
                text = self._text(block.text)
                return block if text is block.text else replace(block, text=text)
            case Listing():
                entries = self._same_or([self._entry(entry) for entry in block.entries], block.entries)
                return block if entries is block.entries else Listing(entries)
            case Card():
                title = self._title(block.title)
                rows = tuple((label, self._text(value)) for label, value in block.rows)
                return replace(block, title=title, rows=rows)
            case Table():
                columns = tuple(self._title(column) for column in block.columns)
                lines = tuple((label, tuple(self._text(value) for value in values)) for label, values in block.rows)
                return replace(block, columns=columns, rows=lines)
            case Prose():
                heading = self._title(block.title) if block.title else block.title
                return replace(block, title=heading, markdown=self._take(_sentence(block.markdown)))
        assert_never(block)

    def _entry(self, entry: Entry) -> Entry:
        # Without a thing of the catalogue it may be a line about the person's own words, put in quotes.
        own = entry.ref is None and all(map(self._quoted, filter(None, _QUOTES.split(entry.title))))
        title = entry.title if own else self._title(entry.title)
        lines = self._same_or([self._text(line) for line in entry.lines], entry.lines)
        same = title == entry.title and lines is entry.lines
        return entry if same else replace(entry, title=title, lines=lines)

    def _choice(self, choice: Choice) -> Choice:
        label = self._text(choice.label)
        return choice if label is choice.label else replace(choice, label=label)

    @staticmethod
    def _same_or(new: list[_Any], old: tuple[_Any, ...]) -> tuple[_Any, ...]:
        return old if all(map(is_, new, old)) else tuple(new)

    def _text(self, text: Text) -> Text:
        values = self._values(text.values)
        return text if values is None else Text(text.key, values)

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        changed = {
            name: new
            for name, old in values.items()
            if isinstance(old, _SAYING) and (new := self._value(old)) is not old
        }
        return {**values, **changed} if changed else None

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._said(value)
        if isinstance(value, Text):
            return self._text(value)
        if isinstance(value, tuple):
            return self._same_or([self._value(one) for one in value], value)
        return value

    def _said(self, value: str) -> str:
        """Return a value without claims; the person's own words stay."""
        named = len(value) <= _SHORT or _BREAKS.search(value) is None  # a long title is no sentence
        kept, claims = _title(value) if named else _sentence(value)
        if not claims or self._quoted(value):
            return value
        return self._take((kept, claims))

    def _quoted(self, value: str) -> bool:
        return bool(self.asked) and normalise(value[:500]).text in normalise(self.asked[:4000]).text

    def _title(self, title: str) -> str:
        return self._take(_title(title))

    def _take(self, found: tuple[str, tuple[Claim, ...]]) -> str:
        kept, claims = found
        self.stopped += claims
        return kept


@lru_cache(_REMEMBERED)
def _title(text: str) -> tuple[str, tuple[Claim, ...]]:
    """Return a title without its claims, and these. What is left may claim something anew (三星认证 全国第一品牌), so it is looked at again."""
    kept: str = text
    stopped: list[Claim] = []
    while claims := find_claims(kept):
        for claim in reversed(claims):
            kept = kept[: claim.start] + kept[claim.end :]
        kept = " ".join(kept.split())
        stopped += claims
    return kept, tuple(stopped)


@lru_cache(_REMEMBERED)
def _sentence(text: str) -> tuple[str, tuple[Claim, ...]]:
    """Return a text without the clauses that claim something, and the claims."""
    claims = tuple(find_claims(text))
    if not claims:
        return text, ()
    return "".join(_between(text, claims)), claims


def _between(text: str, claims: tuple[Claim, ...]) -> Iterator[str]:
    end = 0
    for claim in claims:
        before = _BEFORE.search(text, 0, claim.start)
        start = max(end, before.start() if before else claim.start)
        if start >= end:
            yield text[end:start]
        after = _AFTER.match(text, claim.end)
        end = max(end, after.end() if after else claim.end)
    yield text[end:]
