"""What the Bot API server at hand can do beyond plain messages, found out by trying: whatever it refuses is said plainly at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.channels.telegram.transport import ApiRefusal
from catalog_db.journal.records import Letter

DRAFT = "sendMessageDraft"  # what shows that an answer is being made, where that takes long; the answer takes its place
DRAFT_AFTER_SECONDS = 1.0  # whatever comes sooner needs none
RICH = "rich_message"  # our own name among the parameters: the same page with tables, see `tabled`
_PLAINLY = ("text", "parse_mode", "link_preview_options", RICH)
_DOUBT_SECONDS = 3600.0  # so long nothing rich is tried when one was refused that the server knows how to read
UNKNOWN = (404, 501)  # the server has no such method


@dataclass(slots=True)
class Abilities:
    """See the module. Each is believed until the server says otherwise."""

    drafts: bool = True
    _rich_from: float = 0.0

    def rich(self, now: float) -> bool:
        """Tell whether rich messages are to be tried."""
        return now >= self._rich_from

    def call(self, letter: Letter, method: str, params: dict[str, Any], now: float) -> tuple[str, dict[str, Any]]:
        """Return the call that says a message: with its tables where that can be, plainly otherwise."""
        if RICH not in params:
            return method, params
        if not self.rich(now):
            return method, {name: value for name, value in params.items() if name != RICH}
        letter.richly = True
        rich = {name: value for name, value in params.items() if name not in _PLAINLY} | {RICH: params[RICH]}
        return ("sendRichMessage" if method == "sendMessage" else method), rich

    def refused(self, letter: Letter, refusal: ApiRefusal, now: float) -> None:
        """Note that a message was refused as it was: it goes plainly, and so does what comes after it."""
        letter.params.pop(RICH, None)
        letter.richly = False
        self._rich_from = float("inf") if refusal.code in UNKNOWN else now + _DOUBT_SECONDS
