"""The Bot API as data, and the check of every value against it.

`botapi-10.3.json` names each method and type; `Schema` compiles a checker for a type when it is first needed. A checker
appends to a list of `Problem`s and never raises, so that a test sees everything that is wrong with a call at once.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.botapi_server.limits import Limit, limits_of

SCHEMA_FILE = Path(__file__).with_name("botapi-10.3.json")
_CONSTANT = re.compile(r"(?:always|must be) ['\"“‘]?([a-z_0-9]+)['\"”’]?\.?$")
_MEMBER = re.compile(r"^ - (\w+)", re.MULTILINE)
_DISCRIMINATORS = ("type", "status", "source")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came as a part of a multipart body."""

    filename: str
    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What breaks the specification: `path` names the place (`reply_markup.inline_keyboard[0][1].callback_data`)."""

    path: str
    text: str


Check = Callable[[Any, str, "list[Problem]"], None]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a type, or one parameter of a method."""

    name: str
    type_text: str
    required: bool
    description: str
    limits: tuple[Limit, ...]

    @property
    def constant(self) -> str | None:
        """The only value this field may have, for the discriminating fields of union members."""
        match = _CONSTANT.search(self.description)
        return match[1] if match and self.name in _DISCRIMINATORS else None


class Schema:
    """Methods and types of one version of the Bot API."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.version: str = document["version"]["version"]
        self.methods = {name: _fields(entry) for name, entry in document["methods"].items()}
        self.types = {name: _fields(entry) for name, entry in document["types"].items()}
        self._by_lower = {name.lower(): name for name in self.methods}
        self._members = {
            name: tuple(_MEMBER.findall(entry["d"]))
            for name, entry in document["types"].items()
            if not entry.get("f") and " - " in entry["d"]
        }
        self._checks: dict[str, Check] = {}

    @classmethod
    def load(cls, path: Path = SCHEMA_FILE) -> Schema:
        """Read the schema that lies beside this module."""
        return cls(json.loads(path.read_text("utf-8")))

    def method_name(self, name: str) -> str | None:
        """Find the official spelling of a method; the server ignores case (Query.cpp:44)."""
        return self._by_lower.get(name.lower())

    def members(self, type_name: str) -> tuple[str, ...]:
        """List the types a union stands for, or nothing when it is no union."""
        return self._members.get(type_name, ())

    def call_problems(self, method: str, parameters: Mapping[str, Any]) -> list[Problem]:
        """Check the parameters of a call to `method` (official spelling)."""
        problems: list[Problem] = []
        self._check_fields(self.methods[method], parameters, "", problems)
        return problems

    def value_problems(self, type_text: str, value: Any) -> list[Problem]:
        """Check any value, for example an update against "Update"."""
        problems: list[Problem] = []
        self.check(type_text)(value, type_text, problems)
        return problems

    def check(self, type_text: str) -> Check:
        """Compile the checker of a type as the documentation words it ("Array of Integer", "A or B")."""
        found = self._checks.get(type_text)
        if found is None:
            found = self._checks[type_text] = self._compile(type_text)
        return found

    def _compile(self, type_text: str) -> Check:
        if type_text in _PLAIN:
            return _plain(type_text)
        if type_text.startswith("Array of "):
            return self._array(type_text.removeprefix("Array of "))
        options = [part for part in re.split(r", | or | and ", type_text) if part]
        if len(options) > 1:
            return self._union(type_text, options)
        if type_text in self._members:
            return (
                self._rich_text if type_text == "RichText" else self._union(type_text, list(self._members[type_text]))
            )
        found = self._object(type_text)
        return self._or_string(found) if type_text == "KeyboardButton" else found

    def _or_string(self, otherwise: Check) -> Check:
        """Let a plain text stand for the object, as the wording of KeyboardButton does."""

        def check(value: Any, path: str, problems: list[Problem]) -> None:
            if not isinstance(value, str):
                otherwise(value, path, problems)

        return check

    def _array(self, inner: str) -> Check:
        def check(value: Any, path: str, problems: list[Problem]) -> None:
            if not isinstance(value, list):
                problems.append(Problem(path, f"expected an Array of {inner}"))
                return
            item = self.check(inner)
            for position, element in enumerate(value):
                item(element, f"{path}[{position}]", problems)

        return check

    def _object(self, name: str) -> Check:
        fields = self.types[name]

        def check(value: Any, path: str, problems: list[Problem]) -> None:
            if isinstance(value, dict):
                self._check_fields(fields, value, f"{path}.", problems)
            else:
                problems.append(Problem(path, f"expected {name}"))

        return check

    def _check_fields(
        self, fields: Mapping[str, Field], values: Mapping[str, Any], prefix: str, problems: list[Problem]
    ) -> None:
        for name, value in values.items():
            field = fields.get(name)
            if field is None:
                problems.append(Problem(prefix + name, "is unknown"))
                continue
            before = len(problems)
            self.check(field.type_text)(value, prefix + name, problems)
            if field.limits and len(problems) == before:
                found = (limit.test(value) for limit in field.limits)
                problems.extend(Problem(prefix + name, text) for text in found if text)
        for name, field in fields.items():
            if field.required and name not in values:
                problems.append(Problem(prefix + name, "is required"))

    def _union(self, type_text: str, options: list[str]) -> Check:
        def check(value: Any, path: str, problems: list[Problem]) -> None:
            candidates = [name for name in options if self._fits(name, value)]
            attempts = []
            for name in candidates:
                found: list[Problem] = []
                self.check(name)(value, path, found)
                if not found:
                    return
                attempts.append(found)
            nearest = min(attempts, key=len, default=[Problem(path, f"is no valid {type_text}")])
            problems.extend(nearest)

        return check

    def _fits(self, name: str, value: Any) -> bool:
        """Tell whether the kind of the value, or its discriminating field, speaks for the type."""
        if name in _PLAIN:
            return not _plain_error(name, value)
        if not isinstance(value, dict):
            return False
        if name in self._members:
            return True
        fields = self.types[name]
        for key in _DISCRIMINATORS:
            constant = fields[key].constant if key in fields else None
            if constant is not None:
                return bool(value.get(key) == constant)
        return any(key in value for key, field in fields.items() if field.required) or not value

    def _rich_text(self, value: Any, path: str, problems: list[Problem]) -> None:
        if isinstance(value, str):
            return
        if isinstance(value, list):
            for position, element in enumerate(value):
                self._rich_text(element, f"{path}[{position}]", problems)
            return
        self._union("RichText", list(self._members["RichText"]))(value, path, problems)


@cache
def bot_api() -> Schema:
    """Load the schema once for the whole process; it never changes."""
    return Schema.load()


def _fields(entry: Mapping[str, Any]) -> dict[str, Field]:
    listed = entry.get("f", [])
    names = {field["n"] for field in listed}
    return {field["n"]: _field(field, names) for field in listed}


def _field(entry: Mapping[str, Any], siblings: set[str]) -> Field:
    name, type_text, description = entry["n"], entry["t"], entry.get("d", "")
    # The wording says "after entities parsing" in most places; where a parse mode stands beside the text it holds too.
    after_parsing = name in {"text", "caption", "message_text", "quote"} and bool(
        {"parse_mode", f"{name}_parse_mode"} & siblings
    )
    limits = limits_of(type_text, description, after_parsing=after_parsing)
    return Field(name, type_text, bool(entry.get("r")), description, limits)


def _plain_error(name: str, value: Any) -> bool:
    return not _PLAIN[name](value)


def _plain(name: str) -> Check:
    test = _PLAIN[name]

    def check(value: Any, path: str, problems: list[Problem]) -> None:
        if not test(value):
            problems.append(Problem(path, f"expected {name}, got {type(value).__name__}"))

    return check


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _is_float(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_file(value: Any) -> bool:
    return isinstance(value, Upload) or (isinstance(value, str) and value.startswith("attach://"))


_PLAIN: dict[str, Callable[[Any], bool]] = {
    "String": lambda value: isinstance(value, str),
    "Integer": _is_integer,
    "Float": _is_float,
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
    "InputFile": _is_file,
}
