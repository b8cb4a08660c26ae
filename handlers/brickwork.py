"""How many standard bricks a wall takes, by how thick it is called: 24墙 128 a square metre. Usual figures of the trade."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

from handlers.answer_parts.choices import asking, handoff_choice
from handlers.calculation.formulas import exact, plain
from handlers.turn import Answer, Note, Say, Turn, say
from handlers.understanding.word_tables import WORDS, expression, rows

_LOSS = Fraction(103, 100)


@cache
def _bricks() -> dict[str, int]:
    """Return how many bricks a square metre takes, by how thick a wall is called."""
    return {cells[0]: int(cells[1]) for cells in rows(WORDS / "brick_walls.tsv")}


def handle(turn: Turn) -> Answer | None:
    """Say how many bricks the wall takes; of one square metre where no area was said."""
    found = expression("wall_of_bricks").search(turn.meaning.text)
    each = _bricks().get(found[1]) if found else None
    if found is None or each is None:
        return None
    areas = [q.value for q in turn.meaning.quantities if q.dimension == "area" and q.value]
    area = sum((exact(str(value)) for value in areas), Fraction(0)) or Fraction(1)
    bricks = math.ceil(each * area * (_LOSS if area > 1 else 1))
    key = "brickwork.wall" if area > 1 else "brickwork.each"
    return Answer(
        "calculate",
        blocks=(
            Say(say(key, wall=found[1], each=each, area=plain(area), bricks=bricks)),
            Note(say("brickwork.terms")),
        ),
        choices=(asking("capability"), handoff_choice()),
        quantities=({"category": "", "amount": bricks, "unit": "块", "area_m2": plain(area)},),
    )
