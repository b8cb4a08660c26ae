"""A bot that echoes and hands over news at any hour, as a process of its own, to be killed."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import time

from bot.channels.telegram.application import payloads_of
from bot.channels.telegram.arrivals import BotIdentity
from bot.channels.telegram.broadcasting import BroadcastChore
from bot.channels.telegram.keys import Keys
from bot.channels.telegram.news import News
from bot.channels.telegram.service import serve
from bot.languages import Wordings
from bot.wording import load_wording
from handlers.alerts import Quiet
from tests.bot.telegram.bot_process import read_configuration
from tests.bot.telegram.echo import EchoHandler

NEVER = Quiet(time(0), time(0))


class NewsHandler(EchoHandler):
    """See the module."""

    def __init__(self, me: BotIdentity, keys: Keys) -> None:
        super().__init__()
        self._chore = BroadcastChore(News(Wordings(load_wording()), payloads_of(keys), me.bot_id, NEVER))

    def chores(self) -> list[BroadcastChore]:
        return [self._chore]


if __name__ == "__main__":
    config = read_configuration(json.loads(sys.argv[1]))
    asyncio.run(serve(config, NewsHandler, started=lambda service: print("started", flush=True)))
