"""Measure the Telegram channel with real answers: the whole bot as one process against the strict server in another.

    python -m benchmarks.telegram rate --rate 150 --seconds 20      # budgets lifted: how fast, and how late
    python -m benchmarks.telegram budgets --rate 20 --bulk 5000     # budgets and flood model on: no 429, replies in time
    python -m benchmarks.telegram soak --minutes 20 --rate 20       # memory
    python -m benchmarks.telegram faults --rate 10 --seconds 60     # one call in twenty goes wrong: who is late, and CPU
    python -m benchmarks.telegram rate --rate 150 --mix 60,30,10    # in 100: typed, buttons pressed, commands; else all is typed

Each call of the Bot API takes 50 ms more (`--latency`). SQLite in a new folder, or `--database URL`. Lateness counts from the
moment a person has written to the moment the first answer is carried out by the server.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections import deque
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.telegram_people import QUESTIONS, Lateness, Person, percentile, talk
from bot.botapi_server import BotApiServer
from bot.botapi_server.driving import Conversation


class Bot:
    """The bot as a process of its own."""

    def __init__(self, server: BotApiServer, folder: Path, options: argparse.Namespace, *, lifted: bool) -> None:
        self._config = {
            "token": server.token, "api_url": server.url, "database_url": options.database or f"sqlite:///{folder}/lvxuan.db",
            "key_file": str(folder / "key"), "budgets_lifted": lifted, "threads": options.threads, "alone": options.alone,
            "bulk": options.bulk, "chats": [],
        }  # fmt: skip
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, chats: list[int]) -> None:
        """Start, and wait until it works."""
        self._config["chats"] = chats
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.telegram", "bot", json.dumps(self._config),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await self._process.stdout.readline()  # type: ignore[union-attr]  # it is a pipe

    def send_bulk(self) -> None:
        """Let the bulk message go out."""
        self._process.stdin.write(b"\n")  # type: ignore[union-attr]  # both are there once it has started

    @property
    def cpu_seconds(self) -> dict[int, float]:
        """CPU time of each thread so far, from /proc; the first is the event loop, then the journal, then who answers here, then beside."""
        found: dict[int, float] = {}
        for process in self._processes:
            for path in sorted(Path(f"/proc/{process}/task").iterdir(), key=lambda path: int(path.name)):
                fields = (path / "stat").read_text("ascii").rpartition(")")[2].split()
                found[int(path.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return found

    @property
    def memory_mb(self) -> float:
        """Resident memory, from /proc; what two processes share counts once."""
        files = [Path(f"/proc/{process}/smaps_rollup").read_text("ascii") for process in self._processes]
        return (
            sum(int(line.split()[1]) for file in files for line in file.splitlines() if line.startswith("Pss:")) / 1e3
        )

    @property
    def _processes(self) -> list[int]:
        """The service, and who answers beside it."""
        if self._process is None:
            raise RuntimeError("not started")
        pid = self._process.pid
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split())]

    async def stop(self) -> float:
        """SIGTERM; return how long it took."""
        began = time.monotonic()
        if self._process is not None:
            self._process.terminate()
            await self._process.wait()
        return time.monotonic() - began


async def _begun(
    options: argparse.Namespace, folder: Path, *, lifted: bool
) -> tuple[BotApiServer, list[Conversation], list[int], Bot]:
    """Return server, who asks, the chats of who only gets bulk, and the bot, which has answered a few questions."""
    server = BotApiServer()
    server.bot.poller.brakes = False
    await server.start()
    server.hub.latency = options.latency
    server.hub.calls = deque()  # all of them: the server itself keeps the last 50,000, fewer than twenty minutes make
    talks = [server.private(server.user(f"顾客{number}")) for number in range(options.chats)]
    others = [server.private(server.user(f"订户{number}")).chat.chat_id for number in range(options.bulk)]
    bot = Bot(server, folder, options, lifted=lifted)
    await bot.start(others)
    for person, question in zip(talks, QUESTIONS, strict=False):
        await person.send_text(question)
    await asyncio.sleep(5)
    return server, talks, others, bot


async def run(options: argparse.Namespace, folder: Path, *, lifted: bool) -> None:
    """Run one measurement and print it."""
    server, talks, others, bot = await _begun(options, folder, lifted=lifted)
    server.bot.flood.on = not lifted
    lateness = Lateness()
    server.bot.queue.listeners.append(lateness.note)
    if options.what == "faults":
        _break(server)
    if options.bulk:
        bot.send_bulk()
    cpu, began, memory = bot.cpu_seconds, time.monotonic(), [bot.memory_mb]
    own = time.process_time()
    busy = _busy_seconds()
    watching = asyncio.ensure_future(_watch(bot, memory))
    quarters = asyncio.ensure_future(_quarters(bot, options.seconds))
    rng = random.Random(1)
    did = await talk([Person(one, options.mix, rng) for one in talks], options.rate, options.seconds)
    lasted = time.monotonic() - began
    busy = _busy_seconds() - busy
    used, own = sum(_since(cpu, bot.cpu_seconds)) / lasted, (time.process_time() - own) / lasted
    behind = sum(map(len, lateness.wrote.values())) - sum(
        late < float("inf") for late in lateness.of(server, options.latency)
    )
    await asyncio.sleep(3 + behind / 50)
    watching.cancel()
    spent = [1000 * seconds for seconds in _since(cpu, bot.cpu_seconds)]
    late = lateness.of(server, options.latency)
    refused = sum(call.status == 429 for call in server.calls)
    figures = {
        "updates": len(late), **did, "rate": options.rate, "behind at the end": behind,
        "unanswered": sum(one == float("inf") for one in late),
        "p50 ms": percentile(late, 0.5), "p95 ms": percentile(late, 0.95),
        "p99 ms": percentile(late, 0.99), "cpu of the bot": round(used, 2), "cpu of the server and the people": round(own, 2),
        "cpu ms an update": round(sum(spent) / len(late), 2),
        "cpu of others": round(busy / lasted - used - own, 2),
        "by thread": [round(one / len(late), 2) for one in spent if one > 20],
        "by thread and quarter": _each(await quarters, len(late) / 4, [one > 20 for one in spent]),
        "memory MB": f"{memory[0]:.0f} → {memory[-1]:.0f}", "slope MB/min": round(_slope(memory), 2),
        "p95 ms by quarter": lateness.by_quarter(server, options.latency),
        **_faults(server, lateness, options.latency),
        "429": refused, "bulk delivered": sum(server.delivered().get(chat, 0) for chat in others),
        "violations": len(server.violations), "stop s": round(await bot.stop(), 2), "load": os.getloadavg()[0],
    }  # fmt: skip
    print(json.dumps(figures, ensure_ascii=False))
    await server.stop()


_FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("status", {"code": 429, "retry_after": 5}), ("status", {"code": 500}), ("html", {"code": 502}), ("truncated", {}),
    ("empty", {}), ("drop_before", {}), ("drop_after", {}), ("hang", {"seconds": 60}), ("slow", {"seconds": 10}),
)  # fmt: skip


def _break(server: BotApiServer) -> None:
    """Let one message in twenty go wrong, in nine ways."""
    for kind, options in _FAULTS:
        server.fault(kind, "sendMessage", probability=0.05 / len(_FAULTS), **options)


def _faults(server: BotApiServer, lateness: Lateness, latency: float) -> dict[str, Any]:
    """Tell how late the chats were in which no call went wrong, when any did."""
    hit = frozenset(
        int(call.parameters["chat_id"]) for call in server.calls if call.fault and "chat_id" in call.parameters
    )
    late = lateness.of(server, latency, hit)
    return {"chats with faults": len(hit), "p95 ms of the others": percentile(late, 0.95)} if hit else {}


def _since(before: dict[int, float], after: dict[int, float]) -> list[float]:
    return [seconds - before.get(thread, 0.0) for thread, seconds in after.items()]


def _busy_seconds() -> float:
    """Tell how long all cores of the machine have worked, for whomever."""
    fields = Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]
    return sum(int(one) for place, one in enumerate(fields) if place not in (3, 4)) / os.sysconf("SC_CLK_TCK")


async def _quarters(bot: Bot, seconds: float) -> list[list[float]]:
    """Return the CPU time of each thread in each quarter."""
    spent = [bot.cpu_seconds]
    for _ in range(4):
        await asyncio.sleep(seconds / 4)
        spent.append(bot.cpu_seconds)
    return [_since(before, after) for before, after in itertools.pairwise(spent)]


def _each(quarters: list[list[float]], updates: float, shown: list[bool]) -> list[list[float]]:
    """Return milliseconds for each update, of the threads that are shown."""
    return [
        [round(1000 * one / updates, 2) for one, show in zip(quarter, shown, strict=False) if show]
        for quarter in quarters
    ]


async def _watch(bot: Bot, memory: list[float]) -> None:
    while True:
        await asyncio.sleep(1)
        memory.append(bot.memory_mb)


def _slope(memory: list[float]) -> float:
    """Fit a line through the second half (one value a second) and return MB a minute."""
    half = memory[len(memory) // 2 :]
    count = len(half)
    if count < 10:
        return float("nan")
    mean_x, mean_y = (count - 1) / 2, sum(half) / count
    above = sum((x - mean_x) * (y - mean_y) for x, y in enumerate(half))
    return 60 * above / sum((x - mean_x) ** 2 for x in range(count))


def serve_bot(value: dict[str, Any]) -> None:
    """Be the bot: real answers on the bundled catalogue; a line on standard input sends the bulk message."""
    from bot.bootstrap import build, load_demonstration
    from bot.channels.telegram.configuration import Configuration
    from bot.channels.telegram.outgoing import Outgoing
    from bot.channels.telegram.service import Service, serve
    from bot.settings import Secret, load_settings
    from bot.telegram_command import answering_beside, maker

    chats, _, alone = value.pop("chats"), value.pop("bulk"), value.pop("alone")
    folder = Path(value["key_file"]).parent
    url, day = f"sqlite:///{folder}/catalogue.db", date(2026, 11, 22)
    load_demonstration(url, day)
    parts = build(load_settings({"database_url": url}, {"LVXUAN_HOME": str(folder)}, folder), day)
    parts.assistant.prepare()
    beside = None if alone else answering_beside(parts, lambda: nullcontext(maker(parts)))
    config = Configuration(Secret(value.pop("token")), key_file=Path(value.pop("key_file")), **value)

    async def send_bulk(service: Service) -> None:
        await asyncio.to_thread(sys.stdin.readline)
        bulk = [Outgoing("sendMessage", {"text": "新品"}, chat, kind="bulk", critical=False) for chat in chats]
        if bulk:
            await service.send(bulk)

    tasks = []

    def started(service: Service) -> None:
        tasks.append(asyncio.ensure_future(send_bulk(service)))
        print("started", flush=True)

    async def run_and_exit() -> None:
        await serve(config, maker(parts), started=started, beside=beside)
        os._exit(0)  # the thread that reads standard input would wait for ever

    asyncio.run(run_and_exit())


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["rate", "budgets", "soak", "faults", "bot"])
    parser.add_argument("value", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("--rate", type=float, default=20.0, help="updates a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--mix", default="100", help="of a hundred: typed, pressed, commands")
    parser.add_argument("--chats", type=int, default=600)
    parser.add_argument("--bulk", type=int, default=0, help="how many get a bulk message meanwhile")
    parser.add_argument("--latency", type=float, default=0.05, help="seconds of each call")
    parser.add_argument("--threads", type=int, default=2, help="threads that answer")
    parser.add_argument("--alone", action="store_true", help="without the process that answers beside")
    parser.add_argument("--database", help="URL; a new SQLite file without")
    options = parser.parse_args()
    if options.what == "bot":
        serve_bot(json.loads(options.value))
        return
    options.mix = [float(one) for one in options.mix.split(",")]
    if options.minutes:
        options.seconds = options.minutes * 60
    with tempfile.TemporaryDirectory(prefix="lvxuan-bench-") as folder:
        asyncio.run(run(options, Path(folder), lifted=options.what in ("rate", "faults")))


if __name__ == "__main__":
    main()
