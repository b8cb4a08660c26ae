"""Asking a batch: a fault of ours costs one answer, and not those of the lines after it."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from bot.asking import ask_batch
from handlers.assistant import Assistant
from handlers.session import Session
from handlers.turn import Answer, Question
from tests.assistants import NOW, demonstration


class _Stumbling(Assistant):
    """An assistant that fails at one text."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def respond(self, question: Question, session: Session) -> tuple[Answer, Session]:
        if question.text == "坏":
            raise ZeroDivisionError
        return self._assistant.respond(question, session)


def test_a_fault_costs_one_answer(capsys: pytest.CaptureFixture[str]) -> None:
    parts = demonstration()
    out = io.StringIO()
    lines = [json.dumps({"id": key, "text": text}) for key, text in (("a", "马桶"), ("b", "坏"), ("c", "花洒"))]
    status = ask_batch(replace(parts, assistant=_Stumbling(parts.assistant)), lines, NOW, out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [answer["id"] for answer in answers] == ["a", "b", "c"]
    assert [answer.get("intent") for answer in answers] == ["recommend", None, "recommend"]
    assert "error" in answers[1]
    assert status == 1
    assert "ZeroDivisionError" in capsys.readouterr().err
