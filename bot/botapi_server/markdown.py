"""MarkdownV2, read as strictly as TDLib reads it: reserved signs must be escaped, entities must end."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.botapi_server.formatting import Builder, Entity, EntityError

_RESERVED = "_*[]()~`>#+-=|{}.!"
_MARKS = {"**>": "quote", "```": "Pre", "__": "Underline", "||": "Spoiler", "*": "Bold", "_": "Italic", "~": "Strikethrough", "`": "Code"}  # fmt: skip
_TYPES = {"Underline": "underline", "Spoiler": "spoiler", "Bold": "bold", "Italic": "italic", "Strikethrough": "strikethrough"}  # fmt: skip


@dataclass(slots=True)
class _Open:
    mark: str
    start: int
    offset: int


class MarkdownReader:
    """One pass over the source. `read` returns the plain text and its entities."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._out = Builder()
        self._stack: list[_Open] = []
        self._quote: int | None = None

    def read(self) -> tuple[str, list[Entity]]:
        """Read everything. Raise EntityError with the official words."""
        while self._at < len(self._source):
            if self._line_start():
                continue
            self._step()
        self._end_quote()
        if self._stack:
            opened = self._stack[-1]
            name = "Link" if opened.mark in {"[", "!["} else _MARKS[opened.mark]
            raise EntityError(f"Can't find end of {name} entity at byte offset {opened.offset}")
        return self._out.done()

    def _offset(self) -> int:
        return len(self._source[: self._at].encode("utf-8", "surrogatepass"))

    def _line_start(self) -> bool:
        """Begin or go on with a block quotation where a line begins with ">"."""
        if self._at and self._source[self._at - 1] != "\n":
            return False
        mark = "**>" if self._source.startswith("**>", self._at) else ">"
        if self._source.startswith(mark, self._at):
            if self._quote is None:
                self._quote = self._out.length
            self._at += len(mark)
            return True
        self._end_quote()
        return False

    def _end_quote(self) -> None:
        if self._quote is not None:
            self._out.close("blockquote", self._quote)
            self._quote = None

    def _step(self) -> None:
        sign = self._source[self._at]
        if sign == "\\" and self._at + 1 < len(self._source) and ord(self._source[self._at + 1]) < 127:
            self._out.add(self._source[self._at + 1])
            self._at += 2
            return
        for mark in _MARKS:
            if self._source.startswith(mark, self._at):
                self._mark(mark)
                return
        if sign == "[" or self._source.startswith("![", self._at):
            mark = "[" if sign == "[" else "!["
            self._stack.append(_Open(mark, self._out.length, self._offset()))
            self._at += len(mark)
        elif sign == "]" and self._stack and self._stack[-1].mark in {"[", "!["}:
            self._link()
        elif sign in _RESERVED:
            raise EntityError(f"Character '{sign}' is reserved and must be escaped with the preceding '\\'")
        else:
            self._out.add(sign)
            self._at += 1

    def _mark(self, mark: str) -> None:
        if mark in {"`", "```"}:
            self._code(mark)
            return
        if self._stack and self._stack[-1].mark == mark:
            opened = self._stack.pop()
            self._out.close(_TYPES[_MARKS[mark]], opened.start)
        elif any(opened.mark == mark for opened in self._stack) or mark == "**>":
            raise EntityError(
                f"Can't find end of {_MARKS[self._stack[-1].mark]} entity at byte offset {self._offset()}"
            )
        else:
            self._stack.append(_Open(mark, self._out.length, self._offset()))
        self._at += len(mark)

    def _code(self, mark: str) -> None:
        kind = "pre" if mark == "```" else "code"
        opened = self._offset()
        end = re.compile(rf"((?:\\.|(?!{mark})[^\\])*){mark}", re.DOTALL).match(self._source, self._at + len(mark))
        if end is None:
            raise EntityError(f"Can't find end of {kind.capitalize()} entity at byte offset {opened}")
        body = re.sub(r"\\(.)", r"\1", end[1])
        extra = {}
        language = re.match(r"([^\s`]+)\n", body) if kind == "pre" else None
        if language:
            extra["language"] = language[1]
            body = body[language.end() :]
        start = self._out.length
        self._out.add(body.removeprefix("\n") if kind == "pre" else body)
        self._out.close(kind, start, **extra)
        self._at = end.end()

    def _link(self) -> None:
        opened = self._stack.pop()
        target = re.compile(r"\]\(((?:\\.|[^)\\])*)\)").match(self._source, self._at)
        if target is None:
            raise EntityError(f"Can't find end of a URL at byte offset {self._offset()}")
        url = re.sub(r"\\(.)", r"\1", target[1])
        user = re.fullmatch(r"tg://user\?id=(\d+)", url)
        emoji = re.fullmatch(r"tg://emoji\?id=(\d+)", url)
        if opened.mark == "![" and emoji:
            self._out.close("custom_emoji", opened.start, custom_emoji_id=emoji[1])
        elif user:
            self._out.close("text_mention", opened.start, user_id=int(user[1]))
        else:
            self._out.close("text_link", opened.start, url=url)
        self._at = target.end()


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """Read MarkdownV2."""
    return MarkdownReader(source).read()
