"""A bot that hands over news at any hour, kept as `lvxuan telegram` is, as a process of its own, to be killed.

It echoes; with the argument `real` it answers from the catalogue in its database.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from functools import partial

from bot import telegram_assembly  # noqa: F401 - loaded before the fork, as the command does it
from bot.bootstrap import Parts, build, noting_behind, now, settle
from bot.channels.telegram import logs
from bot.channels.telegram.application import payloads_of
from bot.channels.telegram.arrivals import BotIdentity
from bot.channels.telegram.beside import Beside
from bot.channels.telegram.broadcasting import BroadcastChore
from bot.channels.telegram.configuration import Configuration
from bot.channels.telegram.keys import Keys
from bot.channels.telegram.news import News
from bot.channels.telegram.service import MakeHandler, serve
from bot.keeper import keep
from bot.languages import Wordings
from bot.settings import load_settings
from bot.telegram_command import answering_beside, keep_serving, maker
from bot.wording import load_wording
from handlers.alerts import Quiet
from tests.bot.telegram.bot_process import read_configuration
from tests.bot.telegram.echo import EchoHandler

NEVER = (time(0), time(0))


class NewsHandler(EchoHandler):
    """See the module."""

    def __init__(self, me: BotIdentity, keys: Keys) -> None:
        super().__init__()
        self._chore = BroadcastChore(News(Wordings(load_wording()), payloads_of(keys), me.bot_id, Quiet(*NEVER)))

    def chores(self) -> list[BroadcastChore]:
        return [self._chore]


def run(config: Configuration, make: MakeHandler, beside: Beside | None = None) -> None:
    """Run the bot."""
    asyncio.run(serve(config, make, started=lambda service: print("started", flush=True), beside=beside))


def echo(config: Configuration) -> int:
    """Run the bot that echoes."""
    run(config, NewsHandler)
    return 0


def answer(config: Configuration, parts: Parts) -> int:
    """Run the bot that answers, as the command does it."""
    making = partial(_making, config, parts)
    beside = answering_beside(parts, making)
    with making() as make:
        run(config, make, beside)
    return 0


@contextmanager
def _making(config: Configuration, parts: Parts) -> Iterator[MakeHandler]:
    settle(parts)
    with noting_behind(parts, config.database_url) as assistant:
        yield maker(parts, None, assistant, None, NEVER)


if __name__ == "__main__":
    config = read_configuration(json.loads(sys.argv[1]))
    logs.configure(config.token)
    if "real" not in sys.argv[2:]:
        sys.exit(keep(lambda: echo(config)))
    home = config.key_file.parent
    settings = load_settings({"database_url": config.database_url}, environ={"LVXUAN_HOME": str(home)}, folder=home)
    sys.exit(keep_serving(build(settings, now().date()), lambda parts: answer(config, parts)))
