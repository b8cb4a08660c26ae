"""What waits to be sent, in memory: a lane for each chat, replies before bulk, one message of a chat at a time.

The topics of a group are lanes of their own: what stands in one needs no order with what stands in another. A message that replaces
another, or may be replaced, keeps its order within the whole group.
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from bot.channels.telegram.budgets import Budgets
from catalog_db.journal.records import Letter

Key = tuple[bytes, int]  # chat and topic; topic 0: everything of the chat that stands in none

NO_CHAT = b""
_NO_KEY: Key = (NO_CHAT, 0)
_OWN_ORDER = frozenset({"reply", "bulk"})


@dataclass(slots=True)
class Lane:
    """The messages of one chat, oldest first."""

    replies: deque[Letter] = field(default_factory=deque)
    bulk: deque[Letter] = field(default_factory=deque)
    busy: bool = False
    queued: bool = False

    def first(self) -> Letter | None:
        """Return what is to be sent next."""
        return self.replies[0] if self.replies else self.bulk[0] if self.bulk else None


def _is_beside(letter: Letter) -> bool:
    """Tell whether a message has no order to keep: answers to buttons, and what goes to no chat."""
    return letter.kind not in _OWN_ORDER or letter.chat_id is None


def _key(letter: Letter) -> Key:
    """Return the lane of a message."""
    chat = letter.chat or NO_CHAT
    if letter.chat_id is None or letter.chat_id > 0 or letter.replaces is not None or letter.remember_as is not None:
        return chat, 0
    thread = letter.params.get("message_thread_id")
    return chat, thread if isinstance(thread, int) else 0


class Lanes:
    """All lanes of a bot. Answers to buttons and typing go beside them, at once."""

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets
        self._lanes: dict[Key, Lane] = {}
        self._beside: deque[Letter] = deque()
        self._ready: deque[Key] = deque()
        self._ready_bulk: deque[Key] = deque()
        self._asleep: list[tuple[float, int, Key, Letter | None]] = []
        self._held: dict[bytes, float] = {}  # chats that are to be left alone → until when
        self._order = count()
        self.bulk_waiting = 0

    def add(self, letter: Letter, now: float, *, first: bool = False) -> None:
        """Let a message wait; `first`: before the others of its chat, as one that is tried again."""
        if _is_beside(letter):
            self._add_beside(letter, now)
            return
        key = _key(letter)
        lane = self._lanes.setdefault(key, Lane())
        waiting = lane.bulk if letter.kind == "bulk" else lane.replies
        waiting.appendleft(letter) if first else waiting.append(letter)
        self.bulk_waiting += letter.kind == "bulk"
        self._queue(key, lane)

    def _add_beside(self, letter: Letter, now: float) -> None:
        if letter.not_before > now:
            heapq.heappush(self._asleep, (letter.not_before, next(self._order), _NO_KEY, letter))
        else:
            self._beside.append(letter)

    def _queue(self, key: Key, lane: Lane) -> None:
        """Put a lane where it waits for its turn: one with a reply always among those with replies."""
        if lane.busy or (first := lane.first()) is None:
            return
        if first.kind == "bulk":
            if not lane.queued:
                self._ready_bulk.append(key)
        else:
            self._ready.append(key)  # also when it stands among bulk: there it is passed over
        lane.queued = True

    def take(self, now: float, most: int, most_bulk: int | None = None) -> list[Letter]:
        """Take what may be sent now, bulk among it at most `most_bulk`. Each lane is busy until `release`."""
        self._awaken(now)
        taken: list[Letter] = []
        while self._beside and len(taken) < most:
            taken.append(self._beside.popleft())
        self._take_ready(taken, self._ready, now, most, bulk=False)
        room = most if most_bulk is None else min(most, len(taken) + most_bulk)
        self._take_ready(taken, self._ready_bulk, now, room, bulk=True)
        return taken

    def at_once(self, letters: Sequence[Letter], most: int, now: float) -> list[Letter]:
        """Return which of new messages have nothing to wait for: no other of their lane, no limit. Reads only, so any thread may ask.

        What is said here holds until they are begun, as long as nothing else is added or taken meanwhile.
        """
        found: list[Letter] = []
        most = min(most, self._budgets.surely_free())
        begun: Counter[int | None] = Counter()
        passed: set[Key] = set()
        for letter in letters:
            key = _key(letter)
            if len(found) < most and letter.kind != "bulk" and letter.not_before <= now:
                if _is_beside(letter):
                    found.append(letter)
                elif key not in passed and self._is_free(key, letter, begun[letter.chat_id], now):
                    begun[letter.chat_id] += 1
                    found.append(letter)
            passed.add(key)
        return found

    def _is_free(self, key: Key, letter: Letter, begun: int, now: float) -> bool:
        return (
            key not in self._lanes
            and self._held.get(key[0], 0.0) <= now
            and self._budgets.surely_free(letter.chat_id) > begun
        )

    def begin(self, letter: Letter, now: float) -> None:
        """Take a message of `at_once`: its lane is busy until `release`."""
        if _is_beside(letter):
            return
        self._lanes[_key(letter)] = Lane(busy=True)
        self._budgets.begin(letter.id, letter.chat_id or 0, now)

    def _take_ready(self, taken: list[Letter], ready: deque[Key], now: float, most: int, *, bulk: bool) -> None:
        while ready and len(taken) < most and self._budgets.overall_wait(now, bulk=bulk) <= 0:
            letter = self._take_from(ready.popleft(), now, bulk=bulk)
            if letter is not None:
                taken.append(letter)

    def _take_from(self, key: Key, now: float, *, bulk: bool) -> Letter | None:
        lane = self._lanes.get(key)
        letter = lane.first() if lane and not lane.busy else None
        if lane is None or letter is None or letter.chat_id is None:
            return None
        if letter.kind == "bulk" and not bulk:  # its replies are gone since it was queued
            self._ready_bulk.append(key)
            return None
        held = self._held.get(key[0], 0.0)
        wait = max(letter.not_before - now, held - now, self._budgets.chat_wait(letter.chat_id, now))
        if wait > 0:
            heapq.heappush(self._asleep, (now + wait, next(self._order), key, None))
            return None
        (lane.bulk if letter.kind == "bulk" else lane.replies).popleft()
        self.bulk_waiting -= letter.kind == "bulk"
        lane.busy, lane.queued = True, False
        self._budgets.begin(letter.id, letter.chat_id, now)
        return letter

    def _awaken(self, now: float) -> None:
        while self._asleep and self._asleep[0][0] <= now:
            _, _, key, letter = heapq.heappop(self._asleep)
            if letter is not None:
                self._beside.append(letter)
            elif (lane := self._lanes.get(key)) is not None:
                lane.queued = False
                self._queue(key, lane)

    def called(self, letter: Letter, now: float) -> None:
        """Note that the call of a message has ended: from here on the room it took comes back; its lane stays busy."""
        if letter.chat_id is not None and not _is_beside(letter):
            self._budgets.end(letter.id, letter.chat_id, now)

    def release(self, letter: Letter, now: float) -> None:
        """End the turn of a message that was taken; the next of its chat may follow."""
        if _is_beside(letter):
            return
        key = _key(letter)
        if letter.chat_id is not None:
            self._budgets.end(letter.id, letter.chat_id, now)
        lane = self._lanes.get(key)
        if lane is None:
            return
        lane.busy = False
        if lane.first() is None:
            del self._lanes[key]
        else:
            self._queue(key, lane)

    def hold(self, chat: bytes, now: float, until: float) -> None:
        """Send nothing to a chat until then: it refused one message because there were too many, whatever its topic."""
        self._held = {one: end for one, end in self._held.items() if end > now}
        self._held[chat] = max(until, self._held.get(chat, 0.0))

    def drop_waiting(self, chat: bytes) -> list[Letter]:
        """Forget what waits for a chat, which the journal has given up; return it."""
        dropped: list[Letter] = []
        for lane in [lane for key, lane in self._lanes.items() if key[0] == chat]:
            dropped += [*lane.replies, *lane.bulk]
            self.bulk_waiting -= len(lane.bulk)
            lane.replies.clear()
            lane.bulk.clear()
        return dropped

    def next_at(self, now: float) -> float:
        """Tell in how many seconds something may be sent that is no bulk, or wakes up; at most 1."""
        waits = [1.0]
        if self._asleep:
            waits.append(self._asleep[0][0] - now)
        if self._ready:
            waits.append(self._budgets.overall_wait(now, bulk=False))
        return max(0.0, min(waits))
