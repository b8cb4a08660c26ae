"""What the rules for intents look at: the cues, the slots, what is pointed at, how well a stored question fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from handlers.lazy import Lazy
from handlers.rules.shapes import wants_goods
from handlers.understanding.cues import WORK
from handlers.understanding.spans import is_room
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.session import Session
    from handlers.understanding.reading import Reading

QUALITIES = (
    "brands", "exclude_brands", "certified", "schemes", "stars", "min_stars", "said_stars", "price_min", "price_max", "features", "exclude_features",
    "scenes", "color", "exclude_color", "size", "capacity", "attributes", "formaldehyde", "grade", "series", "title_words", "batch",
    "exclude_categories", "wishes", "materials", "rooms", "water_grade_max", "energy_grade_max",
)  # fmt: skip
_QUALITIES = frozenset(QUALITIES)
_BUT_SIZE = _QUALITIES - {"scenes", "rooms", "size"}  # those of the product itself
NO_WORD = "no word of ours"  # the rule where none held
# Cues beside an area that ask for something else than an amount.
NO_SUM = (
    "ask.price",
    "ask.which",
    "ask.guide",
    "ask.plan",
    "ask.remedy",
    "ask.where",
    "ask.service",
    "ask.have",
    "ask.want",
    "op.scene",
    "ask.how",
    "ask.compare",
    "aspect.power",
    "ask.size_for",
)


class Further(Protocol):
    """Finds out what costs something, when a rule first asks for it."""

    def fit(self, reading: Reading) -> float:
        """Return how well the best stored question fits, 0–1."""
        ...

    def fit_of_guides(self, reading: Reading) -> float:
        """Return how well the title of the best guide fits, 0–1."""
        ...

    def stands_out(self, reading: Reading) -> bool:
        """Tell whether one stored question is surely what was asked."""
        ...

    def somewhat_like(self, reading: Reading) -> bool:
        """Tell whether a stored question is somewhat like it."""
        ...

    def framed(self, reading: Reading) -> str:
        """Return the stored question that asks of certificates in the same frame, "" for none."""
        ...

    def troubled(self, reading: Reading) -> str:
        """Return the stored question about the trouble that is told, "" for none."""
        ...

    def composed(self, reading: Reading, session: Session) -> tuple[str, ...]:
        """Return the kinds that a short word makes of the running one."""
        ...


@dataclass(eq=False)
class Evidence:
    """What the rules look at. What costs something is worked out when a rule first asks for it."""

    reading: Reading
    session: Session
    skus: tuple[str, ...]  # named or pointed at
    pointed: bool
    further: Further
    titles: frozenset[str] = frozenset()  # kinds of things whose title was said: event, ranking, pavilion, plan, guide

    def cue(self, *names: str) -> bool:
        """Tell whether a cue was found."""
        return not self.reading.cues.names.isdisjoint(names)

    def slot(self, *names: str) -> bool:
        """Tell whether a slot was filled."""
        return not self._filled.isdisjoint(names)

    @Lazy
    def _filled(self) -> frozenset[str]:
        return frozenset([name for name, value in self.reading.slots.values.items() if value])

    @Lazy
    def faq(self) -> float:
        """Return how well the best stored question fits, 0–1."""
        return self.further.fit(self.reading)

    @Lazy
    def guided(self) -> float:
        """Return how well the title of a guide fits as a question, 0–1."""
        return self.further.fit_of_guides(self.reading)

    @Lazy
    def surely_stored(self) -> bool:
        """Tell whether one stored question is surely what was asked, and no other comes near."""
        return self.further.stands_out(self.reading)

    @Lazy
    def somewhat_stored(self) -> bool:
        """Tell whether a stored question is somewhat like it, so that it may be offered where nothing else is known."""
        return self.further.somewhat_like(self.reading)

    def framed(self) -> str:
        """Return the stored question that asks of certificates in the same frame, "" for none."""
        return self.further.framed(self.reading)

    def troubled(self) -> str:
        """Return the stored question about the trouble that is told, "" for none."""
        return self.further.troubled(self.reading)

    @Lazy
    def shopping(self) -> bool:
        """Tell whether goods are asked for outright, though a stored question uses the same words."""
        return wants_goods(self)

    @Lazy
    def composed(self) -> tuple[str, ...]:
        """Return the kinds that a word makes of the running one: 智能的 after 马桶."""
        return self.further.composed(self.reading, self.session)

    @Lazy
    def asks_work(self) -> bool:
        """Tell whether it is asked what a piece of work needs: 外墙刷什么."""
        return bool([name for name in self.reading.cues.names if name.startswith(WORK)])

    @Lazy
    def goods(self) -> bool:
        """Tell whether a kind of product was named."""
        slots = self.reading.slots
        return bool(self.slot("categories", "wider") or slots.absent)

    @Lazy
    def qualities(self) -> bool:
        """Tell whether a quality that filters products was named."""
        return not self._filled.isdisjoint(_QUALITIES)

    @Lazy
    def picky(self) -> bool:
        """Tell whether a quality of the product itself was named; a room is none, nor the size of the pieces for it."""
        return self.picky_but_size or (self.slot("size") and not self._room_sized)

    @Lazy
    def picky_but_size(self) -> bool:
        """Tell whether a quality of the product itself was named besides its size."""
        return not self._filled.isdisjoint(_BUT_SIZE)

    @Lazy
    def area(self) -> bool:
        """Tell whether there is an amount that only a calculation needs."""
        if not self.reading.quantities:
            return False
        unit_price = self.cue("ask.price")  # 多少钱一平 measures nothing
        counting = self.session.intent == "calculate" or self.cue("ask.howmany")  # 刷一层啥 asks what, and for no sum
        return (
            any(
                q.dimension in ("area", "coats", "rooms")
                and not (q.value == 1 and (unit_price or (q.dimension == "coats" and not counting)))
                for q in self.reading.quantities
            )
            or sum(q.dimension == "length" for q in self.reading.quantities) >= 2
            or self._room_sized
        )

    @Lazy
    def _room_sized(self) -> bool:
        """Tell whether the sides of a room were said, not of a window or a door: 客厅4.5乘6, 4乘5铺地砖."""
        if not any(is_room(q) for q in self.reading.quantities):
            return False
        return self.slot("scenes", "rooms") or any(sign in self.reading.text for sign in signs("put_at"))

    @Lazy
    def wanting_goods(self) -> bool:
        """Tell whether a kind, a product, a brand or a number was named."""
        return self.goods or bool(self.skus) or self.slot("brands", "enterprises", "series")

    @Lazy
    def wanting(self) -> bool:
        """Tell whether something sold is at stake at all."""
        return self.goods or self.qualities or bool(self.skus) or bool(self.reading.slots.symptoms)


Rule = tuple[str, str, Callable[[Evidence], bool]]  # name, intent, when it holds
