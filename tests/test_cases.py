"""Conversations as data: every line of tests/cases is asked and compared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.plain import answer_json
from handlers.session import Session
from handlers.turn import Question
from tests.assistants import NOW, demonstration

FOLDER = Path(__file__).parent / "cases"
FREE_FILTERS = {"limit", "adcode"}


def lines(*names: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(FOLDER.glob("*.jsonl")):
        if (path.name in names) == bool(names):
            for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if raw.strip():
                    yield f"{path.stem}:{number}", json.loads(raw)


def ask(case: dict[str, Any]) -> list[str]:
    """Return what differs, turn by turn."""
    parts = demonstration()
    session, wrong, listed = Session(), [], []
    for number, turn in enumerate(case.get("turns", [case]), 1):
        answer, session = parts.assistant.respond(Question(turn["text"], NOW, case.get("adcode")), session)
        found = answer_json(number, answer, parts.wording, 0)
        wrong += [f"{turn['text']}: {difference}" for difference in differences(turn, found, listed)]
        if found.get("products") and found["intent"] in ("recommend", "ranking", "plan"):
            listed = found["products"]
    return wrong


def differences(turn: dict[str, Any], found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    if "intent" in turn and found["intent"] not in turn["intent"].split():
        yield f"intent {found['intent']}, expected {turn['intent']}"
    if "categories" in turn and set(found["categories"]) != set(turn["categories"]):
        yield f"categories {found['categories']}, expected {turn['categories']}"
    if "filters" in turn:
        yield from filter_differences(turn["filters"], found["filters"])
    products = found["products"]
    if len(products) < turn.get("min", 0) or len(products) > turn.get("max", 99) or (turn.get("none") and products):
        yield f"{len(products)} products shown"
    for field, ids in turn.get("ids", {}).items():
        if not set(ids) & set(found.get(field, [])):
            yield f"{field} {found.get(field, [])} lack {ids}"
    if "unknown" in turn and found.get("unknown", []) != turn["unknown"]:
        yield f"unknown {found.get('unknown', [])}"
    amounts = [entry["amount"] for entry in (*found.get("quantities", ()), *found.get("savings", ()))]
    if "numbers" in turn and [float(a) for a in amounts[: len(turn["numbers"])]] != [float(n) for n in turn["numbers"]]:
        yield f"numbers {amounts}, expected {turn['numbers']}"
    if "verdict" in turn and {v["status"] for v in found.get("verdicts", [])} != set(turn["verdict"]):
        yield f"verdicts {found.get('verdicts')}"
    for pattern in turn.get("says", []):
        if not re.search(pattern, found["text"]):
            yield f"text lacks {pattern}: {found['text'][:120]}"
    for pattern in turn.get("never", []):
        if re.search(pattern, found["text"]):
            yield f"text says {pattern}"
    if "also" in turn and [part["intent"] for part in found.get("also", [])] != turn["also"]:
        yield f"also {[part['intent'] for part in found.get('also', [])]}"
    if "pick" in turn and products != listed[turn["pick"] - 1 : turn["pick"]]:
        yield f"shows {products}, entry {turn['pick']} of the list is {listed[turn['pick'] - 1 : turn['pick']]}"


def filter_differences(expected: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    implied = {"certified"} if {"schemes", "stars", "min_stars"} & set(expected) else set()
    for name in sorted(set(expected) | (set(found) - FREE_FILTERS - implied)):
        if found.get(name) != expected.get(name):
            yield f"filter {name} is {found.get(name)}, expected {expected.get(name)}"


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=name) for name, case in lines() if not name.startswith("failing:")]
)
def test_a_case(case: dict[str, Any]) -> None:
    assert not ask(case)


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in lines("failing.jsonl")])
def test_a_known_failure_still_fails(case: dict[str, Any]) -> None:
    assert ask(case), "mended: move this line to its file"
