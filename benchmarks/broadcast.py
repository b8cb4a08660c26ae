"""A broadcast with a kill -9 every few seconds, 429s and blocked users, while people talk: python -m benchmarks.broadcast

The bot is a process of its own on the strict local Bot API server; who got what is counted there. Prints one line. The kill ends
the process that works, which is followed by another (`bot.keeper`); with --whole it ends all of the program, and a new one is started.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.bootstrap import build, now, warm
from bot.botapi_server import BotApiServer
from bot.botapi_server.driving import Conversation
from bot.channels.telegram.keys import KeyRing, load_keys
from bot.settings import load_settings
from catalog_db.database import open_database
from catalog_db.journal import broadcasts, permissions
from catalog_db.journal.books import Books
from tests.bot.telegram.channel import BotProcess, configuration

TEXT = "农闲了，有证的保温板这周到货。"
QUESTION = "有认证的瓷砖"
TALKERS = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it.

    `twice`, `missed`: people who got it twice, or not at all. `unknown`: calls whose end nobody saw, and which are not repeated; how
    many of those who got nothing may be among them is `missed_unknown`. `replies`: seconds, sorted. `starts`: seconds from a kill
    until the next process works, sorted.
    """

    people: int
    kills: int
    reached: int
    blocked: int
    twice: int
    missed: int
    unknown: int
    missed_unknown: int
    seconds: float
    replies: tuple[float, ...]
    starts: tuple[float, ...]

    def __str__(self) -> str:
        return (
            f"{self.people} people, {self.kills} kills: reached {self.reached}, blocked {self.blocked}, twice {self.twice},"
            f" missed {self.missed}, unknown {self.unknown} (of these not arrived {self.missed_unknown}) in {self.seconds:.0f} s;"
            f" {len(self.replies)} replies meanwhile, p50 {_part(self.replies, 0.5):.2f} s, p95 {_part(self.replies, 0.95):.2f} s,"
            f" p99 {_part(self.replies, 0.99):.2f} s; from a kill to work p50 {_part(self.starts, 0.5):.2f} s,"
            f" longest {_part(self.starts, 1.0):.2f} s"
        )


def _part(ordered: tuple[float, ...], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


async def storm(
    folder: Path, url: str, people: int, *, every: float, lifted: bool, real: bool = False, whole: bool = False
) -> Outcome:
    """Plan a broadcast to `people`, kill the bot every `every` seconds until all is over."""
    async with BotApiServer() as server:
        server.bot.poller.brakes = False
        talks = [server.private(server.user(f"村民{number}")) for number in range(people)]
        for talk in talks[::50]:
            talk.chat.blocked = True
        config = configuration(server, url, folder, budgets_lifted=lifted)
        ring, bot_id = KeyRing(load_keys(folder / "key")), server.bot.me.user_id
        database = open_database(url)
        with database.writing() as connection:
            books = Books(connection, bot_id, time.time(), ring)
            for talk in talks:
                permissions.allow(books, talk.chat.chat_id, "news", "zh_Hans_CN", given=True)
            number = broadcasts.plan(books, TEXT, {}, time.time())
        server.fault("status", "sendMessage", code=429, retry_after=1, probability=0.002)
        process = BotProcess(config, "tests.bot.telegram.news_process", *(["real"] if real else []))
        await process.start()
        began = time.monotonic()
        replies: list[float] = []
        talkers = [server.private(server.user(f"说话人{n}")) for n in range(TALKERS)]
        talking = [asyncio.ensure_future(_talk(talker, replies)) for talker in talkers]
        starts: list[float] = []
        while True:
            await asyncio.sleep(every)
            with database.reading() as connection:
                [state] = broadcasts.planned(Books(connection, bot_id, time.time(), ring))
            if state.state == "done" and not state.fates.get("waiting"):
                break
            killed = time.monotonic()
            if whole:
                await process.kill()
                await process.start()
            else:
                process.kill_child()
                await process.works()
            starts.append(time.monotonic() - killed)
        for task in talking:
            task.cancel()
        await process.stop()
        database.close()
        got = Counter(talk.chat.chat_id for talk in talks for message in talk.bot_messages() if _is_news(message.body))
        open_ = [talk for talk in talks if not talk.chat.blocked]
        missed = sum(got[talk.chat.chat_id] == 0 for talk in open_)
        unknown = state.fates.get("unknown", 0)
        assert server.violations == []
        assert number == state.id
        return Outcome(
            people, len(starts), len(got), len(talks) - len(open_), sum(count > 1 for count in got.values()),
            max(0, missed - unknown), unknown, min(missed, unknown), time.monotonic() - began,
            tuple(sorted(replies)), tuple(sorted(starts)),
        )  # fmt: skip


def _is_news(body: dict[str, object]) -> bool:
    return body.get("text") == TEXT


async def _answered(talk: Conversation, before: int) -> None:
    await talk.wait_until(lambda: talk.delivered > before, what="the answer", within=60)


async def _talk(talk: Conversation, replies: list[float]) -> None:
    """Say something every other second, and note how long the answer took."""
    while True:
        before = talk.delivered
        at = time.monotonic()
        await talk.send_text(QUESTION)
        await _answered(talk, before)
        replies.append(time.monotonic() - at)
        await asyncio.sleep(2.0)


def main() -> None:
    """Run it once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two kills")
    parser.add_argument("--unlimited", action="store_true", help="without Telegram's limits: 25 a second otherwise")
    parser.add_argument("--echo", action="store_true", help="a bot that only says back what it was told")
    parser.add_argument("--whole", action="store_true", help="kill all of the program, and start it anew")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'lvxuan.db'}"
        if not options.echo:
            _with_catalogue(Path(folder), url)
        print(asyncio.run(storm(
            Path(folder), url, options.people, every=options.every, lifted=options.unlimited, real=not options.echo,
            whole=options.whole,
        )))  # fmt: skip


def _with_catalogue(folder: Path, url: str) -> None:
    """Load the bundled catalogue and compile its search, as a bot has it that is started again."""
    parts = build(
        load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(folder)}, folder=folder), now().date()
    )
    warm(parts)
    parts.catalogue.close()


if __name__ == "__main__":
    main()
