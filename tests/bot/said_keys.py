"""Find the message keys that the code says, by reading its syntax tree and the templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "handlers", "catalog_db")
_SPEAKERS = {"say", "Text"}
_TEMPLATE_CALL = re.compile(r"""\bsay\(\s*["']([^"']+)["']""")


@dataclass(frozen=True)
class Said:
    """One place that says a key. `pattern` matches the key; `values` are the names given, None when they come by **."""

    where: str
    pattern: str
    values: frozenset[str] | None


def python_files(root: Path = ROOT) -> list[Path]:
    return sorted(file for room in ROOMS for file in (root / room).rglob("*.py"))


def said_in(source: str, name: str) -> Iterator[Said]:
    """Yield what a module says with a literal or a formatted key."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and _called(node) in _SPEAKERS:
            for key in _keys(node.args[0]):
                yield Said(f"{name}:{node.lineno}", key, _values(node))


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _keys(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(key)):
            yield re.escape(key)
        case ast.JoinedStr(values=parts):
            yield "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from _keys(one)
            yield from _keys(other)


def _values(node: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in node.keywords]
    is_open = None in names or len(node.args) > 1
    return None if is_open else frozenset(name for name in names if name)


def constants(source: str) -> set[str]:
    """Return every string constant: a key kept in a table counts as used."""
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def said_in_template(source: str) -> set[str]:
    return set(_TEMPLATE_CALL.findall(source))
