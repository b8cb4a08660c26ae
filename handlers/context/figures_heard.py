"""What a bare figure is in its conversation: an area after a sum (要是一百二呢), a size of the running goods (那就800的), money added (再加一百也行)."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from handlers.context.kind_attributes import figure_of_kind
from handlers.rules.answers import SUM
from handlers.rules.shapes import SHORT
from handlers.understanding.cues import Cues
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.session import Session
    from handlers.understanding.interpretation import Constraints
    from handlers.understanding.reading import Reading
    from handlers.understanding.slots import SlotReader

_MONEY = ("money_said", "price_min", "price_max", "budget")
_SQUARE_METRE = "平"


def as_figure(reading: Reading, session: Session, _: SlotReader, catalogue: Catalogue) -> Reading:
    """Read the only figure said as what the conversation makes of it; everything else stays as it was read."""
    if len(reading.quantities) != 1 or len(reading.text) > SHORT or reading.slots.goods:
        return reading
    said = reading.quantities[0]
    if said.dimension == "number" and _asks_for_another_area(reading, session, catalogue):
        area = replace(said, dimension="area", unit=_SQUARE_METRE)
        return replace(reading, quantities=(area,), cues=_without_ordinals(reading))  # 八十呢 is no entry of a list
    if said.dimension == "number" and _another_value(reading, session):
        return replace(reading, cues=_without_ordinals(reading))
    if said.dimension == "money" and not said.per and said.value is not None:
        bare = reading.text[said.start : said.end].isdecimal()
        of = any(reading.text.startswith(sign, said.end) for sign in signs("of"))
        running = session.topic.constraints
        if bare and of and running.categories and running.price_min is None and running.price_max is None:
            return _as_number(reading)
    return reading


def _asks_for_another_area(reading: Reading, session: Session, catalogue: Catalogue) -> bool:
    """Tell whether a number alone is another area for the running sum (要是一百二呢 after 一百平要几桶), not a size (800的呢)."""
    kept, said = session.data.get(SUM) or {}, reading.quantities[0]
    summed = session.intent == "calculate" and kept.get("areas") and kept.get("category") and reading.has("op.switch")
    if not summed or said.value is None or any(reading.text.startswith(sign, said.end) for sign in signs("of")):
        return False
    if any(sign in reading.text for sign in signs("supposing")):
        return True
    return not figure_of_kind(catalogue, (kept["category"],), said.value, said.text)


def _another_value(reading: Reading, session: Session) -> bool:
    """Tell whether a figure beyond the list may be another value of an attribute in force: 36呢 after 24瓦的."""
    value = reading.quantities[0].value
    beyond = value is not None and value > len(session.topic.listed)
    return beyond and reading.has("ref.ordinal") and bool(session.topic.constraints.attributes)


def _without_ordinals(reading: Reading) -> Cues:
    return Cues(tuple(cue for cue in reading.cues.found if cue.name != "ref.ordinal"))


def _as_number(reading: Reading) -> Reading:
    slots = copy(reading.slots)
    slots.values = {name: value for name, value in slots.values.items() if name not in _MONEY}
    return replace(reading, slots=slots, quantities=(replace(reading.quantities[0], dimension="number"),))


def raised(reading: Reading, base: Constraints) -> Decimal | None:
    """Return the price limit in force with what may be added to it: 再加一百也行; None where nothing is added."""
    if base.price_max is None or not reading.has("calc.add") or len(reading.quantities) != 1:
        return None
    more = reading.quantities[0]
    return base.price_max + more.value if more.dimension in ("money", "number") and more.value else None
