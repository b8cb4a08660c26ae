"""A village on the strict Bot API server, played from a script: ambassador, neighbours, staff, days that pass.

A line of a script is one of:
    秀英: 帮张大爷看看马桶          says something to the bot in private
    秀英 [我要]                    presses the newest button that begins so, in private or in the staff's group
    小陈 @秀英: 到村口              somebody of the staff writes in the topic of a person
    + 25h                         time passes (h, m, s); nobody waits
    * settle                      points that have waited long enough count, as the chore does every few minutes
    * brief                       the morning brief, as the chore does
    * points 秀英                  the ledger of a person, written down
{code 秀英}: the code of the list that the person used last; {link 秀英}: the payload of the link the bot told the person last.
What everybody is shown is written below the line that led to it.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from bot.ambassador_command import _send
from bot.botapi_server.clock import Clock
from bot.botapi_server.driving import Conversation
from bot.botapi_server.state import Chat, Event, Message
from bot.botapi_server.transcript import event_lines
from bot.channels.telegram.ambassadors.attribution import Attribution
from bot.channels.telegram.ambassadors.brief import Brief
from bot.channels.telegram.ambassadors.equipment import Equipment
from bot.channels.telegram.application import links_of, payloads_of
from bot.channels.telegram.arrivals import BotIdentity
from bot.channels.telegram.keys import load_keys
from bot.languages import Wordings
from catalog_db.journal import lists, points
from catalog_db.journal.books import Books
from catalog_db.journal.point_rules import Rules
from tests.assistants import demonstration
from tests.bot.telegram.channel import changed
from tests.bot.telegram.private_chat import buttons_of
from tests.bot.telegram.staff_desk import Office

PAUSE = 10.0
_STEP = re.compile(r"(?P<who>[^\s:\[@]+)(?: @(?P<topic>[^\s:]+))?(?:: (?P<said>.+)| \[(?P<press>[^\]]+)\])")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0}


class StillClock(Clock):
    """Time passes when the script says so, and hardly otherwise: minutes that are told are always the same."""

    def __init__(self, began: float) -> None:
        super().__init__()
        self._began = began

    def now(self) -> float:
        return self._began + self.skew


@dataclass
class Village:
    """A script being played."""

    desk: Office
    lines: list[str] = field(default_factory=list)
    _people: dict[str, Conversation] = field(default_factory=dict)
    _seen: dict[int, int] = field(default_factory=dict)

    async def play(self, script: list[str]) -> str:
        """Play it; return the transcript."""
        for line in script:
            self.lines.append(f"» {line}")
            try:
                await self._step(line)
            except AssertionError:
                self._note()
                print("\n".join(self.lines[-60:]))
                raise
            await self.desk.settled(within=120.0)
            self._note()
        return "\n".join(self.lines) + "\n"

    async def _step(self, line: str) -> None:
        if line.startswith("+ "):
            amount, unit = float(line[2:-1]), line[-1]
            self.desk.pass_time(amount * _UNITS[unit])
            return
        if line.startswith("* "):
            name, *rest = line[2:].split()
            await _DONE[name](self, *rest)
            return
        step = _STEP.fullmatch(line)
        assert step is not None, f"no step: {line}"
        self.desk.pass_time(PAUSE)
        if step["press"]:
            await self._press(step["who"], step["press"])
        elif step["topic"]:
            await self.desk.at(step["who"], self.desk.topic_of(step["topic"])).send_text(step["said"])
        else:
            await self._say(self.person(step["who"]), await self._filled(step["said"]))

    def person(self, name: str) -> Conversation:
        if name not in self._people:
            self._people[name] = self.desk.server.private(self.desk.server.user(name, language="zh-hans"))
        return self._people[name]

    async def _say(self, talk: Conversation, text: str) -> None:
        before = sum(self._counts())
        await talk.send_text(text)
        for turn in range(800):
            if sum(self._counts()) > before + 1:
                return
            await changed(self.desk.server, 0.02)
            if turn > 100:
                self.desk.pass_time(0.2)  # what cannot stand alone waits for its other half
        raise AssertionError(f"no answer to {text}: {talk.text()[-600:]}")

    def _counts(self) -> Iterator[int]:
        return (len(chat.events) for chat in self.desk.server.bot.chats.values())

    async def _press(self, who: str, label: str) -> None:
        if who in self.desk.staff:
            talk = self.desk.at(who)
            shown = self.desk.room.chat.visible()
        else:
            talk = self.person(who)
            shown = talk.bot_messages()
        for message in reversed(shown):
            for button in buttons_of(message):
                if button["text"].startswith(label) and "callback_data" in button:
                    talk.chat.note("press", message, who=who, text=button["text"])
                    await talk.wait_for_answer(await talk.press_data(message, button["callback_data"]))
                    return
        raise AssertionError(f"{who} sees no [{label}]")

    async def _filled(self, text: str) -> str:
        for what, who in re.findall(r"\{(code|link) ([^}]+)\}", text):
            found = await self._code(who) if what == "code" else self._link(who)
            text = text.replace(f"{{{what} {who}}}", found)
        return text

    async def _code(self, who: str) -> str:
        chat_id = self.person(who).chat.chat_id
        return await self.write(lambda books: lists.of_person(books, chat_id)[0].code)

    def _link(self, who: str) -> str:
        said = "\n".join(message.text for message in self.person(who).bot_messages())
        return re.findall(r"start=([A-Za-z0-9_-]+)", said)[-1]

    async def write(self, operation: Callable[[Books], Any]) -> Any:
        now = self.desk.server.hub.clock.now()
        return await asyncio.wrap_future(self.desk.service.journal.write(operation, now))

    # ---- what is done by itself

    def equipment(self) -> Equipment:
        keys, parts = load_keys(self.desk.folder / "key"), demonstration()
        me = BotIdentity(self.desk.server.bot.me.user_id, "lvxuan_bot")
        return Equipment(payloads_of(keys), links_of(keys, me.bot_id), Wordings(parts.wording), parts.catalogue, me)

    async def settle(self) -> None:
        [chore] = Attribution(self.equipment()).chores()
        await self.write(lambda books: _send(books, chore(books)))

    async def brief(self) -> None:
        [chore] = Brief(self.equipment()).chores()
        await self.write(lambda books: _send(books, chore(books)))

    async def points(self, who: str) -> None:
        chat_id, say = self.person(who).chat.chat_id, demonstration().wording.say

        def told(books: Books) -> list[str]:
            key = books.key(chat_id)
            found = points.lines(books, key)
            assert points.faults(points.lines(books), Rules()) == []
            assert points.balance(books, key) == sum(line.delta for line in found)
            written = [f"  {one.state} {one.kind} {one.delta:+d} {say(one.reason)}" for one in reversed(found)]
            return [*written, f"  = {points.balance(books, key)}"]

        self.lines += await self.write(told)

    # ---- what was shown

    def _note(self) -> None:
        for chat in sorted(self.desk.server.bot.chats.values(), key=lambda chat: chat.chat_id, reverse=True):
            fresh = chat.events[self._seen.get(chat.chat_id, 0) :]
            self._seen[chat.chat_id] = len(chat.events)
            for event in fresh:
                self.lines += self._written(chat, event)

    def _written(self, chat: Chat, event: Event) -> list[str]:
        mine = event.body.get("from", {}).get("is_bot", False)
        if event.kind == "press" or (event.kind in ("message", "edit") and not mine):
            return []  # the script says it
        if "forum_topic_edited" in event.body:
            return []  # titles are written when nothing else waits
        to = chat.title or (chat.user.first_name if chat.user else "")
        lines = event_lines(event)
        if self._picture(event.message):
            lines.append(f"  {self._picture(event.message)}")
        return [f"{to} ← {lines[0]}", *lines[1:]]

    def _picture(self, message: Message | None) -> str:
        if message is None or not message.body.get("photo"):
            return ""
        found = message.body["photo"][-1]["file_id"]
        image = Image.open(io.BytesIO(self.desk.server.bot.files[found].content))
        return f"{image.width} x {image.height}"


_DONE: dict[str, Callable[..., Any]] = {"settle": Village.settle, "brief": Village.brief, "points": Village.points}


def script_of(file: Path) -> list[str]:
    """Return the steps of a script."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
