"""For whom goods are looked for: 王姐家的漆 goes back to what was looked for when 王姐 was named, and names no brand."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.session import Session
    from handlers.understanding.reading import Reading
    from handlers.understanding.slots import SlotReader

_WHOSE = "whose"  # session.data: who was named → lists of codes of what was looked for then, the latest first
_NOW = "whose_now"  # session.data: who was named last
_MOST = 6
_MOST_KINDS = 3  # kinds kept for each of them
_LOOKED_FOR = frozenset({"recommend", "not_found", "detail", "verify", "compare", "calculate", "guide", "ranking"})


def who_is_named(reading: Reading) -> str:
    """Return the neighbour named, as said: 张大爷; "" without one."""
    cue = reading.cues.first("who.named")
    return reading.text[slice(*cue.groups["who"])] if cue else ""


def looked_for_by(reading: Reading, session: Session) -> tuple[tuple[str, ...], ...]:
    """Return the kinds that were looked for for this neighbour before, the latest first; () for nobody or somebody new."""
    known = session.data.get(_WHOSE) or {}
    return tuple(map(tuple, known.get(who_is_named(reading), ()))) if known else ()


def note_whose(who: str, intent: str, session: Session) -> None:
    """Note what is being looked for for somebody who was named."""
    codes, who = session.topic.constraints.categories, who or str(session.data.get(_NOW, ""))
    if not who or not codes or intent not in _LOOKED_FOR:
        return
    known = dict(session.data.get(_WHOSE) or {})
    others = [kinds for kinds in known.pop(who, ()) if set(kinds) != set(codes)]
    session.data[_WHOSE] = dict([*known.items(), (who, [list(codes), *others][:_MOST_KINDS])][-_MOST:])
    session.data[_NOW] = who


def as_person(reading: Reading, session: Session, _: SlotReader, catalogue: Catalogue) -> Reading:
    """Read a neighbour who is named as somebody, not as a brand or a word that is none of ours."""
    who = who_is_named(reading)
    if not who:
        return reading
    slots = copy(reading.slots)
    slots.unknown = [word for word in slots.unknown if word not in who and who not in word]
    return replace(reading, slots=slots, residue=tuple(word for word in reading.residue if word not in who))
