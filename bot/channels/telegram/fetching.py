"""Files that people send: fetched and read beside everything else; what was read comes back as an update of their chat.

A handler waits for nothing, so it asks: it sends `fetch(…)` among its messages. The sender marks it as it marks every message,
`Fetcher` gets the file and lets a reader look at it in a thread, outside of any transaction, and stores what was read as an
update of the chat's own conversation, sealed like all others and under a number made of the request's, so that a request that is
carried out twice (a process was killed) is answered once. The file itself is kept nowhere.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from bot.channels.telegram.outgoing import Json, Outgoing
from bot.channels.telegram.timing import Clock, done
from bot.channels.telegram.transport import ApiRefusal, BotApi
from bot.channels.telegram.updates import File
from catalog_db.journal.records import Arrival, Letter
from catalog_db.journal.store import Journal

MOST_BYTES = 20 * 1024 * 1024  # Bot API: getFile
FETCH = "fetch"
_MOST_NUMBER = 1 << 38
_LASTING = 400  # a refusal with this code is the same another time

Reader = Callable[[bytes, Mapping[str, Any]], Any]


class Unreadable(Exception):  # noqa: N818 - said of what was sent
    """A reader cannot make anything of a file."""


def _codes(content: bytes, params: Mapping[str, Any]) -> list[str]:
    from bot.channels.telegram.codes import NoPicture, read_codes  # loaded with the first picture

    try:
        return read_codes(content)
    except NoPicture:
        raise Unreadable from None


READERS: Mapping[str, Reader] = {"codes": _codes}


def fetch(
    file: File, reader: str, chat_id: int, message_id: int, most: int = MOST_BYTES, *, draft: str = "", **asked: Any
) -> Outgoing:
    """Ask for a file to be read. `reader`: a name the service knows. `asked`: JSON values that come back with what was read.

    `draft`: what is shown in a private chat while it takes longer than a moment.
    """
    params = {
        "file_id": file.file_id, "size": file.size, "name": file.name, "reader": reader, "most": most,
        "message_id": message_id, "asked": asked, "draft": draft if chat_id > 0 else "",
    }  # fmt: skip
    return Outgoing(FETCH, params, chat_id, "fetch")


@dataclass(slots=True)
class Fetcher:
    """Carries out what `fetch` asked for. `arrived` is called when an update is stored."""

    api: BotApi
    journal: Journal
    clock: Clock
    readers: Mapping[str, Reader]
    arrived: Callable[[], None] = lambda: None
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "files"))

    async def carry_out(self, letter: Letter) -> None:
        """Get a file, read it, store what was read. Raises ApiRefusal, NotSent, Unclear, JournalError: to be tried again."""
        state, found = await self._read(letter.params)
        await done(self.journal.store([_arrival(letter, state, found)], self.clock.now()))
        self.arrived()

    async def _read(self, params: Json) -> tuple[str, Any]:
        most = int(params["most"])
        if (params.get("size") or 0) > most:
            return "too_big", None
        try:
            told = await self.api.call("getFile", {"file_id": params["file_id"]})
            content = await self.api.download(str(told.get("file_path", "")), most)
        except ApiRefusal as refusal:
            if refusal.code != _LASTING:
                raise
            return ("too_big" if "too big" in refusal.description else "gone"), None
        if content is None:
            return "too_big", None
        loop = asyncio.get_running_loop()
        try:
            return "read", await loop.run_in_executor(self._pool, self.readers[params["reader"]], content, params)
        except Unreadable:
            return "unreadable", None

    def close(self) -> None:
        """End the thread."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _arrival(letter: Letter, state: str, found: Any) -> Arrival:
    """Make the update; its number is none that Telegram uses, and the same when the request is carried out again."""
    name = hashlib.blake2b(f"{letter.id} {letter.stored_at!r}".encode(), digest_size=8).digest()
    number = -1 - int.from_bytes(name, "big") % _MOST_NUMBER
    params = letter.params
    told = {
        "chat": letter.chat_id, "message_id": params["message_id"], "reader": params["reader"], "state": state,
        "found": found, "asked": params["asked"],
    }  # fmt: skip
    return Arrival(number, "fetched", {"update_id": number, "fetched": told}, str(letter.chat_id), letter.chat_id)
