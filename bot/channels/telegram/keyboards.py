"""The buttons under an answer: entries of its list, what it offers, numbers to copy, the way out and the way back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.exchange import few, first_of_each, offers, openers
from bot.channels.telegram.deep_links import DeepLinks
from bot.channels.telegram.payloads import Owner, Payloads
from bot.channels.telegram.rich import line
from bot.elders import ENTRIES
from bot.plain import utf16_length, width
from bot.wording import Wording
from handlers.turn import Action, Answer, Card, Entry, Listing

BACK = "back"  # our own action: show what stood here before
LABEL = 60  # characters of a label; more is not shown anywhere
COPY = 256  # characters, Bot API: CopyTextButton

_PER_ROW = 5  # short labels of entries
_PAIR = 16  # columns of a label that fits half of a phone
_MOST_COPIED = 3
_ABOUT_ONE = frozenset({"detail", "verify"})  # elsewhere nobody would know whose number it is
# Addresses that Telegram accepts behind a button; a refused one would take the whole message with it.
_URL = re.compile(r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(:\d{1,5})?(/[!-~]*)?")

Button = dict[str, Any]
Rows = list[list[Button]]
Offered = Sequence[tuple[str, Action]]
Under = Callable[[Wording, Answer], Sequence[tuple[str, Action]]]


@dataclass(slots=True)
class Keyboard:
    """Buttons in rows, as the Bot API takes them. `spare`, `labels`: see `memory.Shown`."""

    rows: Rows = field(default_factory=list)
    spare: list[Action] = field(default_factory=list)
    labels: dict[str, Action] = field(default_factory=dict)

    @property
    def markup(self) -> dict[str, Any] | None:
        """Return the reply_markup, None without buttons."""
        return {"inline_keyboard": self.rows} if self.rows else None


def nothing_under(wording: Wording, answer: Answer) -> Sequence[tuple[str, Action]]:
    """Offer nothing."""
    return ()


class Keyboards:
    """Makes keyboards. `username` of the bot, for links to things; without one there are none.

    `under`: what parts of the channel offer under an answer, label and action.
    """

    def __init__(
        self, payloads: Payloads, links: DeepLinks, username: str | None, under: Under = nothing_under
    ) -> None:
        self._payloads = payloads
        self._links = links
        self._username = username
        self._under = under

    def of(
        self, answer: Answer, owner: Owner, issue: int, wording: Wording, *, back: bool, offered: Offered | None = None
    ) -> Keyboard:
        """Make the keyboard of an answer. `back`: something else stood in its place that can be shown again.

        `offered`: the labels of its choices and what they do, where they are worded already.
        """
        if offered is None:
            offered = [(offer.label, offer.action) for offer in offers(answer, wording)]
        else:
            offered = first_of_each(offered)
        keyboard, press = self._begun(owner, issue)
        for label, action in openers(answer, wording):
            keyboard.labels[label] = action
        keyboard.rows += _rows([press(*item) for item in keyboard.labels.items()], _PER_ROW)
        keyboard.rows += _packed([press(*item) for item in offered])
        below = self._under(wording, answer) if owner.chat_id == owner.user_id else ()  # a group keeps nothing
        own = {label: action for label, action in below if label not in keyboard.labels}
        keyboard.labels |= own
        keyboard.rows += _packed([press(*item) for item in own.items()])
        keyboard.rows += _packed(list(_copies(answer, wording)))
        last = list(self._outside(answer, wording))
        if back:
            label = wording.say("telegram.back")
            keyboard.labels[label] = Action(BACK)
            last.append(press(label, Action(BACK)))
        keyboard.rows += _packed(last)
        return keyboard

    def few(self, answer: Answer, owner: Owner, issue: int, wording: Wording, *, more: bool) -> Keyboard:
        """Make the keyboard of 长辈模式: at most three buttons, one below the other. `more`: the answer goes on."""
        keyboard, press = self._begun(owner, issue)
        ways = few(answer, wording, more=more)
        for label, action in ways:
            keyboard.rows.append([press(label, action)])
        offered = {(offer.label, offer.action) for offer in offers(answer, wording)}
        entries = list(openers(answer, wording))[:ENTRIES]
        keyboard.labels = {label: action for label, action in (*entries, *ways) if (label, action) not in offered}
        return keyboard

    def _begun(self, owner: Owner, issue: int) -> tuple[Keyboard, Callable[[str, Action], Button]]:
        """Return an empty keyboard and what makes a button of it."""
        keyboard = Keyboard()
        payload = self._payloads.maker(owner, issue, keyboard.spare)

        def press(label: str, action: Action) -> Button:
            return {"text": shortened(label), "callback_data": payload(action)}

        return keyboard, press

    def _outside(self, answer: Answer, wording: Wording) -> Iterator[Button]:
        """Yield the way to the shop, and the link to pass on."""
        for block in answer.blocks:
            if isinstance(block, Card):
                if block.url and _URL.fullmatch(block.url):
                    yield {"text": wording.say("telegram.shop"), "url": block.url}
                kind, name = block.ref or ("", "")
                payload = self._links.encode(Action("show_product", (name,))) if kind == "product" else None
                if payload and self._username:
                    yield from _copy(wording.say("telegram.link"), f"https://t.me/{self._username}?start={payload}")


def _copies(answer: Answer, wording: Wording) -> Iterator[Button]:
    """Yield buttons that copy certificate numbers and addresses of shops."""
    numbers = answer.certificates[:_MOST_COPIED] if answer.intent in _ABOUT_ONE else ()
    key = "telegram.copy.number" if len(numbers) == 1 else "telegram.copy.numbers"
    for number in numbers:
        yield from _copy(wording.say(key, number=number), number)
    for entry in _entries_of(answer):
        for said in entry.lines:
            if said.key == "stores.address" and entry.number is not None:
                label = wording.say("telegram.copy.address", number=entry.number)
                yield from _copy(label, str(said.values["address"]))


def shortened(label: str) -> str:
    """Cut a label that is too long to be shown; an empty one would be refused."""
    said = line(label) or "·"
    return said if len(said) <= LABEL else said[: LABEL - 1] + "…"


def _copy(label: str, text: str) -> Iterator[Button]:
    said = line(text)
    if 0 < utf16_length(said) <= COPY:
        yield {"text": shortened(label), "copy_text": {"text": said}}


def _entries_of(answer: Answer) -> Iterator[Entry]:
    """Yield the entries of the lists of the answer itself: numbers of further answers would come twice."""
    for block in answer.blocks:
        if isinstance(block, Listing):
            yield from block.entries


def _rows(buttons: Sequence[Button], size: int) -> Rows:
    return [list(buttons[at : at + size]) for at in range(0, len(buttons), size)]


def _packed(buttons: Sequence[Button]) -> Rows:
    """Put two short labels beside each other; a long one stands alone."""
    rows: Rows = []
    for button in buttons:
        short = width(button["text"]) <= _PAIR
        if rows and short and len(rows[-1]) == 1 and width(rows[-1][0]["text"]) <= _PAIR:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows
