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


_MADE_KEY = re.compile(r"[a-z_]+\\\.")  # a made string that begins like a key: "scheme\\." …


@dataclass(frozen=True)
class Said:
    """One place that says a key. `pattern` matches the key; `values` are the names given, None when they come by **."""

    where: str
    pattern: str
    values: frozenset[str] | None

    @property
    def literal(self) -> bool:
        return not re.search(r"(?<!\\)[+|]", self.pattern)


def python_files(root: Path = ROOT) -> list[Path]:
    return sorted(file for room in ROOMS for file in (root / room).rglob("*.py"))


def said_in(source: str, name: str) -> Iterator[Said]:
    """Yield what a module says with a literal or a made key."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and _called(node) in _SPEAKERS:
            pattern = _pattern(node.args[0])
            if pattern != ".+":
                yield Said(f"{name}:{node.lineno}", pattern, _values(node))


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _pattern(node: ast.expr) -> str:
    """Return what a string expression can be, as a regular expression."""
    match node:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.JoinedStr(values=parts):
            return "".join(map(_pattern, parts))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _pattern(left) + _pattern(right)
        case ast.IfExp(body=one, orelse=other):
            return f"(?:{_pattern(one)}|{_pattern(other)})"
    return ".+"


def _values(node: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in node.keywords]
    is_open = None in names or len(node.args) > 1
    return None if is_open else frozenset(name for name in names if name)


def kept_keys(source: str) -> set[str]:
    """Return the patterns of every string of a module: a key kept in a table or put together counts as used."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp))]
    return {pattern for pattern in map(_pattern, nodes) if _MADE_KEY.match(pattern)}


def said_in_template(source: str) -> set[str]:
    return set(_TEMPLATE_CALL.findall(source))
