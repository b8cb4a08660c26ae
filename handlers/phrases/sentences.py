"""Whole sentences that mean one thing: 换到李婶, 加到清单, 口令 …. What they are stands in tables of `locales/`.

A table has two columns, `op` and `pattern`, a regular expression of the whole sentence; named groups are what is said with it. A line
whose op is `=name` names a part, which later patterns write {name}. Names that somebody has given (of neighbours, of lists) are
put in where a pattern writes {known}.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from handlers.understanding.normalise import normalise
from handlers.understanding.word_tables import WORDS, rows

_PART = re.compile(r"\{([a-z_]+)\}")
_NAMED = re.compile(r"\(\?P<\w+>")
_KNOWN = "\ue000"  # stands for a known name while a sentence is read; written by nobody
_ENDS = " .,!?;:~。，！？；：、"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a sentence means: its op, and what was said with it."""

    op: str
    values: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Return what was said, or nothing."""
        return self.values.get(name, "")


class Phrases:
    """The sentences of one table, in its order: the first that fits is meant."""

    def __init__(self, lines: Iterable[tuple[str, ...]]) -> None:
        parts = {"known": _KNOWN}
        self._parts = parts
        self._rules: list[tuple[str, re.Pattern[str]]] = []
        for op, pattern, *_ in lines:
            written = _PART.sub(lambda found: parts[found[1]], pattern)
            if op.startswith("="):
                parts[op[1:]] = f"(?:{written})"
            else:
                self._rules.append((op, re.compile(written)))
        # Most sentences are none of these: one look at all of them together says so.
        together = (_NAMED.sub("(?:", pattern.pattern) for _, pattern in self._rules)
        self._any = re.compile("|".join(f"(?:{written})" for written in together))

    def read(self, text: str, known: Iterable[str] = ()) -> Phrase | None:
        """Return what a sentence means, None when it is none of these."""
        said = text_of(text)
        for name in sorted(known, key=len, reverse=True):
            if name in said:
                found = self._match(said.replace(name, _KNOWN, 1), name)
                if found is not None:
                    return found
        return self._match(said, "")

    def without(self, part: str, text: str, known: Iterable[str] = ()) -> str:
        """Return a text without every stretch that is such a part."""
        names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
        pattern = self._parts[part].replace(_KNOWN, names or "(?!)")
        return re.sub(pattern, "", text).strip(_ENDS + "·-")

    def _match(self, said: str, name: str) -> Phrase | None:
        if self._any.fullmatch(said) is None:
            return None
        for op, pattern in self._rules:
            match = pattern.fullmatch(said)
            if match:
                values = {
                    key: value.replace(_KNOWN, name).strip(_ENDS) for key, value in match.groupdict().items() if value
                }
                return Phrase(op, values)
        return None


@lru_cache(maxsize=16)  # a sentence is looked up in every table
def text_of(text: str) -> str:
    """Return a sentence as tables write it: Simplified, half-width, without what ends it."""
    return normalise(text).text.strip(_ENDS).replace(_KNOWN, "")


@cache
def phrases(table: str) -> Phrases:
    """Return the sentences of a table of `locales/`."""
    return Phrases(rows(WORDS / f"{table}.tsv"))
