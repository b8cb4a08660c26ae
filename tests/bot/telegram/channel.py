"""The running channel over the strict server, with the echo handler: for what is under the conversation."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.botapi_server import BotApiServer
from bot.botapi_server.clock import Clock
from bot.botapi_server.driving import Conversation
from bot.channels.telegram.configuration import Configuration
from bot.channels.telegram.outgoing import Handler
from bot.channels.telegram.service import Service
from bot.settings import Address, Secret
from tests.bot.telegram.echo import EchoHandler

HOOK_SECRET = "geheim-geheim"


class FastClock(Clock):
    """A clock that runs faster than the world: waits of minutes take seconds."""

    def __init__(self, speed: float = 1.0) -> None:
        super().__init__()
        self._speed = speed
        self._began = time.time()

    def now(self) -> float:
        return self._began + (time.time() - self._began) * self._speed + self.skew

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)


def configuration(server: BotApiServer, url: str, folder: Path, **options: Any) -> Configuration:
    """The configuration of a bot on the strict server. `mode="webhook"` needs `port`."""
    port = options.pop("port", None)
    if options.get("mode") == "webhook":
        options |= {
            "listen": Address("127.0.0.1", port or 0),
            "webhook_url": f"http://127.0.0.1:{port}/hook",
            "webhook_secret": Secret(HOOK_SECRET),
        }
    return Configuration(Secret(server.token), url, folder / "key", server.url, **{"poll_seconds": 2, **options})


@asynccontextmanager
async def running(
    server: BotApiServer, url: str, folder: Path, handler: Handler | None = None, **options: Any
) -> AsyncIterator[Service]:
    """Run the channel inside the test."""
    service = Service(configuration(server, url, folder, **options), server.hub.clock)
    await service.start(lambda me, keys: handler or EchoHandler())
    try:
        yield service
    finally:
        await service.close()


class BotProcess:
    """The channel as a process of its own, to be killed."""

    def __init__(self, config: Configuration, module: str = "tests.bot.telegram.bot_process", *further: str) -> None:
        self._module = module
        self._further = further
        value = asdict(config)
        value |= {"token": config.token.reveal(), "key_file": str(config.key_file)}
        del value["zone"], value["readers"]
        if config.webhook_secret is not None and config.listen is not None:
            value |= {
                "webhook_secret": config.webhook_secret.reveal(),
                "listen": [config.listen.host, config.listen.port],
            }
        self._argument = json.dumps(value)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and wait until it works."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self._module, self._argument, *self._further,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await self.works()

    async def works(self) -> None:
        """Wait until it works; also after a kill, of what is followed by another process."""
        assert self._process is not None
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), 120)
        assert line == b"started\n", "the process ended before it worked"

    def kill_child(self) -> None:
        """Kill -9 what works, not what keeps it."""
        for child in self.children:
            os.kill(child, signal.SIGKILL)

    @property
    def children(self) -> list[int]:
        """The processes that it has made."""
        assert self._process is not None
        pid = self._process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]

    async def kill(self) -> None:
        """Kill -9."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> float:
        """SIGTERM; return how long it took."""
        assert self._process is not None
        began = time.monotonic()
        self._process.terminate()
        await self._process.wait()
        assert self._process.returncode == 0
        return time.monotonic() - began


def free_port() -> int:
    """Find a port nobody listens on."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def until(condition: Callable[[], Any], within: float = 15.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)


async def settled(server: BotApiServer, service: Service, looks: int, within: float) -> None:
    """Wait until nothing waits any more, neither to be handled nor to be sent, at so many looks one after the other."""
    deadline, quiet = time.monotonic() + within, 0
    while True:
        counts = await asyncio.wrap_future(service.journal.count())
        busy = server.bot.queue.waiting or counts["updates_waiting"] or counts["outgoing_waiting"]
        quiet = 0 if busy else quiet + 1
        if quiet == looks:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"still at work after {within} s: {counts}, {server.bot.queue.waiting} to be fetched")
        await asyncio.sleep(0.02)


async def changed(server: BotApiServer, within: float) -> None:
    """Wait until something changes on the server, so long at the most."""
    with suppress(TimeoutError):
        await asyncio.wait_for(server.bot.changed.wait(), within)


def numbers(talk: Conversation) -> list[int]:
    """The numbers n of the messages "…：n" that the bot sent here, in order."""
    texts = [str(message.body.get("text", "")) for message in talk.bot_messages()]
    return [int(text.rpartition("：")[2]) for text in texts if text.rpartition("：")[2].isdigit()]


def in_order(found: list[int]) -> bool:
    """Tell whether first occurrences come in ascending order."""
    first = list(dict.fromkeys(found))
    return first == sorted(first)
