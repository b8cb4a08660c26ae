"""What a conversation remembers between turns. Plain data, kept as JSON by the channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from itertools import compress
from operator import attrgetter
from typing import Any

from handlers.turn import Action
from handlers.understanding.interpretation import NOTHING_ASKED, Constraints

KEPT_QUESTIONS = 5
KEPT_TOPICS = 3
KIND_BY_TROUBLE = "kind_by_trouble"  # session.data: the kinds that a trouble told, named by nobody
SPOKEN_OF = "faq"  # intent of a topic that an answer spoke of, and of which nothing was searched yet

_CONSTRAINTS = tuple(spec.name for spec in fields(Constraints))
_values_of = attrgetter(*_CONSTRAINTS)


@dataclass(slots=True)
class Topic:
    """What is being looked for, and what was shown of it.

    `listed`: the last list, which ordinals point into. `seen`: everything shown for these constraints. `focus`: what 它 is.
    """

    constraints: Constraints = field(default_factory=lambda: NOTHING_ASKED)
    listed: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    intent: str = ""

    def copy(self) -> Topic:
        """Return an independent copy."""
        return Topic(self.constraints, self.listed, self.seen, self.focus, self.intent)


@dataclass(slots=True)
class Session:
    """The state of one conversation."""

    topic: Topic = field(default_factory=Topic)
    earlier: list[Topic] = field(default_factory=list)  # topics left behind, latest first
    undo: list[Topic] = field(default_factory=list)  # states of the topic before its last changes, latest first
    place: str | None = None
    asked: str | None = None  # the slot that we asked for: area, place, category …
    offered: tuple[tuple[str, Action], ...] = ()  # labels of the last answer and what they do
    questions: list[str] = field(default_factory=list)
    misses: int = 0  # answers in a row that did not help
    intent: str = ""
    simple: bool = False  # 长辈模式: short sentences, few choices
    data: dict[str, Any] = field(
        default_factory=dict
    )  # kept by intent handlers under their own names; JSON values only

    def copy(self) -> Session:
        """Return an independent copy: an answer that fails leaves the session as it was."""
        return Session(
            topic=self.topic.copy(),  # what a topic holds is never changed in place
            earlier=[topic.copy() for topic in self.earlier],
            undo=[topic.copy() for topic in self.undo],
            place=self.place,
            asked=self.asked,
            offered=self.offered,
            questions=list(self.questions),
            misses=self.misses,
            intent=self.intent,
            simple=self.simple,
            data=_copied(self.data),
        )

    def action_for(self, text: str) -> Action | None:
        """Return what the label of an offered choice does, when the text is exactly that label."""
        wanted = text.strip()
        return next((action for label, action in self.offered if label == wanted), None)

    def start_topic(self, topic: Topic) -> None:
        """Begin a new topic and keep the old one within reach."""
        if self.topic.listed or self.topic.constraints.categories:
            self.earlier = [self.topic, *self.earlier][:KEPT_TOPICS]
        self.topic = topic

    def remember_question(self, text: str) -> None:
        """Keep the last few questions, for 我刚才问了啥."""
        if text.strip():
            self.questions = [*self.questions, text[:100]][-KEPT_QUESTIONS:]

    def to_json(self) -> dict[str, Any]:
        """Return the session as JSON values."""
        return {
            "topic": _topic_json(self.topic),
            "earlier": [_topic_json(topic) for topic in self.earlier],
            # what was left behind is mostly what a change is undone to: then its place among the earlier ones says it
            "undo": [_undo_json(topic, self.earlier) for topic in self.undo],
            "place": self.place,
            "asked": self.asked,
            "offered": [[label, action.name, list(action.args)] for label, action in self.offered],
            "questions": self.questions,
            "misses": self.misses,
            "intent": self.intent,
            "simple": self.simple,
            "data": self.data,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Session:
        """Read what `to_json` wrote; fields of older versions are filled with their defaults."""
        earlier = [_topic(item) for item in value.get("earlier", ())]
        undo = [earlier[item].copy() if isinstance(item, int) else _topic(item) for item in value.get("undo", ())]
        return cls(
            topic=_topic(value.get("topic") or {}),
            earlier=earlier,
            undo=undo,
            place=value.get("place"),
            asked=value.get("asked"),
            offered=tuple((label, Action(name, tuple(args))) for label, name, args in value.get("offered", ())),
            questions=list(value.get("questions", ())),
            misses=int(value.get("misses", 0)),
            intent=value.get("intent", ""),
            simple=bool(value.get("simple", False)),
            data=dict(value.get("data", {})),
        )


def constraints_json(constraints: Constraints) -> dict[str, Any]:
    """Return the constraints that are set, as JSON values (amounts as text)."""
    result: dict[str, Any] = {}
    values = _values_of(constraints)
    for name, value in compress(zip(_CONSTRAINTS, values, strict=True), values):
        result[name] = _json_of(value)
    return result


def _json_of(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    return {attribute: list(words) for attribute, words in value.items()} if isinstance(value, Mapping) else value


def constraints_from_json(value: Mapping[str, Any]) -> Constraints:
    """Read what `constraints_json` wrote."""
    result: dict[str, Any] = {}
    for name, item in value.items():
        if name not in _CONSTRAINTS:
            continue
        if name in ("price_min", "price_max", "budget"):
            result[name] = Decimal(str(item))
        elif isinstance(item, list):
            result[name] = tuple(item)
        elif isinstance(item, dict):
            result[name] = {key: tuple(words) for key, words in item.items()}
        else:
            result[name] = item
    return Constraints(**result)


def _topic_json(topic: Topic) -> dict[str, Any]:
    """Return a topic as JSON values; what was listed and nothing else is what was seen, unless it says otherwise."""
    seen = {} if topic.seen == topic.listed else {"seen": list(topic.seen)}
    return {
        "constraints": constraints_json(topic.constraints),
        "listed": list(topic.listed),
        **seen,
        "focus": list(topic.focus),
        "intent": topic.intent,
    }


def _undo_json(topic: Topic, earlier: list[Topic]) -> int | dict[str, Any]:
    for place, left in enumerate(earlier):
        if topic.listed == left.listed and topic == left:
            return place
    return _topic_json(topic)


def _copied(value: Any) -> Any:
    """Return an independent copy of JSON values."""
    if isinstance(value, dict):
        return {name: _copied(item) for name, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _topic(value: Mapping[str, Any]) -> Topic:
    return Topic(
        constraints=constraints_from_json(value.get("constraints", {})),
        listed=tuple(value.get("listed", ())),
        seen=tuple(value.get("seen", value.get("listed", ()))),
        focus=tuple(value.get("focus", ())),
        intent=value.get("intent", ""),
    )
