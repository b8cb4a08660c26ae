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
from tests.batches import batches

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
    for key, expected in turn.items():
        compare = COMPARISONS.get(key)
        if compare is not None:
            yield from compare(expected, found, listed)


def intent(expected: str, found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    if found["intent"] not in expected.split():
        yield f"intent {found['intent']}, expected {expected}"


def categories(expected: list[str], found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    if set(found["categories"]) != set(expected):
        yield f"categories {found['categories']}, expected {expected}"


def filters(expected: dict[str, Any], found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    yield from filter_differences(expected, found["filters"])


def least(expected: int, found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    if len(found["products"]) < expected:
        yield f"{len(found['products'])} products shown"


def most(expected: int, found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    if len(found["products"]) > expected:
        yield f"{len(found['products'])} products shown"


def none(expected: bool, found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    yield from most(0, found, listed) if expected else ()


def ids(expected: dict[str, list[str]], found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    for field, wanted in expected.items():
        if not set(wanted) & set(found.get(field, [])):
            yield f"{field} {found.get(field, [])} lack {wanted}"


def unknown(expected: list[str], found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    if found.get("unknown", []) != expected:
        yield f"unknown {found.get('unknown', [])}"


def numbers(expected: list[float], found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    amounts = [float(entry["amount"]) for entry in (*found.get("quantities", ()), *found.get("savings", ()))]
    if amounts[: len(expected)] != [float(number) for number in expected]:
        yield f"numbers {amounts}, expected {expected}"


def verdict(expected: list[str], found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    if {entry["status"] for entry in found.get("verdicts", [])} != set(expected):
        yield f"verdicts {found.get('verdicts')}"


def says(expected: list[str], found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    yield from (f"text lacks {p}: {found['text'][:120]}" for p in expected if not re.search(p, found["text"]))


def never(expected: list[str], found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    yield from (f"text says {pattern}" for pattern in expected if re.search(pattern, found["text"]))


def also(expected: list[str], found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    if [part["intent"] for part in found.get("also", [])] != expected:
        yield f"also {[part['intent'] for part in found.get('also', [])]}"


def pick(expected: int, found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    if found["products"] != listed[expected - 1 : expected]:
        yield f"shows {found['products']}, entry {expected} of the list is {listed[expected - 1 : expected]}"


def choices(expected: list[str], found: dict[str, Any], listed: list[str]) -> Iterator[str]:
    if missing := [label for label in expected if label not in found.get("choices", ())]:
        yield f"choices {found.get('choices')} lack {missing}"


COMPARISONS = {
    "intent": intent,
    "categories": categories,
    "filters": filters,
    "min": least,
    "max": most,
    "none": none,
    "ids": ids,
    "unknown": unknown,
    "numbers": numbers,
    "verdict": verdict,
    "says": says,
    "never": never,
    "also": also,
    "pick": pick,
    "choices": choices,
}


def filter_differences(expected: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    implied = {"certified"} if {"schemes", "stars", "min_stars"} & set(expected) else set()
    for name in sorted(set(expected) | (set(found) - FREE_FILTERS - implied)):
        if found.get(name) != expected.get(name):
            yield f"filter {name} is {found.get(name)}, expected {expected.get(name)}"


def of_each_file() -> Iterator[Any]:
    """Yield the cases of each file in batches: (name and line, case)."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        if path.stem != "failing":
            yield from batches(lines(path.name), about=f"{path.stem}:")


@pytest.mark.parametrize("cases", list(of_each_file()))
def test_cases(cases: list[tuple[str, dict[str, Any]]]) -> None:
    wrong = [f"{name} {difference}" for name, case in cases for difference in ask(case)]
    assert wrong == []


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in lines("failing.jsonl")])
def test_a_known_failure_still_fails(case: dict[str, Any]) -> None:
    assert ask(case), "mended: move this line to its file"


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in list(lines("followups.jsonl"))[::4]])
def test_a_conversation_goes_on_from_what_was_written_down(case: dict[str, Any]) -> None:
    """A restart between any two messages changes nothing: the session is all that a talk goes on from."""
    parts, kept, read_back = demonstration(), Session(), Session()
    for turn in case.get("turns", [case]):
        question = Question(turn["text"], NOW, case.get("adcode"))
        answer, kept = parts.assistant.respond(question, kept)
        again, read_back = parts.assistant.respond(question, read_back)
        assert answer_json(0, again, parts.wording, 0) == answer_json(0, answer, parts.wording, 0)
        read_back = Session.from_json(json.loads(json.dumps(read_back.to_json())))
