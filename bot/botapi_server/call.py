"""One call on its way through the server: its bot, its parameters and its uploaded files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.botapi_server.account import Account
from bot.botapi_server.hub import Violation
from bot.botapi_server.spec import Field, Problem, Upload

_TRUE = frozenset({"true", "yes", "1", "True"})
_FALSE = frozenset({"false", "no", "0", "False", ""})


@dataclass(slots=True)
class Call:
    """A call whose parameters were checked against the schema."""

    account: Account
    method: str
    parameters: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """Take a parameter."""
        return self.parameters.get(name, default)

    def violate(self, path: str, text: str) -> None:
        """Record that the bot broke the specification in a way that only the content shows."""
        self.account.hub.violations.append(Violation(self.method, path, text))


def read_parameters(
    fields: Mapping[str, Field], given: Mapping[str, Any], *, from_form: bool
) -> tuple[dict[str, Any], list[Problem]]:
    """Turn what came over the wire into typed values; what cannot be turned is left for the check to refuse.

    The official server reads every parameter as a string, so that forms and JSON bodies mean the same.
    """
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for name, value in given.items():
        field_ = fields.get(name)
        if value is None or field_ is None or not isinstance(value, str):
            if value is not None:
                read[name] = value
            continue
        read[name] = _read(field_.type_text, value, from_form=from_form)
        if read[name] is None:
            problems.append(Problem(name, f"is no JSON-serialized {field_.type_text}"))
            del read[name]
    return read, problems


def _read(type_text: str, value: str, *, from_form: bool) -> Any:
    if type_text in {"String", "InputFile", "InputFile or String"}:
        return value
    if type_text == "Integer or String":
        return int(value) if value.lstrip("-").isdecimal() else value
    if type_text in {"Boolean", "True"}:
        return _read_bool(value, from_form=from_form)
    if type_text in {"Integer", "Float"} and not from_form:
        return value
    return _decode(value)


def _read_bool(value: str, *, from_form: bool) -> Any:
    if not from_form:
        return value
    if value in _TRUE or value in _FALSE:
        return value in _TRUE
    return value


def _decode(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return None
