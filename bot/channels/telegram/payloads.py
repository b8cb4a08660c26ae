"""What a button carries: `callback_data` of at most 64 bytes that nobody else can make or use.

    1 | signature, 11 characters | issue, 4 characters | what it does, at most 48 bytes

The signature covers the bot, the chat, the person, the issue and what the button does. An issue numbers one keyboard of one
chat; it grows, and tells the minute in which the keyboard was made. What does not fit is kept with the view of the message
and named by its place there (`#3`).
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handlers.turn import Action

LIMIT = 64  # bytes, Bot API: InlineKeyboardButton.callback_data
VERSION = "1"
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # issues count from here, in minutes: enough until 2057

ANY_NOTEBOOK = -1

_SIGNED = 11  # characters of the signature: 8 bytes, base64url without padding
_ISSUED = 4
_ROOM = LIMIT - len(VERSION) - _SIGNED - _ISSUED
_BETWEEN = "~"
_KEPT = "#"
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose button it is: nobody else, in no other chat, with no other bot, in no other notebook, can press it.

    `notebook`: the number of the neighbour's notebook that was open; 0 one's own, ANY_NOTEBOOK what works in every one.
    """

    bot_id: int
    chat_id: int
    user_id: int
    notebook: int = 0


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed. `kept`: its place among what the view of the message keeps, instead of an action."""

    issue: int
    action: Action | None = None
    kept: int | None = None


class Payloads:
    """Encodes and checks buttons. `keys`: the newest signs, all are accepted."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(hmac.digest(key, b"lvxuan buttons", "sha256") for key in keys)

    def encode(self, owner: Owner, issue: int, action: Action, spare: list[Action]) -> str:
        """Return the payload of a button; an action that does not fit is appended to `spare`, which the view keeps."""
        return self.maker(owner, issue, spare)(action)

    def maker(self, owner: Owner, issue: int, spare: list[Action]) -> Callable[[Action], str]:
        """Return what makes the payloads of one keyboard; see `encode`."""
        key, issued, whose = self._keys[0], issue_text(issue), _whose(owner)

        def made(action: Action) -> str:
            body = _BETWEEN.join((action.name, *action.args))
            if len(body.encode("utf-8", "replace")) > _ROOM or not _is_plain(action, body):
                if action not in spare:
                    spare.append(action)
                body = f"{_KEPT}{spare.index(action)}"
            signed = issued + body
            return VERSION + _signature(key, whose + signed) + signed

        return made

    def decode(self, owner: Owner, data: str) -> Press | None:
        """Return what a button does, None when we did not make it for this person in this chat."""
        at = len(VERSION) + _SIGNED
        if not data.startswith(VERSION) or len(data) <= at + _ISSUED:
            return None
        given, signed = data[len(VERSION) : at].encode("utf-8", "replace"), data[at:]
        if not any(hmac.compare_digest(_sign(key, owner, signed).encode(), given) for key in self._keys):
            return None
        issue, body = issue_number(signed[:_ISSUED]), signed[_ISSUED:]
        if body.startswith(_KEPT):
            return Press(issue, kept=int(body[len(_KEPT) :]))
        name, *args = body.split(_BETWEEN)
        return Press(issue, Action(name, tuple(args)))


def _is_plain(action: Action, body: str) -> bool:
    """Tell whether an action can be written with separators (`body`) and read again as it was."""
    if body.isprintable() and " " not in body and body.count(_BETWEEN) == len(action.args):
        return not body.startswith(_KEPT)  # nearly always
    return not action.name.startswith(_KEPT) and not any(
        _BETWEEN in part or part != part.strip() or not part.isprintable() for part in (action.name, *action.args)
    )


def _sign(key: bytes, owner: Owner, signed: str) -> str:
    return _signature(key, _whose(owner) + signed)


def _whose(owner: Owner) -> str:
    notebook = f" {owner.notebook}" if owner.notebook else ""
    return f"{VERSION} {owner.bot_id} {owner.chat_id} {owner.user_id}{notebook} "


def _signature(key: bytes, said: str) -> str:
    digest = hmac.digest(key, said.encode("utf-8", "replace"), "sha256")
    return base64.urlsafe_b64encode(digest[:8]).decode().rstrip("=")


def next_issue(last: int, now: datetime) -> int:
    """Return the number of the next keyboard of a chat: the minutes since 2026, always more than the last one."""
    return max(last + 1, int((now - EPOCH) / timedelta(minutes=1)))


def issued_at(issue: int) -> datetime:
    """Return about when a keyboard was made."""
    return EPOCH + timedelta(minutes=issue)


def issue_text(issue: int) -> str:
    """Write an issue in four characters."""
    return "".join(_DIGITS[issue >> shift & 63] for shift in (18, 12, 6, 0))


def issue_number(text: str) -> int:
    """Read what `issue_text` wrote."""
    number = 0
    for char in text:
        number = number << 6 | _DIGITS.index(char)
    return number
