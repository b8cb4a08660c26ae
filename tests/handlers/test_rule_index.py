"""The index of the rules leaves none out that holds: whatever is asked, the first rule that holds decides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from handlers.rules import intents
from handlers.rules.index import RuleIndex
from handlers.rules.intents import RULES, decide
from handlers.session import Session
from handlers.turn import Question
from tests.assistants import NOW, demonstration

if TYPE_CHECKING:
    from handlers.rules.evidence import Evidence

OPENINGS = Path(__file__).resolve().parents[1] / "cases" / "openings.txt"
FURTHER = ("第二个", "便宜点", "有证吗", "三百以内", "山东的", "20平要几桶", "还有吗", "谢谢")


def plainly(evidence: Evidence) -> tuple[str, str]:
    """Try every rule in order."""
    found = ((intent, name) for name, intent, holds in RULES if holds(evidence))
    return next(found, ("out_of_scope", "no word of ours"))


def test_the_first_rule_that_holds_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def both(evidence: Evidence) -> tuple[str, str]:
        found = decide(evidence)
        seen.append((evidence.reading.text, found, plainly(evidence)))
        return found

    monkeypatch.setattr(intents, "decide", both)
    assistant = demonstration().assistant
    for number, text in enumerate(OPENINGS.read_text(encoding="utf-8").splitlines()):
        session = Session()
        for said in (text, FURTHER[number % len(FURTHER)], FURTHER[(number + 3) % len(FURTHER)]):
            _, session = assistant.respond(Question(said, NOW), session)
    assert len(seen) > 200
    assert [one for one in seen if one[1] != one[2]] == []


@pytest.mark.parametrize(
    "holds",
    [
        lambda e: not e.skus,
        lambda e: len(e.reading.text) < 3,
        lambda e: e.faq > 0.5,
        lambda e: e.session.intent != "plan",
        lambda e: e.session.intent == "",
        lambda e: bool(e.composed),
        lambda e: e.surely_stored,
        lambda e: not e.cue("ask.price"),
        lambda e: "ask.price" in e.reading.cues.names,
    ],
)
def test_a_rule_that_looks_further_or_holds_of_nothing_is_always_tried(holds: Any) -> None:
    this = ("this", "faq", holds)
    assert RuleIndex([("never", "faq", lambda e: False), this]).possible(nothing()) == (this,)


def nothing() -> Evidence:
    """Return the evidence of an utterance that says nothing."""
    seen: list[Evidence] = []

    def noted(evidence: Evidence) -> tuple[str, str]:
        seen.append(evidence)
        return decide(evidence)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intents, "decide", noted)
        demonstration().assistant.respond(Question("…", NOW), Session())
    return seen[0]
