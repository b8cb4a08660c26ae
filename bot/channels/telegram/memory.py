"""What a private chat remembers between updates, beside the session: which answers stand there, and what still waits.

Plain JSON in the journal, sealed with everything else of the chat. Only the last answers are remembered: a button of an older
one is answered from today's catalogue.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.session import Session
from handlers.turn import Action

KEPT_ANSWERS = 5
KEPT_ISSUES = 30
STEPS_BACK = 3

_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Json = dict[str, Any]
Lines = list[tuple[int, str]]  # messages that are one question: their numbers and texts


@dataclass(frozen=True, slots=True)
class Asked:
    """What led to an answer: texts, one after the other, or a pressed button; and the session before it (`session_text`)."""

    texts: tuple[str, ...]
    action: Action | None
    before: str

    def to_json(self, sessions: list[str]) -> list[Any]:
        """Return JSON values; the session goes to the others, and its place there stands here."""
        return [list(self.texts), _action_json(self.action), _placed(self.before, sessions)]

    @classmethod
    def from_json(cls, value: list[Any], sessions: list[str]) -> Asked:
        """Read what `to_json` wrote."""
        return cls(tuple(value[0]), _action(value[1]), sessions[value[2]])


@dataclass(slots=True)
class Shown:
    """An answer that stands in the chat.

    `after`: the session after it (`session_text`).
    `names`: of its messages, as the sender remembers them; the last one has the buttons. `said`: for each of `asked.texts`
    the messages that it was made of, with their numbers. `at`: when the last of them was written, seconds since 1970.
    `spare`: actions that did not fit into a button. `labels`: of buttons that the session does not know. `used`: buttons
    that were pressed, and when. `rest`: messages, line by line, that come when the person wants to go on.
    """

    issue: int
    names: list[str]
    asked: Asked
    after: str
    intent: str = ""
    lone: bool = False
    said: list[Lines] = field(default_factory=list)
    at: float = 0.0
    spare: list[Action] = field(default_factory=list)
    labels: dict[str, Action] = field(default_factory=dict)
    back: list[Asked] = field(default_factory=list)
    used: dict[str, float] = field(default_factory=dict)
    rest: list[list[str]] = field(default_factory=list)

    def place_of(self, message_id: int) -> tuple[int, int] | None:
        """Return where a message of the person stands in `said`."""
        for index, parts in enumerate(self.said):
            for place, (number, _) in enumerate(parts):
                if number == message_id:
                    return index, place
        return None

    def to_json(self, sessions: list[str]) -> Json:
        """Return JSON values; see `Asked.to_json`."""
        return {
            "issue": self.issue,
            "names": self.names,
            "asked": self.asked.to_json(sessions),
            "after": _placed(self.after, sessions),
            "intent": self.intent,
            "lone": self.lone,
            "said": self.said,
            "at": self.at,
            "spare": [_action_json(action) for action in self.spare],
            "labels": {label: _action_json(action) for label, action in self.labels.items()},
            "back": [asked.to_json(sessions) for asked in self.back],
            "used": self.used,
            "rest": self.rest,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any], sessions: list[str]) -> Shown:
        """Read what `to_json` wrote."""
        return cls(
            issue=value["issue"],
            names=list(value["names"]),
            asked=Asked.from_json(value["asked"], sessions),
            after=sessions[value["after"]],
            intent=value["intent"],
            lone=value["lone"],
            said=[[(int(number), str(text)) for number, text in parts] for parts in value["said"]],
            at=value["at"],
            spare=[action for item in value["spare"] if (action := _action(item))],
            labels={label: action for label, item in value["labels"].items() if (action := _action(item))},
            back=[Asked.from_json(item, sessions) for item in value["back"]],
            used=dict(value["used"]),
            rest=[list(lines) for lines in value.get("rest", ())],
        )


@dataclass(slots=True)
class Waiting:
    """What was said and cannot stand alone. `until`: when it is answered as it is, seconds since 1970."""

    parts: Lines
    since: float
    until: float


@dataclass(slots=True)
class Memory:
    """All of it. `done`: issues whose keyboard has been replaced, and when. `budget`: what is left, and since when.

    `locale`: in which language we answer; `chosen`: the one that the person asked for, or "".
    `household`: area and budget, kept by permission only.
    """

    issue: int = 0
    shown: list[Shown] = field(default_factory=list)  # the latest last
    done: dict[int, float] = field(default_factory=dict)
    waiting: Waiting | None = None
    left: float | None = None
    left_at: float = 0.0
    warned: bool = False
    typing_at: float = 0.0
    locale: str = ""
    chosen: str = ""
    household: Json = field(default_factory=dict)
    mine: int = 0  # the issue of the last list of what is remembered

    def find(self, issue: int) -> Shown | None:
        """Return the answer with this keyboard."""
        return next((shown for shown in self.shown if shown.issue == issue), None)

    @property
    def latest(self) -> Shown | None:
        """Return the last answer."""
        return self.shown[-1] if self.shown else None

    def answering(self, message_id: int) -> Shown | None:
        """Return the answer to a message of the person."""
        return next((shown for shown in reversed(self.shown) if shown.place_of(message_id)), None)

    def own_action(self, text: str) -> Action | None:
        """Return what a label under the last answer does that is none of the session's."""
        return self.latest.labels.get(text.strip()) if self.latest else None

    def note_done(self, issue: int, now: float) -> None:
        """Keep that a keyboard has done its work."""
        self.done[issue] = now
        self.done = dict(list(self.done.items())[-KEPT_ISSUES:])

    def remember(self, shown: Shown, instead: Shown | None, now: float, *, current: bool = True) -> None:
        """Keep a new answer; `instead`: the one whose place it took. The `current` one is the latest."""
        place = len(self.shown)
        if instead is not None:
            place = next((at for at, other in enumerate(self.shown) if other is instead), place)
            self.shown = [other for other in self.shown if other is not instead]
            self.note_done(instead.issue, now)
        self.shown.insert(len(self.shown) if current else place, shown)
        self.shown = self.shown[-KEPT_ANSWERS:]

    def succeed(self, other: Memory) -> None:
        """Go on in the same chat after another conversation: keyboards are numbered on, the person's budget is one."""
        self.issue = max(self.issue, other.issue)
        self.locale, self.chosen = other.locale, other.chosen
        self.left, self.left_at, self.warned, self.typing_at = other.left, other.left_at, other.warned, other.typing_at

    def copy(self) -> Memory:
        """Return an independent copy."""
        return Memory.from_json(self.to_json())

    def to_json(self) -> Json:
        """Return JSON values."""
        waiting = self.waiting
        sessions: list[str] = []
        return {
            "issue": self.issue,
            "shown": [shown.to_json(sessions) for shown in self.shown],
            "sessions": sessions,
            "done": [[issue, at] for issue, at in self.done.items()],
            "waiting": waiting and [waiting.parts, waiting.since, waiting.until],
            "budget": [self.left, self.left_at, self.warned],
            "typing_at": self.typing_at,
            "language": [self.locale, self.chosen],
            "household": self.household,
            "mine": self.mine,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Memory:
        """Read what `to_json` wrote; what another version wrote and cannot be read is forgotten."""
        try:
            sessions = [str(text) for text in value.get("sessions", ())]
            left, left_at, warned = value.get("budget", (None, 0.0, False))
            waiting = value.get("waiting")
            locale, chosen = value.get("language", ("", ""))
            return cls(
                issue=int(value.get("issue", 0)),
                shown=[Shown.from_json(item, sessions) for item in value.get("shown", ())],
                done={int(issue): float(at) for issue, at in value.get("done", ())},
                waiting=Waiting([(int(number), str(text)) for number, text in waiting[0]], *waiting[1:])
                if waiting
                else None,
                left=left,
                left_at=left_at,
                warned=warned,
                typing_at=float(value.get("typing_at", 0.0)),
                locale=locale,
                chosen=chosen,
                household=dict(value.get("household", {})),
                mine=int(value.get("mine", 0)),
            )
        except (KeyError, TypeError, ValueError, IndexError):
            return cls()


def session_text(session: Session) -> str:
    """Write a session as text: most are never read again, and a text is kept and sealed at a tenth of the cost."""
    return _written(session.to_json())


def session_of(text: str) -> Session:
    """Read what `session_text` wrote."""
    return Session.from_json(json.loads(text))


def _placed(session: str, sessions: list[str]) -> int:
    """Return the place of a session among the others: what follows one answer usually precedes the next."""
    if session not in sessions:
        sessions.append(session)
    return sessions.index(session)


def _action_json(action: Action | None) -> list[str] | None:
    return [action.name, *action.args] if action else None


def _action(value: list[str] | None) -> Action | None:
    return Action(value[0], tuple(value[1:])) if value else None
