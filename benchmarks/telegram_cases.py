"""Ask questions through the Telegram channel and compare with `lvxuan ask`: the same intents and the same products.

    python -m benchmarks.telegram_cases CATALOGUE QUESTIONS [--today 2026-11-22] [--differences FILE]

CATALOGUE: a folder as `lvxuan import` takes it. QUESTIONS: JSON lines with id, text, and optionally conversation and adcode.
The whole bot runs on the strict server: journal, workers, sender. What a person got is recognised by its text: a message is
compared with every answer that the assistant gave meanwhile, written by the channel's own renderer. Who has an adcode
shares a position in that county first. Exits with 1 when anything differs, or when the Bot API's schema was broken.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.asking import Asker, read_now
from bot.bootstrap import Parts, build
from bot.botapi_server import BotApiServer
from bot.botapi_server.clock import Clock
from bot.botapi_server.driving import Conversation
from bot.botapi_server.richness import rich_lines
from bot.botapi_server.state import Message
from bot.channels.telegram.application import build_assistant_handler
from bot.channels.telegram.configuration import Configuration
from bot.channels.telegram.render import pages
from bot.channels.telegram.rich import plain
from bot.channels.telegram.service import Service
from bot.channels.telegram.tabled import rich_message
from bot.channels.telegram.timing import SystemClock
from bot.settings import Secret, load_settings
from catalog_db.database import open_database
from catalog_db.loading.importing import load
from catalog_db.places import FOLDER
from handlers.session import Session
from handlers.turn import Answer, Question

PAUSE = 10.0  # seconds between two questions of a conversation: nothing is taken for the other half of the one before
_PATIENCE = 20.0  # seconds of real time until a question counts as not answered

Case = dict[str, Any]


@dataclass
class Recorder:
    """The assistant, remembering what it answered since the last question."""

    parts: Parts
    answers: list[Answer] = field(default_factory=list)

    def respond(self, question: Question, session: Session) -> tuple[Answer, Session]:
        """Answer, and remember."""
        answer, after = self.parts.assistant.respond(question, session)
        self.answers.append(answer)
        return answer, after

    def intent_alone(self, question: Question) -> str:
        """Tell it as the assistant does."""
        return self.parts.assistant.intent_alone(question)

    def recognise(self, message: Message) -> Answer | None:
        """Find the answer whose last message reads like this, as text or with its tables."""
        wanted, tables = message.text.split(), "rich_message" in message.body
        return next((a for a in self.answers if self._last(a, tables=tables) == wanted), None)

    def _last(self, answer: Answer, *, tables: bool) -> list[str]:
        """Return the words of the last message of an answer; none when tables are wanted and it has none."""
        page = pages(answer, self.parts.wording)[-1]
        if not tables:
            return plain(page).split()
        rich = rich_message(page)
        return "\n".join(rich_lines(rich)).split() if rich else []


class ServerTime(SystemClock):
    """The bot lives in the time of the server."""

    def __init__(self, server: BotApiServer) -> None:
        self._server = server

    def now(self) -> float:
        """Tell the server's time."""
        return self._server.hub.clock.now()


@dataclass
class Channel:
    """The running channel."""

    server: BotApiServer
    service: Service
    recorder: Recorder

    async def ask(self, talk: Conversation, text: str) -> Answer | None:
        """Ask as a person does; return the answer that stands in the chat."""
        self.recorder.answers.clear()
        self.server.hub.clock.skew += PAUSE
        before = talk.delivered
        await talk.send_text(text)
        deadline = time.monotonic() + _PATIENCE
        while talk.delivered == before and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
            self.server.hub.clock.skew += 0.1  # what cannot stand alone waits for its other half
        await self._settled()
        messages = talk.bot_messages()
        return self.recorder.recognise(messages[-1]) if talk.delivered > before else None

    async def locate(self, talk: Conversation, adcode: str) -> None:
        """Share a position in a county."""
        position = _position(adcode)
        if position:
            await talk.send_location(*position)
            await self._settled()

    async def _settled(self) -> None:
        quiet = 0
        while quiet < 2:
            counts = await asyncio.wrap_future(self.service.journal.count())
            busy = self.server.bot.queue.waiting or counts["updates_waiting"] or counts["outgoing_waiting"]
            quiet = 0 if busy else quiet + 1
            await asyncio.sleep(0.01)


def _position(adcode: str) -> tuple[float, float] | None:
    with gzip.open(FOLDER / "positions.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(adcode):
                _, latitude, longitude = line.split("\t")
                return float(latitude), float(longitude)
    return None


def _conversations(cases: Iterable[Case]) -> list[list[tuple[int, Case]]]:
    """Put the cases of a conversation together, with their places; one without a conversation stands alone."""
    conversations: dict[str, list[tuple[int, Case]]] = {}
    for number, case in enumerate(cases):
        conversations.setdefault(case.get("conversation") or f"alone {number}", []).append((number, case))
    return list(conversations.values())


async def _through_telegram(
    parts: Parts, cases: list[Case], moment: datetime, folder: Path
) -> tuple[list[Answer | None], int]:
    server = BotApiServer(clock=Clock(moment.timestamp() - time.time()))
    server.bot.poller.brakes = False
    recorder = Recorder(parts)
    async with server:
        config = Configuration(
            Secret(server.token), f"sqlite:///{folder / 'journal.db'}", folder / "key",
            api_url=server.url, budgets_lifted=True,
        )  # fmt: skip
        service = Service(config, ServerTime(server))
        await service.start(lambda me, keys: build_assistant_handler(recorder, parts.wording, keys, me))
        channel = Channel(server, service, recorder)
        found: dict[int, Answer | None] = {}
        for conversation in _conversations(cases):
            server.hub.clock.skew = moment.timestamp() - time.time()  # each begins at the same time of the day
            talk = server.private(server.user(f"{conversation[0][0]}"))
            if adcode := conversation[0][1].get("adcode"):
                await channel.locate(talk, adcode)
            for number, case in conversation:
                found[number] = await channel.ask(talk, case["text"])
        await service.close()
    return [found[number] for number in range(len(cases))], len(server.violations)


def _asked(parts: Parts, cases: list[Case], moment: datetime) -> list[Answer]:
    asker = Asker(parts, moment)
    return [asker.ask(case["text"], case.get("conversation"), case.get("adcode"))[0] for case in cases]


def _shown(answer: Answer | None) -> dict[str, Any] | None:
    """Return what must be the same: intents and products, of the further answers too."""
    if answer is None:
        return None
    return {
        "intents": [p.intent for p in (answer, *answer.also)],
        "products": [p.products for p in (answer, *answer.also)],
    }


def _sayable(case: Case) -> bool:
    """Tell whether Telegram would let anybody send it: some text, not too long, no command."""
    text = case["text"].strip()
    return bool(text) and len(text) <= 4096 and not text.startswith("/")


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--today", default="2026-11-22")
    parser.add_argument("--differences", type=Path, help="write what differs here, as JSON lines")
    options = parser.parse_args()
    moment = read_now(None, options.today)
    lines = options.questions.read_text("utf-8").splitlines()
    cases = [case for line in lines if line.strip() and _sayable(case := json.loads(line))]
    with tempfile.TemporaryDirectory(prefix="lvxuan-cases-") as name:
        parts = _imported(options.catalogue, Path(name), moment)
        found, violations = asyncio.run(_through_telegram(parts, cases, moment, Path(name)))
        expected = _asked(parts, cases, moment)
        parts.catalogue.close()
    differences = [
        {"id": case.get("id"), "text": case["text"], "ask": _shown(wanted), "telegram": _shown(got)}
        for case, wanted, got in zip(cases, expected, found, strict=True)
        if _shown(wanted) != _shown(got)
    ]
    print(f"{len(cases) - len(differences)} of {len(cases)} the same, {violations} violations of the Bot API")
    for difference in differences:
        print(json.dumps(difference, ensure_ascii=False))
    if options.differences:
        options.differences.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in differences), "utf-8")
    return int(bool(differences or violations))


def _imported(catalogue: Path, folder: Path, moment: datetime) -> Parts:
    url = f"sqlite:///{folder / 'catalogue.db'}"
    database = open_database(url)
    load(catalogue, database, today=moment.date())
    database.close()
    return build(load_settings({"database_url": url}, {"LVXUAN_HOME": str(folder)}, folder), moment.date())


if __name__ == "__main__":
    raise SystemExit(main())
