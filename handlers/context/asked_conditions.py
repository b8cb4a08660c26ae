"""Which conditions an intent is carried out with: those said, merged with the running ones, the place, and what helps against a trouble."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from handlers.context.counted import counted
from handlers.context.followup import brands_spoken_of, merge, wanted_words
from handlers.context.kind_attributes import all_names
from handlers.context.own_constraints import (
    against_troubles,
    asks_grade,
    asks_remedy,
    own_constraints,
    places_of_troubles,
)
from handlers.context.persons import for_people
from handlers.context.relative import most_stars
from handlers.context.spoken_of import (
    WISH_IN_TITLES,
    WISH_UNKNOWN,
    money_named,
    unknown_wish,
)
from handlers.context.topics import BACK
from handlers.rules.answers import OF_THE_BRAND, SUM_BESIDE
from handlers.rules.lists import FOR_PEOPLE, OTHER_BUDGET
from handlers.session import KIND_BY_TROUBLE, Session
from handlers.understanding.amounts import FORMALDEHYDE
from handlers.understanding.binding import codes_of_work
from handlers.understanding.interpretation import Constraints
from handlers.understanding.reading import Reader, Reading
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.spans import Span

_LISTS = frozenset({"recommend", "compare", "ranking", "not_found", "clarify"})
# Asked without a product, these are about what is being looked for.
_ABOUT_TOPIC = frozenset({"calculate", "guide", "service", "savings", "unwritten", "goes_with"})
_WHICH_CERTIFICATES = "which certificates the goods looked for have"
_MOST_STARS = "those with the most stars"
_COMPOSED = "…"  # between the two words that name a kind together
_A_CHOICE = 3  # goods that help, so that they can be asked to have what is against the trouble
_STEM = 2  # characters of a place that a kind is named after: 儿童 of 儿童房
_LEAST_BUDGET = 1000  # a smaller bare number beside a plan is no money
_ANY_DAY = date(2000, 1, 1)  # a search for names does not depend on the day


class AskedConditions:
    """Makes the conditions of one catalogue."""

    def __init__(self, catalogue: Catalogue, reader: Reader) -> None:
        self._catalogue, self._reader = catalogue, reader

    def merged(self, intent: str, rule: str, reading: Reading, session: Session, day: date) -> Constraints:
        """Return the conditions said, with the running ones where the intent goes on with them."""
        if intent in _LISTS:
            if rule in (WISH_IN_TITLES, WISH_UNKNOWN):
                kept = session.topic.constraints.but(limit=None)
                return kept if rule == WISH_UNKNOWN else kept.but(title_words=(unknown_wish(reading, session),))
            if reading.slots.symptoms and (other := self._of_other_work(reading, session)):
                return own_constraints(reading, self._catalogue).but(categories=other)
            merged = merge(reading, session, self._catalogue, self._reader.slots, rule)
            merged = for_people(merged, reading.quantities, self._catalogue) if rule == FOR_PEOPLE else merged
            return most_stars(merged, self._catalogue, day) if rule == _MOST_STARS else merged
        own = own_constraints(reading, self._catalogue)
        if (
            (intent in _ABOUT_TOPIC or (intent == "enterprise" and reading.has("aspect.origin")))  # 是哪儿产的
            and not (
                intent == session.intent and intent in ("calculate", "savings")
            )  # these remember what they are about
            and not own.categories
            and not reading.slots.symptoms
            and not reading.slots.foreign
            and not reading.skus
            and not reading.named
        ):
            own = own.but(categories=session.topic.constraints.categories)
        own = self._of_the_sum(intent, rule, own, reading, session)
        if intent == "verify" and rule == _WHICH_CERTIFICATES:
            own = own.but(categories=session.topic.constraints.categories, certified=False)
        if rule == OF_THE_BRAND:
            own = own.but(brands=brands_spoken_of(session, self._catalogue))
        if intent == "verify" and own.brands and not own.categories:
            within = own.but(categories=session.topic.constraints.categories)
            if within.categories and self._catalogue.count(
                Constraints(brands=own.brands, categories=within.categories).query(_ANY_DAY)
            ):
                own = within  # 山楂埂的有证吗 after 防盗门 asks of its doors
        if intent == "calculate" and len(own.categories) == 1 and len(reading.slots.goods) > 1:
            own = own.but(categories=self._by_unit(reading) or own.categories)
        return own

    def _of_the_sum(self, intent: str, rule: str, own: Constraints, reading: Reading, session: Session) -> Constraints:
        """Return the conditions of a sum or a plan: the kind beside its own (墙上呢 after floor tiles), the money named for it."""
        if rule == SUM_BESIDE:
            running = session.topic.constraints.categories
            return own.but(categories=self._reader.slots.compose_with(reading.text, running, wanted_words(reading)))
        if intent == "calculate" and own.categories and self._in_units_of_the_running(own, reading, session):
            return own.but(categories=session.topic.constraints.categories)
        of_money = reading.has("calc.enough") or rule == OTHER_BUDGET
        if intent == "plan" and not (own.budget or own.price_max) and (money_named(reading) or 0) >= _LEAST_BUDGET:
            return own.but(budget=money_named(reading))  # 改厨房,两万
        if intent in ("calculate", "plan") and of_money and not own.categories:
            return own.but(budget=money_named(reading), price_max=None, price_min=None)
        return own

    def _of_other_work(self, reading: Reading, session: Session) -> tuple[str, ...]:
        """Return what a piece of work takes, when it is another than the running goods are for: 要刷外墙 after a drain.

        What is akin to those goods goes before what is usual: 地上铺的 after wall tiles are floor tiles.
        """
        codes = codes_of_work(self._reader.binding, reading.slots.symptoms)
        running = session.topic.constraints.categories
        other = bool(running) and not set(codes) & {*running, *self._catalogue.under(running)}
        codes = tuple(sorted(codes, key=lambda code: not self._akin(code, running)))
        return codes[:1] if other and not reading.slots.goods and not reading.has(*BACK) else ()

    def _akin(self, code: str, others: tuple[str, ...]) -> bool:
        """Tell whether a kind is of one root with others."""
        return self._catalogue.path(code)[0] in {self._catalogue.path(other)[0] for other in others}

    def _in_units_of_the_running(self, own: Constraints, reading: Reading, session: Session) -> bool:
        """Tell whether pieces are counted as the running goods are sold, not those named: 吊顶10平用几张 after plasterboards."""
        running = session.topic.constraints.categories
        if len(running) != 1 or len(own.categories) != 1 or running == own.categories:
            return False
        asked = "".join(reading.text[cue.start : cue.end] for cue in reading.cues.of("ask.howmany"))
        unit, other = (self._catalogue.categories[code].unit or "" for code in (running[0], own.categories[0]))
        return bool(unit) and unit in asked and not (other and other in asked)

    def _by_unit(self, reading: Reading) -> tuple[str, ...]:
        """Return the product word whose unit is asked for: 石膏板吊顶要几张 counts 张 of 石膏板."""
        asked = "".join(reading.text[cue.start : cue.end] for cue in reading.cues.of("ask.howmany"))
        for span in reading.slots.goods:
            for code in self._reader.slots.codes(span):
                unit = self._catalogue.categories[code].unit
                if unit and unit in asked:
                    return (code,)
        return ()

    def completed(
        self, intent: str, reading: Reading, merged: Constraints, origin: str | None, session: Session
    ) -> Constraints:
        """Return the merged constraints with the place, the budget of a plan and the kinds that help against a trouble."""
        constraints = merged
        if origin is not None:
            constraints = constraints.but(origin=origin)
        if intent == "plan" and constraints.budget is None and constraints.price_max is not None:
            constraints = constraints.but(budget=reading.slots.values.get("money_said"), price_max=None, price_min=None)
        if intent in _LISTS or intent == "plan":
            constraints = constraints.but(adcode=session.place)
        limits = "budget" in reading.slots.values or constraints.price_max is None
        if intent == "recommend" and constraints.budget is not None and limits:
            constraints = constraints.but(price_max=_for_each(constraints.budget, reading))
        slots = reading.slots
        if asks_grade(reading) and self._ungraded(constraints):
            constraints = constraints.but(formaldehyde=())
        composed = _COMPOSED in slots.because.get("categories", "")  # 贴砖,用啥粘 names the glue
        broken = intent == "service" and reading.has("service.after_sales")  # 到家裂了 tells of no trouble at home
        if slots.symptoms and not (composed or broken) and (not constraints.categories or asks_remedy(reading)):
            codes = self._fit_for_the_place(self._reader.binding.helping(slots.symptoms), constraints.scenes)
            narrowed = self._narrowed(reading, codes[:1], wanted_words(reading))
            narrowed = self._beside_for(codes[:1], constraints.scenes) or narrowed
            if reading.scope.out and (refused := set(self._narrowed(reading, codes[:1])) - set(narrowed)):
                constraints = constraints.but(exclude_categories=tuple(refused))  # 铺地的,别是木头的
            helping = narrowed or codes[:1] or constraints.categories
            session.data[KIND_BY_TROUBLE] = list(helping)
            told = against_troubles(reading, self._catalogue, helping, constraints.features, _A_CHOICE)
            if not constraints.scenes and helping:
                marked = Constraints(categories=helping, features=told or constraints.features)
                there = places_of_troubles(reading, self._catalogue, marked, _A_CHOICE)
                constraints = constraints.but(scenes=there)
            constraints = constraints.but(categories=helping, features=told or constraints.features)
        elif intent == "recommend" and len(constraints.categories) == 1 and constraints.scenes:  # 给娃刷墙的漆
            beside = self._beside_for(constraints.categories, constraints.scenes)
            constraints = constraints.but(categories=(*constraints.categories, *beside))
        return constraints

    def _fit_for_the_place(self, codes: tuple[str, ...], scenes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the kinds that help, one that has goods for the place told first: 地下室 of what stops a leak."""
        if not scenes or len(codes) < 2:
            return codes
        fit = [c for c in codes if counted(self._catalogue, Constraints(categories=(c,), scenes=scenes))]
        return (*fit, *(code for code in codes if code not in fit))

    def _narrowed(self, reading: Reading, codes: tuple[str, ...], words: tuple[Span, ...] = ()) -> tuple[str, ...]:
        """Return the narrower kinds that a word of the text makes of what helps; what is refused makes one where no `words` are given."""
        made = self._reader.slots.compose_with(reading.text, codes, words) if codes else ()
        return tuple(code for code in made if code in self._catalogue.under(codes))

    def _beside_for(self, codes: tuple[str, ...], scenes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the kind beside one that is named after the place, where the kind has none for it: 儿童漆 for 给娃屋刷墙."""
        if not codes or not scenes or counted(self._catalogue, Constraints(categories=codes, scenes=scenes)):
            return ()
        parent = self._catalogue.categories[codes[0]].parent
        beside = self._catalogue.children(parent) if parent else ()
        stems = {scene[:_STEM] for scene in scenes}
        named = (c for c in beside if any(stem in name for stem in stems for name in all_names(c, self._catalogue)))
        return tuple(c for c in named if counted(self._catalogue, Constraints(categories=(c,), scenes=scenes)))[:1]

    def _ungraded(self, constraints: Constraints) -> bool:
        """Tell whether nothing of the kinds has a formaldehyde grade: paint has none, it is boards that are graded."""
        probe = Constraints(categories=constraints.categories, formaldehyde=FORMALDEHYDE)
        return bool(constraints.categories) and not counted(self._catalogue, probe)


def _for_each(budget: Decimal, reading: Reading) -> Decimal:
    """Return what one may cost: all of the money, or its part where so many are to be had for it: 五个一共不超过五十."""
    counts = [q for q in reading.quantities if q.dimension == "count" and q.value is not None and q.value > 1]
    if len(counts) != 1 or counts[0].value is None or "budget" not in reading.slots.values:
        return budget
    bought = reading.text[: counts[0].start].endswith(tuple(signs("bought")))
    if not (bought or any(sign in reading.text for sign in signs("all_together"))):
        return budget  # 推荐三款,预算一千: each of them
    return (budget / counts[0].value).quantize(Decimal("0.01"), ROUND_DOWN)
