"""Guides: Markdown files whose front matter is YAML."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from catalog_db.loading.cells import Fault
from catalog_db.loading.delimited import ENCODINGS
from catalog_db.loading.sources import Sheet

_FENCE = "---"


def sheets(files: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, Sheet | Fault]]:
    """Give each guide as a sheet of one row whose columns are its front matter and `body`, or what is wrong with it."""
    for path, content in files:
        try:
            names, cells = _cells(_decoded(content, path))
        except Fault as fault:
            yield path, fault
        else:
            yield path, Sheet(names, iter([(1, cells)]))


def _decoded(content: bytes, name: str) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding).replace("\r\n", "\n").replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise Fault("encoding.unknown", name=name)


def _cells(content: str) -> tuple[list[str], list[str]]:
    lines = content.split("\n")
    fences = [index for index, line in enumerate(lines) if line.rstrip() == _FENCE]
    if len(fences) < 2 or any(line.strip() for line in lines[: fences[0]]):
        raise Fault("front_matter.missing")
    front = _front("\n".join(lines[fences[0] + 1 : fences[1]]))
    body = "\n".join(lines[fences[1] + 1 :]).strip()
    front.pop("body", None)
    return [*front, "body"], [*(_cell(value) for value in front.values()), body]


def _front(content: str) -> dict[str, object]:
    loader = yaml.SafeLoader(content)
    loader.yaml_implicit_resolvers = {}  # every plain scalar stays the text it is: 007, 2026-11-22
    try:
        front = loader.get_single_data()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Fault("front_matter.unreadable") from error
    finally:
        loader.dispose()
    if not isinstance(front, dict):
        raise Fault("front_matter.unreadable")
    return {str(name): value for name, value in front.items()}


def _cell(value: object) -> str:
    """Write a value as a cell of a CSV would have it: a list is joined by `|`."""
    if isinstance(value, list) and all(isinstance(part, str) and "|" not in part for part in value):
        value = "|".join(value)
    if not isinstance(value, str | None) or _is_half_a_character(value or ""):
        raise Fault("front_matter.value")
    return (value or "").replace("\0", "")


def _is_half_a_character(value: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in value)  # YAML can escape what UTF-8 cannot write
