"""Run the server by itself: `python -m bot.botapi_server --port 18081`. Prints its address and token as one JSON line."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
from collections.abc import Sequence
from contextlib import suppress

from bot.botapi_server.scene import set_scene
from bot.botapi_server.server import DEFAULT_TOKEN, BotApiServer


async def serve(arguments: argparse.Namespace) -> None:
    """Serve until the process is told to end."""
    server = BotApiServer(token=arguments.token, seed=arguments.seed, open_tokens=arguments.open_tokens)
    server.hub.latency = arguments.latency
    server.hub.keep_messages = arguments.keep_messages
    server.bot.flood.on = arguments.flood
    chats = set_scene(server)
    await server.start(arguments.host, arguments.port)
    print(json.dumps({"url": server.url, "token": server.token, "chats": chats}), flush=True)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(name, ended.set)
    await ended.wait()
    await server.stop()


def main(argv: Sequence[str] | None = None) -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(prog="python -m bot.botapi_server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--open-tokens", action="store_true", help="any well-formed token makes a new bot")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--keep-messages", type=int, default=None, help="how many each chat remembers")
    parser.add_argument("--flood", action="store_true", help="switch the flood model on")
    asyncio.run(serve(parser.parse_args(argv)))


if __name__ == "__main__":
    main()
