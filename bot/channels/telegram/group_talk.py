"""One update of a group in the making: one short message in reply to whom it answers, the rest in the private chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.telegram.keyboards import Keyboard, Rows
from bot.channels.telegram.memory import Asked, Shown
from bot.channels.telegram.outgoing import Handled, Outgoing
from bot.channels.telegram.payloads import issue_text
from bot.channels.telegram.render import pages
from bot.channels.telegram.requests import message
from bot.channels.telegram.rich import Rich, Run, cut, join, plain, rich, units
from bot.channels.telegram.talk import Reply, Talk
from bot.elders import messages_of
from handlers.turn import Say, say

MOST = 600  # UTF-16 units of a message in a group: others want to talk there too
ROWS = 2  # of buttons that call back; one more leads into the private chat
IDEAS = 3  # of an answer in 长辈模式: a group gets one message all the same
_LEAST = 150  # a shorter beginning is not worth the clean cut

# Answers with nothing more to see elsewhere.
_COMPLETE = frozenset({"smalltalk", "clarify", "out_of_scope"})


@dataclass(slots=True)
class GroupTalk(Talk):
    """See the module. `prefix`: names of messages, so that those of two persons never meet. `link`: of an issue, into the private chat."""

    reply_to: int | None = None
    thread_id: int | None = None
    prefix: str = ""
    anonymous: bool = False
    link: Callable[[int], str | None] = lambda issue: None

    def say(self, key: str, markup: Mapping[str, Any] | None = None, **values: Any) -> None:
        """Send a sentence of our own; a keyboard that everybody would get is left out."""
        own = markup if markup and "inline_keyboard" in markup else None
        self._send(rich(self.wording.say(key, **values)), own, None)

    def typing(self) -> None:
        """Show nothing: in a group it would count as a message."""

    def _make(self, reply: Reply, back: Sequence[Asked]) -> tuple[Shown, Keyboard, list[Rich]]:
        if reply.answer.intent == "handoff":
            reply = reply.saying(reply.answer.with_(blocks=(Say(say("group.handoff")),), choices=()))
        shown, keyboard, written = self._laid_out(reply, (), self._few_ideas(reply))
        page, whole = self._shortened(reply, written)
        rows = [] if self.anonymous else _few(keyboard.rows)
        more = self.link(shown.issue)
        if more and (not whole or reply.answer.intent not in _COMPLETE):
            rows = [*rows, [{"text": self.wording.say("group.more"), "url": more}]]
        keyboard.rows = rows
        shown.names = [f"{self.prefix}.{issue_text(shown.issue)}"]
        return shown, keyboard, [page]

    def page(self, reply: Reply) -> Rich:
        """Write an answer as one message."""
        ideas = self._few_ideas(reply)
        written = [rich("\n".join(idea)) for idea in ideas[0]] if ideas else pages(reply.answer, self.wording)
        return self._shortened(reply, written)[0]

    def _few_ideas(self, reply: Reply) -> tuple[list[list[str]], list[list[str]]] | None:
        """Return the first ideas of an answer for 长辈模式, and no rest: that is for the private chat."""
        if not reply.after.simple:
            return None
        ideas = [list(idea) for idea in messages_of(reply.answer, self._wording(reply.after))]
        return ideas[: IDEAS + 1] or [[self.wording.say("telegram.nothing")]], []

    def _shortened(self, reply: Reply, written: Sequence[Rich]) -> tuple[Rich, bool]:
        if not reply.after.simple:
            return shortened(written)
        page, whole = shortened([join(written[:IDEAS], "\n\n")])
        return page, whole and len(written) <= IDEAS

    def _send(self, page: Rich, markup: Mapping[str, Any] | None, name: str | None) -> None:
        params = message(page, markup)
        if self.reply_to is not None:
            params["reply_parameters"] = {"message_id": self.reply_to, "allow_sending_without_reply": True}
        if self.thread_id is not None:
            params["message_thread_id"] = self.thread_id
        self.outgoing.append(Outgoing("sendMessage", params, self.owner.chat_id, remember_as=name))

    def handled(self, outcome: str) -> Handled:
        """Return what is to be committed: what a person wants forgotten is theirs alone, the group's stays."""
        if self.anonymous:
            return Handled(outgoing=tuple(self.outgoing), outcome=outcome)
        if self.forget:
            return Handled(session_json={}, keep={}, outgoing=tuple(self.outgoing), outcome=outcome)
        return Talk.handled(self, outcome)


def shortened(written: Sequence[Rich]) -> tuple[Rich, bool]:
    """Return the beginning of an answer that fits a group, cut between entries, and whether that is all of it."""
    first = written[0]
    if len(written) == 1 and units(first) <= MOST:
        return first, True
    room = MOST - 1
    if units(first) > room:
        at = plain(first).rfind("\n\n", 0, room)
        head, _ = cut(first, at if at >= _LEAST else room)
    else:
        head = first
    return (*head, Run("\n…" if units(head) + 2 <= MOST else "…")), False


def _few(rows: Rows) -> Rows:
    """Keep the first rows of buttons that answer here."""
    calling = [[button for button in row if "callback_data" in button] for row in rows]
    return [row for row in calling if row][:ROWS]
