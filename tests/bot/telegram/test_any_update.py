"""R7: whatever matches the schema of the Bot API, and whatever is damaged, is handled without a failure inside."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.botapi_server.updates import damaged, random_update, update_kinds
from tests.bot.telegram.private_chat import Bot, running_bot

_BATCH = 100


async def _push(bot: Bot, updates: list[Any]) -> None:
    for at in range(0, len(updates), _BATCH):
        await bot.service._running().intake.store(updates[at : at + _BATCH])
        await bot.settled()


def _numbered(updates: list[Any]) -> list[Any]:
    """Let every update have a number of its own, where it is an object at all: the same number would be the same update."""
    for number, update in enumerate(updates, 1_000_000):
        if isinstance(update, dict) and isinstance(update.get("update_id"), int):
            update["update_id"] = number
    return updates


def _outcomes(folder: Path) -> dict[str | None, int]:
    with closing(sqlite3.connect(folder / "journal.db")) as database:
        return dict(database.execute("SELECT outcome, COUNT(*) FROM journal_updates GROUP BY outcome").fetchall())


@pytest.mark.parametrize("count", [200, pytest.param(10_000, marks=pytest.mark.long)])
async def test_any_update_is_handled(tmp_path: Path, count: int) -> None:
    rng = random.Random(7)
    kinds = update_kinds()
    whole = [random_update(rng, kinds[number % len(kinds)]) for number in range(count)]
    broken = [damaged(rng, update) for update in whole]
    assert len(kinds) >= 20
    async with running_bot(tmp_path) as bot:
        await _push(bot, _numbered(whole + broken))
        outcomes = _outcomes(tmp_path)
        assert None not in outcomes, "nothing waits"
        assert [name for name in outcomes if str(name).startswith(("failed", "poisoned"))] == []
        aunt = bot.talk()
        assert (await aunt.ask("马桶怎么挑")).body["text"]
