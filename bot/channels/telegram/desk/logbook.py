"""The log of the staff in words: what somebody did or saw."""

from __future__ import annotations

from bot.channels.telegram.desk.parts import Desk

_DONE = frozenset({
    "accept", "again", "alias", "ambassador_approved", "ambassador_refused", "ambassador_suspended", "answer", "approve", "back",
    "canned", "claim", "close", "csv", "dismiss", "draft", "edit", "faq", "give",
    "history", "invite", "judge", "later", "log", "normal", "note", "off", "on",
    "open", "points_granted", "points_upheld", "queue", "recall", "refuse", "reopen", "sample", "send",
    "snooze", "stats", "tag", "unanswer", "untaught", "urgent", "who",
})  # fmt: skip


def in_words(parts: Desk, action: str) -> str:
    """Return what was done as people say it; what no words are kept for as it was logged."""
    return parts.say(f"desk.did.{action}") if action in _DONE else action
