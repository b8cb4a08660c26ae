"""The whole bot with its desk as a process of its own, for tests that kill it: python -m tests.bot.telegram.desk_process '{…}' '{…}'."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import time
from pathlib import Path

from bot.bootstrap import build, now
from bot.channels.telegram.desk.hours import DeskSettings
from bot.channels.telegram.service import Service, serve
from bot.settings import load_settings
from bot.telegram_command import appoint_all, maker
from tests.bot.telegram.bot_process import read_configuration


def _run(value: dict[str, object], told: dict[str, object]) -> None:
    folder = Path(str(told["folder"]))
    catalogue = {"database_url": f"sqlite:///{told['catalogue']}"}
    parts = build(load_settings(catalogue, environ={"LVXUAN_HOME": str(folder)}, folder=folder), now().date())

    config = read_configuration(value)
    assert config.staff_chat_id is not None
    desk = DeskSettings((config.staff_chat_id, *config.more_staff), time(0), time(23, 59, 59))

    team: list[tuple[int, str, str]] = told["team"]  # type: ignore[assignment]

    def started(service: Service) -> None:
        done = service.journal.write(lambda books: appoint_all(books, team), now().timestamp())
        done.add_done_callback(lambda _: print("started", flush=True))

    asyncio.run(serve(config, maker(parts, desk), started=started))


if __name__ == "__main__":
    _run(json.loads(sys.argv[1]), json.loads(sys.argv[2]))
