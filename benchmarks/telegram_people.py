"""People who use the Telegram bot in a benchmark, and how late each of them was answered."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.botapi_server import BotApiServer
from bot.botapi_server.driving import Conversation
from bot.botapi_server.state import Message
from bot.botapi_server.update_queue import QueuedUpdate

QUESTIONS = (  # such as stand alone: what does not, waits up to 3 s by design
    "内墙乳胶漆有认证的吗", "两百以内的防水涂料", "80平的房子要多少乳胶漆", "附近哪里有卖的", "马桶推荐一下", "这个证书查一下真假",
    "防滑的地砖有吗", "瓷砖和木地板哪个好", "卫生间怎么选", "补贴怎么领", "保温板多少钱", "哪个卖得好", "谢谢", "门窗有吗", "一级水效的水龙头",
    "什么是绿色建材", "省水的马桶有哪些", "五百块以内的水龙头", "人造板甲醛等级怎么看", "太阳能热水器推荐",
)  # fmt: skip
COMMANDS = ("/start", "/help", "/privacy", "/mine")
_ANSWERS = {"sendMessage", "sendRichMessage", "editMessageText"}
_NOT_PRESSED = "找人工"  # who presses it is in the bench of the desk
_TOGETHER_SECONDS = 0.5  # a button is acknowledged, and what it leads to is shown, within so long

Wrote = tuple[float, str]  # when, and the number of the query of a pressed button, or ""


@dataclass(slots=True)
class Lateness:
    """When each chat wrote, and what came of it."""

    wrote: dict[int, list[Wrote]] = field(default_factory=lambda: defaultdict(list))

    def note(self, update: QueuedUpdate) -> None:
        """Note an update as it is made."""
        pressed = update.kind == "callback_query"
        body = update.body["message"] if pressed else update.body
        self.wrote[body["chat"]["id"]].append((time.time(), update.body["id"] if pressed else ""))

    def of(self, server: BotApiServer, latency: float, without: frozenset[int] = frozenset()) -> list[float]:
        """Pair each message of a person with the first answer after it; infinite when there is none. `without`: chats.

        A pressed button is answered when it is acknowledged and what comes with that is shown.
        """
        answered: dict[int, deque[float]] = defaultdict(deque)
        acknowledged: dict[str, float] = {}
        for call in server.calls:
            if call.method in _ANSWERS and call.status == 200:
                answered[int(call.parameters["chat_id"])].append(call.at + latency)
            elif call.method == "answerCallbackQuery" and call.status == 200:
                acknowledged[str(call.parameters["callback_query_id"])] = call.at + latency
        late: list[float] = []
        for chat, times in self.wrote.items():
            if chat not in without:
                late += _paired(times, answered[chat], acknowledged)
        return sorted(late)

    def by_quarter(self, server: BotApiServer, latency: float) -> list[float]:
        """Return the p95 of what was written in each quarter of the time, in milliseconds."""
        wrote = sorted(at for times in self.wrote.values() for at, _ in times)
        edges = [wrote[len(wrote) * part // 4] for part in range(4)] + [float("inf")] if wrote else []
        return [
            percentile(Lateness(self._between(*pair)).of(server, latency), 0.95) for pair in itertools.pairwise(edges)
        ]

    def _between(self, since: float, until: float) -> dict[int, list[Wrote]]:
        return {chat: [one for one in times if since <= one[0] < until] for chat, times in self.wrote.items()}


def _paired(times: Sequence[Wrote], answers: deque[float], acknowledged: Mapping[str, float]) -> Iterator[float]:
    """Give how late each was answered; `answers` to the chat are used up."""
    for wrote, query in times:
        while answers and answers[0] < wrote:
            answers.popleft()
        first = acknowledged.get(query) if query else None
        if answers and (not query or (first is not None and answers[0] <= first + _TOGETHER_SECONDS)):
            first = max(answers.popleft(), first or 0.0)
        yield float("inf") if first is None else first - wrote


@dataclass(slots=True)
class Person:
    """Somebody who asks, presses and commands. `mix`: how many of a hundred are typed, pressed and commands."""

    talk: Conversation
    mix: Sequence[float]
    rng: random.Random
    questions: Iterator[str] = field(init=False)
    commands: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        """Put what is asked into an order of one's own."""
        self.questions = itertools.cycle(self.rng.sample(QUESTIONS, len(QUESTIONS)))
        self.commands = itertools.cycle(self.rng.sample(COMMANDS, len(COMMANDS)))

    async def act(self) -> str:
        """Do the next thing; return what it was."""
        [what] = self.rng.choices(("typed", "pressed", "command"), self.mix) if len(self.mix) > 1 else ["typed"]
        if what == "pressed" and (offered := self._offered()) is not None:
            message, buttons = offered
            await self.talk.press_data(message, self.rng.choice(buttons))
            return what
        await self.talk.send_text(next(self.commands) if what == "command" else next(self.questions))
        return "command" if what == "command" else "typed"

    def _offered(self) -> tuple[Message, list[str]] | None:
        """Return the newest message with buttons, and what they call back."""
        for message in reversed(self.talk.chat.messages.values()):
            rows = (message.body.get("reply_markup") or {}).get("inline_keyboard", ())
            buttons = [button for row in rows for button in row]
            found = [one["callback_data"] for one in buttons if "callback_data" in one and one["text"] != _NOT_PRESSED]
            if found and message.from_bot:
                return message, found
        return None


async def talk(people: Sequence[Person], rate: float, seconds: float) -> Counter[str]:
    """Let people write, `rate` a second over all, each in turn; return how often they did what."""
    began = time.monotonic()
    done: Counter[str] = Counter()
    for number in itertools.count():
        due = began + number / rate
        if due > began + seconds:
            break
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        done[await people[number % len(people)].act()] += 1
    return done


def percentile(ordered: list[float], share: float) -> float:
    """Return the milliseconds below which `share` of all seconds lie; infinite when so many were never answered."""
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 0) if ordered else float("nan")
