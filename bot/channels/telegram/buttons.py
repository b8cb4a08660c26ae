"""Buttons of the channel's own parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels.telegram.payloads import Owner, Payloads, next_issue
from bot.channels.telegram.talk import Talk
from handlers.turn import Action


def buttons(payloads: Payloads, talk: Talk, ways: Sequence[tuple[str, Action]]) -> dict[str, Any]:
    """Make a keyboard of a talk, one button below the other."""
    talk.memory.issue = issue = next_issue(talk.memory.issue, talk.now)
    return keyboard(payloads, talk.owner, issue, ways)


def keyboard(payloads: Payloads, owner: Owner, issue: int, ways: Sequence[tuple[str, Action]]) -> dict[str, Any]:
    """Make a keyboard; the actions are short enough to stand in their buttons."""
    rows = [[{"text": label, "callback_data": payloads.encode(owner, issue, action, [])}] for label, action in ways]
    return {"inline_keyboard": rows}
