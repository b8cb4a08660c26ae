"""The channel as a process of its own, for tests that kill it: python -m tests.bot.telegram.bot_process '{"…": …}'."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from bot.channels.telegram.arrivals import BotIdentity
from bot.channels.telegram.beside import fork_beside
from bot.channels.telegram.configuration import Configuration
from bot.channels.telegram.keys import Keys
from bot.channels.telegram.service import serve
from bot.settings import Address, Secret
from tests.bot.telegram.echo import EchoHandler


def read_configuration(value: dict[str, Any]) -> Configuration:
    """Build the configuration from JSON values."""
    listen = value.pop("listen", None)
    secret = value.pop("webhook_secret", None)
    return Configuration(
        token=Secret(value.pop("token")),
        key_file=Path(value.pop("key_file")),
        listen=Address(*listen) if listen else None,
        webhook_secret=Secret(secret) if secret else None,
        **value,
    )


def make(me: BotIdentity, keys: Keys) -> EchoHandler:
    """Make the handler, here and in the process beside."""
    return EchoHandler()


if __name__ == "__main__":
    config = read_configuration(json.loads(sys.argv[1]))
    beside = fork_beside(lambda: nullcontext(make))
    asyncio.run(serve(config, make, started=lambda service: print("started", flush=True), beside=beside))
