"""A process beside ours that works out answers: Python computes one thing at a time, and an answer takes as long as everything
that is done around it, twice.

It is forked before there are threads, knows handler and keys and no journal: an update and the state of its conversation go in,
what they lead to comes back, sealed. What is decided in the transaction, or looks into the books, it hands back to be answered
here; so is all else once it has ended. It ends with us: when its end of the line is closed.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from typing import Any, BinaryIO

import structlog

from bot.channels.telegram import logs
from bot.channels.telegram.answering import Answering, Worked
from bot.channels.telegram.arrivals import BotIdentity
from bot.channels.telegram.garbage import leave_alone_what_stays
from bot.channels.telegram.keys import KeyRing, Keys
from bot.channels.telegram.outgoing import Handler
from bot.channels.telegram.rehearsal import Rehearsal
from bot.settings import Secret
from catalog_db.journal.books import Books
from catalog_db.journal.incoming import Handling
from catalog_db.journal.records import Claim, Result
from catalog_db.journal.sealing import Envelopes

MakeHandler = Callable[[BotIdentity, Keys], Handler]
Make = Callable[[], AbstractContextManager[MakeHandler]]
Rehearsing = tuple[MakeHandler, Sequence[str]]  # who answers, and what is asked

_PATIENCE_SECONDS = 0.5  # what is asked while one answer takes longer than this is answered here
_END_SECONDS = 1.0  # so long it may take to end
_LENGTH = struct.Struct("!I")

log = structlog.get_logger("telegram.beside")


@dataclass(frozen=True, slots=True)
class Opening:
    """What the process must know before it can answer."""

    me: BotIdentity
    keys: Keys
    zone: tzinfo
    token: Secret


class _Here(BaseException):  # no Exception: no handler may take it for a failure of its own
    """Only who has the journal can answer this."""


def fork_beside(make: Make, rehearsing: Rehearsing | None = None) -> Beside | None:
    """Fork the process that answers; None where that is of no use: on one core, or on another system than Linux.

    To be called before there are threads or open connections. `make` is called in that process, and left when it ends.
    `rehearsing`: what it answers before it takes work.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return None
    return Beside(make, rehearsing)


class Beside:
    """Our end of the line."""

    def __init__(self, make: Make, rehearsing: Rehearsing | None = None) -> None:
        self._socket, theirs = socket.socketpair()
        leave_alone_what_stays()  # so that it goes on being shared
        self.process = os.fork()
        if self.process == 0:
            self._socket.close()
            _run(theirs, make, rehearsing)
        theirs.close()
        self._line: _Line | None = None

    async def open(self, opening: Opening) -> None:
        """Tell the process who we are."""
        _, line = await asyncio.get_running_loop().create_unix_connection(_Line, sock=self._socket)
        line.write(opening)
        self._line = line

    @property
    def ready(self) -> bool:
        """Tell whether the process answers."""
        return self._line is not None and self._line.ready

    def at_it(self) -> float:
        """Tell how long the process has been working on one answer, in seconds."""
        return self._line.at_it() if self._line is not None else 0.0

    def takes(self, claim: Claim) -> bool:
        """Tell whether the process is to answer this, in a private chat that nobody has marked: a text, a button; or its wait is over.

        All else is decided in the transaction mostly. What was begun before may have ended the process.
        """
        line = self._line
        if line is None or not line.ready or claim.attempts > 1 or claim.marks or (claim.chat_id or 0) <= 0:
            return False
        content = claim.content
        if content is not None and "callback_query" not in content and not _is_typed(content.get("message")):
            return False
        return self.at_it() < _PATIENCE_SECONDS

    async def work(self, claim: Claim, now: float) -> Worked | None:
        """Let an update be answered; None: it must be answered here."""
        return await self._line.ask((claim, now)) if self._line is not None else None

    async def close(self) -> None:
        """End the process, by force when it does not end by itself."""
        if self._line is not None:
            self._line.close()
        else:
            self._socket.close()
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        deadline = time.monotonic() + _END_SECONDS
        with suppress(ChildProcessError):
            while os.waitpid(self.process, os.WNOHANG)[0] == 0:
                if time.monotonic() > deadline:
                    os.kill(self.process, signal.SIGKILL)
                    os.waitpid(self.process, 0)
                    return
                time.sleep(0.01)


def _is_typed(message: Any) -> bool:
    text = message.get("text") if isinstance(message, dict) else None
    return isinstance(text, str) and not text.startswith("/")


class _Line(asyncio.Protocol):
    """Requests go out in order and are answered in order, each a pickle behind its length: both ends are the same program."""

    def __init__(self) -> None:
        self.ready = False  # from its first word on, until it has ended
        self._transport: asyncio.WriteTransport | None = None
        self._waiting: deque[asyncio.Future[Worked | None]] = deque()
        self._since = 0.0  # when the first of them was begun
        self._read = bytearray()
        self._closed = False  # by us

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a socket can be written to

    def write(self, value: Any) -> None:
        if self._transport is not None:
            self._transport.write(_framed(value))

    async def ask(self, value: Any) -> Worked | None:
        answer: asyncio.Future[Worked | None] = asyncio.get_running_loop().create_future()
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append(answer)
        self.write(value)
        return await answer

    def at_it(self) -> float:
        """Tell how long it has been working on one request, in seconds."""
        return time.monotonic() - self._since if self._waiting else 0.0

    def data_received(self, data: bytes) -> None:
        self._read += data
        while len(self._read) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._read)[0]
            if len(self._read) < end:
                return
            answer = pickle.loads(memoryview(self._read)[_LENGTH.size : end])  # noqa: S301 - of our own process
            del self._read[:end]
            if self.ready:
                self._answered(answer)
            self.ready = True

    def _answered(self, answer: Worked | None) -> None:
        waiter = self._waiting.popleft()
        self._since = time.monotonic()
        if not waiter.done():
            waiter.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._closed:
            log.error("answering_ended", waiting=len(self._waiting))
        self.ready = False
        while self._waiting:
            self._answered(None)

    def close(self) -> None:
        self._closed, self.ready = True, False
        if self._transport is not None:
            self._transport.abort()


def _framed(value: Any) -> bytes:
    content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(content)) + content


# ---- in that process


def _run(line: socket.socket, make: Make, rehearsing: Rehearsing | None) -> None:
    """Answer until nobody asks any more; never return."""
    status = 1
    try:
        # A terminal and a supervisor tell all processes to stop; this one goes on while ours lets its last updates end.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        with line, line.makefile("rb") as asked:
            _serve(line, asked, make, rehearsing)
        status = 0
    except Exception as error:
        log.error("answering_failed", error=type(error).__name__)
    finally:
        os._exit(status)


def _serve(line: socket.socket, asked: BinaryIO, make: Make, rehearsing: Rehearsing | None) -> None:
    opening: Opening | None = _next(asked)
    if opening is None:
        return
    logs.configure(opening.token)
    with make() as make_handler:
        envelopes = Envelopes(KeyRing(opening.keys), opening.me.bot_id)
        handler = make_handler(opening.me, opening.keys)
        answering = Answering(handler, opening.me.bot_id, opening.zone, partial(_sealed, envelopes), _no_books)
        if rehearsing is not None:
            _rehearse(rehearsing, opening, envelopes)
        leave_alone_what_stays()
        line.sendall(_framed(None))  # ready
        while (request := _next(asked)) is not None:
            line.sendall(_framed(_worked(answering, *request)))


def _rehearse(rehearsing: Rehearsing, opening: Opening, envelopes: Envelopes) -> None:
    make_handler, asked = rehearsing
    try:
        handler = make_handler(opening.me, opening.keys)
        Rehearsal(handler, envelopes, opening.me.bot_id, opening.zone, asked).play()
    except Exception as error:  # the first people who ask wait a little longer
        log.warning("not_rehearsed", error=type(error).__name__)


def _next(asked: BinaryIO) -> Any:
    """Read the next request; None when there is none any more."""
    head = asked.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    content = asked.read(_LENGTH.unpack(head)[0])
    try:
        return pickle.loads(content)  # noqa: S301 - of our own process
    except (EOFError, pickle.UnpicklingError):  # cut off in the middle
        return None


def _worked(answering: Answering, claim: Claim, now: float) -> Worked | None:
    try:
        worked = answering.work(claim, now)
    except _Here:
        return None
    if worked.sealed is None:
        return None
    # The sealed result has it all.
    done = worked.result
    return Worked(
        Result(done.outcome, wake_at=done.wake_at, supersedes=done.supersedes, forget=done.forget),
        worked.typing,
        worked.sealed,
    )


def _sealed(envelopes: Envelopes, claim: Claim, result: Result) -> Handling | None:
    return None if result.within else envelopes.handling(claim, result)


def _no_books(_: float) -> AbstractContextManager[Books]:
    raise _Here
