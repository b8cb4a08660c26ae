"""What an answer of the Bot API means for a message: sent, again, given up, the chat stopped or moved.

The official wordings are matched in small letters, for libraries and servers differ in their capitals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.channels.telegram.transport import ApiRefusal, NotSent, Unclear
from catalog_db.journal.records import Letter

Fate = Literal["sent", "again", "failed", "unknown", "stopped", "moved", "anew", "plain", "poorer", "token"]

FLOOD = "429"  # the reason of a message that has to wait because there were too many
MOST_ERRORS = 8  # attempts while the server says that it failed
NO_CONNECTION_SECONDS = 3600.0  # so long a reply is kept for a connection that comes back
_LONGEST_WAIT = 60.0
_HARMLESS = re.compile(r"[a-z0-9 ,.'_:-]{1,100}")

_WORDS: tuple[tuple[str, Fate], ...] = (  # of status 400
    ("message is not modified", "sent"),
    ("message to edit not found", "anew"),
    ("message can't be edited", "anew"),
    ("message_id_invalid", "anew"),
    ("can't parse entities", "plain"),
    ("chat not found", "stopped"),
    ("user not found", "stopped"),
    ("peer_id_invalid", "stopped"),
    ("group chat was deactivated", "stopped"),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done. `wait`: seconds until the next attempt. `unclear`: the attempt may have arrived."""

    fate: Fate
    reason: str = ""
    wait: float = 0.0
    unclear: bool = False
    moved_to: int | None = None


def judge(letter: Letter, error: Exception, now: float) -> Verdict:
    """Tell what becomes of a message whose call ended with an error."""
    if isinstance(error, ApiRefusal):
        verdict = _judge_refusal(letter, error)
        return Verdict("poorer", verdict.reason) if letter.richly and _too_rich(error.code, verdict.fate) else verdict
    if isinstance(error, NotSent):
        if now - letter.stored_at > NO_CONNECTION_SECONDS:
            return Verdict("failed", "no connection")
        return Verdict("again", "no connection", wait=_growing(letter.attempts))
    if isinstance(error, Unclear) and letter.critical and letter.repeats == 0:
        return Verdict("again", "unclear", wait=1.0, unclear=True)
    return Verdict("unknown", "unclear" if isinstance(error, Unclear) else type(error).__name__)


def _judge_refusal(letter: Letter, refusal: ApiRefusal) -> Verdict:
    code = refusal.code
    reason = f"{code} {refusal.description}" if _HARMLESS.fullmatch(refusal.description) else str(code)
    if code == 429:
        return Verdict("again", FLOOD, wait=refusal.retry_after or 1.0)
    if code == 401 or (code == 404 and "method not found" not in refusal.description):
        return Verdict("token", str(code))
    if letter.attempts >= MOST_ERRORS:
        return Verdict("failed", reason)
    if refusal.moved_to is not None:
        return Verdict("moved", reason, moved_to=refusal.moved_to)
    if code >= 500:
        return Verdict("again", str(code), wait=_growing(letter.attempts))
    return Verdict(_lasting(code, refusal.description), reason)


def _too_rich(code: int, fate: Fate) -> bool:
    """Tell whether a refusal may be of how a message was said, not of what is said or to whom."""
    return code == 501 or (code in (400, 404) and fate in ("failed", "plain"))


def _lasting(code: int, description: str) -> Fate:
    """Tell what a refusal means that would be the same another time."""
    if code == 403:
        return "stopped"
    if code != 400:
        return "failed"
    return next((fate for words, fate in _WORDS if words in description), "failed")


def _growing(attempts: int) -> float:
    """Wait 0.5, 1, 2 … seconds."""
    return min(_LONGEST_WAIT, 0.25 * 2.0 ** min(attempts, 10))
