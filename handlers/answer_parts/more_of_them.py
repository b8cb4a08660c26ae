"""还有吗 after makers, events or shops: those of them that were not shown yet, or that these are all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from handlers.answer_parts.choices import handoff_choice
from handlers.rules.answers import MORE_OTHERS
from handlers.turn import Answer, Say, Text, say

if TYPE_CHECKING:
    from handlers.session import Session
    from handlers.turn import Turn

SEEN = "others_seen"  # session.data: ids of all makers, events or shops shown of one list
_ASKED = "others_asked"  # session.data: kinds and batch that the list was about


class _Known(Protocol):
    @property
    def id(self) -> str: ...


One = TypeVar("One", bound=_Known)


def note_seen(session: Session, answer: Answer, listed: Sequence[str], rule: str) -> None:
    """Note what was listed, after what was listed before where the list goes on."""
    before = session.data.get(SEEN, ()) if rule in MORE_OTHERS else ()
    session.data[SEEN] = [*before, *listed]
    if rule not in MORE_OTHERS:
        session.data[_ASKED] = {"categories": list(answer.categories), "batch": answer.filters.get("batch")}


def resume(turn: Turn) -> None:
    """Ask once more for what the list was about, where the rest of it is asked for."""
    if turn.meaning.rule not in MORE_OTHERS:
        return
    asked: dict[str, Any] = turn.session.data.get(_ASKED) or {}
    wanted = turn.meaning.constraints.but(categories=tuple(asked.get("categories", ())), batch=asked.get("batch"))
    turn.meaning = replace(turn.meaning, constraints=wanted)


def rest_of(turn: Turn, found: Sequence[One], head: Text) -> tuple[Sequence[One], Text]:
    """Return what is to be listed and what is said before it: all of it, or what was not shown before."""
    if turn.meaning.rule not in MORE_OTHERS:
        return found, head
    seen = set(turn.session.data.get(SEEN, ()))
    left = [one for one in found if one.id not in seen]
    return left, say("others.more", shown=len(found) - len(left), total=len(found))


def no_more(turn: Turn, intent: str) -> Answer:
    """Say that all of them were shown."""
    shown = len(turn.session.data.get(SEEN, ()))
    return Answer(intent, blocks=(Say(say("others.no_more", shown=shown)),), choices=(handoff_choice(),), total=shown)
