"""Decide what is asked: a table of rules with human names, tried in order. The first that holds decides.

A rule looks at the cues, the slots, what is pointed at, and how well a stored question fits. Words are in `locales/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.faq_matching import NEAR, SURE

if TYPE_CHECKING:
    from handlers.session import Session
    from handlers.understanding.reading import Reading

QUALITIES = (
    "brands", "exclude_brands", "certified", "schemes", "stars", "min_stars", "price_min", "price_max", "features", "exclude_features",
    "scenes", "color", "exclude_color", "size", "capacity", "attributes", "formaldehyde", "grade", "series", "title_words", "batch",
    "exclude_categories", "wishes", "materials", "rooms",
)  # fmt: skip
SORTS = (
    "sort.price_asc",
    "sort.price_desc",
    "sort.sales",
    "sort.rating",
    "sort.growth",
    "sort.water_saving",
    "sort.energy_saving",
    "sort.carbon_saving",
)
RELATIVE = ("rel.cheaper", "rel.dearer", "rel.bigger", "rel.smaller", "rel.morestars", "op.others", "ask.more")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rules look at."""

    reading: Reading
    session: Session
    skus: tuple[str, ...]  # named or pointed at
    pointed: bool
    faq: float  # 0–1, how well the best stored question fits
    titles: frozenset[str] = frozenset()  # kinds of things whose title was said: event, ranking, pavilion, plan, guide

    def cue(self, *names: str) -> bool:
        """Tell whether a cue was found."""
        return self.reading.has(*names)

    def slot(self, *names: str) -> bool:
        """Tell whether a slot was filled."""
        return any(self.reading.slots.values.get(name) for name in names)

    @property
    def goods(self) -> bool:
        """Tell whether a kind of product was named."""
        slots = self.reading.slots
        return bool(self.slot("categories", "wider") or slots.absent)

    @property
    def qualities(self) -> bool:
        """Tell whether a quality that filters products was named."""
        return self.slot(*QUALITIES)

    @property
    def area(self) -> bool:
        """Tell whether there is an amount that only a calculation needs."""
        return (
            any(q.dimension in ("area", "coats", "rooms") for q in self.reading.quantities)
            or sum(q.dimension == "length" for q in self.reading.quantities) >= 2
        )

    @property
    def wanting_goods(self) -> bool:
        """Tell whether a kind, a product, a brand or a number was named."""
        return self.goods or bool(self.skus) or self.slot("brands", "enterprises", "series")

    @property
    def wanting(self) -> bool:
        """Tell whether something sold is at stake at all."""
        return self.goods or self.qualities or bool(self.skus) or bool(self.reading.slots.symptoms)


SERVED = 0.72  # of a stored question where a service answers as well
SHORT = 8  # characters: no room for a question of one's own beside a quality
FEW_MORE = 3  # characters beside a product word that still make it a bare request: 马桶, 看马桶呢

Rule = tuple[str, str, Callable[[Evidence], bool]]


def _in_talk(*intents: str) -> Callable[[Evidence], bool]:
    return lambda e: e.session.intent in intents


def _counts(e: Evidence) -> bool:
    return any(
        q.dimension in ("count", "area", "coats", "rooms", "length", "time", "floors", "percent")
        for q in e.reading.quantities
    )


def _only_amounts(e: Evidence) -> bool:
    return not e.goods and not e.skus and not e.qualities and _counts(e)


def _shopping(e: Evidence) -> bool:
    """Tell whether goods are asked for outright, though a stored question uses the same words."""
    asks = e.cue("ask.how", "ask.meaning", "ask.compare", "ask.guide", "ask.better")
    if asks:
        return False
    if not e.goods:
        refining = (e.qualities or e.cue(*RELATIVE)) and len(e.reading.text) <= SHORT
        return refining or (bool(e.reading.slots.symptoms) and e.cue("ask.want") and len(e.reading.text) <= SHORT)
    said = sum(span.end - span.start for span in e.reading.slots.goods)
    bare = not e.reading.residue and len(e.reading.text) - said <= FEW_MORE
    return bare or e.qualities or e.cue("ask.want", "ask.have", *SORTS, *RELATIVE)


def _bare_number(e: Evidence) -> bool:
    """Tell whether the utterance is a number with next to nothing around it: 改成500, 八百的."""
    numbers = [q for q in e.reading.quantities if q.dimension == "number"]
    return len(numbers) == 1 and (e.cue("op.replace") or len(e.reading.text) - (numbers[0].end - numbers[0].start) <= 2)


def _bare_thing(e: Evidence) -> bool:
    """Tell whether nothing but the product itself was named, so that 有证吗 asks about it and not for a list."""
    return bool(e.skus) or (e.slot("brands", "enterprises", "series") and not e.slot("price_min", "price_max"))


RULES: tuple[Rule, ...] = (
    ("nothing was said", "clarify", lambda e: not any(c.isalnum() for c in e.reading.text)),
    ("an instruction to the machine", "out_of_scope", lambda e: e.cue("chat.injection") and not e.goods),
    (
        "a person is wanted",
        "handoff",
        lambda e: e.cue("human.want", "ask.handover", "human.fake") or (e.cue("human.address") and not e.goods),
    ),
    (
        "about the conversation itself",
        "control",
        lambda e: e.cue("op.reset", "op.undo", "meta.history", "meta.memory", "op.forget") and not e.goods,
    ),
    ("a certificate number", "verify", lambda e: bool(e.reading.certificate_numbers)),
    (
        "a stored question, almost word by word",
        "faq",
        lambda e: e.faq >= 0.8 and not e.area and not e.pointed and not _shopping(e),
    ),
    (
        "how much is saved",
        "savings",
        lambda e: e.cue("ask.savings") and (e.wanting or bool(e.session.topic.focus or e.session.topic.listed)),
    ),
    (
        "the saving goes on with another number",
        "savings",
        lambda e: e.session.intent == "savings" and _only_amounts(e) and not e.cue("ask.price"),
    ),
    ("two named things side by side", "compare", lambda e: e.cue("ask.compare", "ask.better") and len(e.skus) >= 2),
    (
        "two named pairs",
        "compare",
        lambda e: e.cue("ref.pair") and len(e.skus) >= 2 and not e.cue("ask.cert", "ask.price"),
    ),
    (
        "two brands or kinds side by side",
        "compare",
        lambda e: (
            e.cue("ask.compare", "ask.better")
            and (
                len(e.reading.slots.values.get("brands", ())) >= 2
                or len(e.reading.slots.values.get("categories", ())) >= 2
            )
        ),
    ),
    (
        "the best of the last list",
        "compare",
        lambda e: e.cue("ask.compare", "ask.better") and e.cue("ref.these", "ref.both") and len(e.skus) >= 2,
    ),
    (
        "how much is needed",
        "calculate",
        lambda e: (
            e.cue("ask.howmany", "ask.coverage")
            and not e.cue("ask.price")
            and (e.area or e.goods or bool(e.skus) or e.session.intent == "calculate")
        ),
    ),
    (
        "the calculation goes on",
        "calculate",
        lambda e: (
            e.session.intent == "calculate"
            and (
                _only_amounts(e)
                or e.cue(
                    "calc.ceiling",
                    "calc.no_ceiling",
                    "calc.height",
                    "calc.loss",
                    "calc.openings",
                    "calc.no_openings",
                    "calc.add",
                )
            )
            and not e.cue("ask.price")
        ),
    ),
    (
        "the missing number of a calculation",
        "calculate",
        lambda e: (
            e.session.asked == "area"
            and any(q.dimension in ("area", "number", "length", "count") for q in e.reading.quantities)
        ),
    ),
    ("how many pieces for an area", "calculate", lambda e: e.area and e.goods and e.cue("ask.howmany")),
    ("is this one certified", "verify", lambda e: e.cue("ask.cert", "ask.allcerts") and _bare_thing(e)),
    (
        "check this one",
        "verify",
        lambda e: (
            e.cue("ask.verify")
            and (bool(e.skus) or e.slot("brands"))
            and (e.slot("certified", "schemes", "stars", "min_stars") or bool(e.skus))
        ),
    ),
    (
        "is this one of that scheme",
        "verify",
        lambda e: (
            bool(e.skus)
            and e.slot("schemes", "stars", "min_stars", "certified")
            and e.cue("ask.cert", "ask.verify", "q.yesno")
        ),
    ),
    (
        "a stored question",
        "faq",
        lambda e: (
            e.faq >= (SERVED if e.cue("ask.service") else SURE)
            and not _shopping(e)
            and not e.area
            and not e.pointed
            and not e.slot("price_min", "price_max", "stars", "min_stars")
        ),
    ),
    (
        "the same for another kind",
        "recommend",
        lambda e: (
            e.cue("op.switch")
            and bool(e.session.topic.constraints.categories)
            and (e.slot("categories", "wider", "scenes", "rooms") or e.qualities)
            and e.session.intent in ("recommend", "not_found", "ranking", "compare", "detail", "verify")
            and not e.cue("ask.price", "ask.howmany", "ask.service", "ask.where", "ask.guide")
        ),
    ),
    (
        "an area for what is being looked for",
        "calculate",
        lambda e: (
            e.area and not e.goods and not e.skus and bool(e.session.topic.constraints.categories) and not e.qualities
        ),
    ),
    (
        "how or whether, near a stored question",
        "faq",
        lambda e: (
            e.faq >= 0.45
            and e.cue("ask.how")
            and not e.area
            and not e.pointed
            and not e.cue("ask.price", "ask.which", "ask.cert", "ask.guide", "ask.compare", "ask.service", "ask.event")
            and not e.slot("price_min", "price_max", "certified", "schemes")
        ),
    ),
    ("why this order", "why", lambda e: e.cue("ask.why") and not e.cue("ask.price") and not e.slot("categories")),
    (
        "what a word means",
        "glossary",
        lambda e: (
            e.cue("ask.meaning")
            and not e.skus
            and not e.slot("brands", "price_max")
            and (
                e.slot("schemes", "stars", "min_stars", "certified", "formaldehyde", "labels")
                or any(n.startswith("term.") for n in e.reading.cues.names)
            )
        ),
    ),
    (
        "the plan with another budget",
        "plan",
        lambda e: e.session.intent == "plan" and e.slot("budget", "price_max") and not e.goods and not e.skus,
    ),
    (
        "everything for a scene",
        "plan",
        lambda e: (
            (
                e.cue("ask.plan", "plan.scene")
                and not e.skus
                and (e.cue("op.scene", "plan.scene") or e.slot("scenes", "rooms") or "plan" in e.titles)
            )
            or (e.slot("budget", "price_max") and e.cue("op.scene", "ask.plan") and not e.goods)
        ),
    ),
    (
        "a ranking",
        "ranking",
        lambda e: e.cue("ask.ranking") and not e.cue("ask.why") and not e.slot("price_min", "price_max", "brands"),
    ),
    (
        "what a seller claims",
        "glossary",
        lambda e: e.cue("ask.verify") and e.slot("certified", "schemes") and not e.wanting_goods,
    ),
    ("a pavilion or a pilot region", "pavilion", lambda e: e.cue("ask.pavilion") or "pavilion" in e.titles),
    (
        "what goes on",
        "event",
        lambda e: (e.cue("ask.event") or "event" in e.titles) and not e.slot("price_min", "price_max", "certified"),
    ),
    (
        "a service",
        "service",
        lambda e: (
            e.cue("ask.service") and not (e.skus and e.cue("ask.cert")) and not (e.goods and e.cue("place.reach"))
        ),
    ),
    ("a shop", "stores", lambda e: e.cue("ask.where", "ask.stores", "ask.hours")),
    (
        "another limit or size for the same list",
        "recommend",
        lambda e: not e.goods and not e.pointed and bool(e.session.topic.constraints.categories) and _bare_number(e),
    ),
    ("the rest of the list", "recommend", lambda e: e.cue("ask.more") and bool(e.session.topic.seen) and not e.goods),
    (
        "cheaper, dearer, another",
        "recommend",
        lambda e: e.cue(*RELATIVE) and bool(e.session.topic.listed) and not e.pointed,
    ),
    (
        "the best of the last list by one figure",
        "detail",
        lambda e: e.cue(*SORTS) and not e.goods and len(e.session.topic.listed) > 1 and not e.slot("brands"),
    ),
    (
        "a maker",
        "enterprise",
        lambda e: (
            (e.cue("ask.enterprise", "ask.place") or e.slot("enterprises")) and not e.slot("price_min", "price_max")
        ),
    ),
    (
        "how to choose",
        "guide",
        lambda e: (
            e.cue("ask.guide")
            and not e.skus
            and not e.slot("price_min", "price_max", "certified", "schemes")
            and (e.goods or e.slot("rooms", "scenes") or "guide" in e.titles or not e.qualities)
        ),
    ),
    ("about products named", "detail", lambda e: bool(e.skus)),
    (
        "which one is better",
        "compare",
        lambda e: e.cue("ask.compare") and len(e.session.topic.listed) >= 2 and not e.goods,
    ),
    (
        "is it certified, of the last one",
        "verify",
        lambda e: e.cue("ask.cert") and not e.goods and bool(e.session.topic.focus),
    ),
    (
        "a brand that nobody here knows",
        "not_found",
        lambda e: e.cue("ask.cert") and not e.wanting and bool(e.reading.residue) and e.faq < NEAR,
    ),
    (
        "a stored question, rather than a thing that is not ours",
        "faq",
        lambda e: (
            e.faq >= NEAR
            and e.cue("ask.how")
            and not e.slot("categories", "wider")
            and not e.qualities
            and bool(e.reading.slots.foreign or e.reading.slots.absent)
        ),
    ),
    (
        "something not ours",
        "out_of_scope",
        lambda e: bool(e.reading.slots.foreign) and not e.slot("categories") and not e.reading.slots.symptoms,
    ),
    (
        "a building material that is lacking",
        "not_found",
        lambda e: bool(e.reading.slots.absent) and not e.slot("categories", "wider") and not e.reading.slots.symptoms,
    ),
    ("products", "recommend", lambda e: e.goods or bool(e.reading.slots.symptoms)),
    ("an order alone", "recommend", lambda e: e.cue(*SORTS) and not e.reading.slots.foreign and not e.skus),
    (
        "a quality of what is being looked for",
        "recommend",
        lambda e: e.qualities and bool(e.session.topic.constraints.categories or e.session.topic.listed),
    ),
    ("a brand alone", "recommend", lambda e: e.slot("brands", "series", "certified", "schemes", "stars", "min_stars")),
    ("a brand that we do not have", "not_found", lambda e: bool(e.reading.slots.unknown)),
    (
        "cheaper than what",
        "clarify",
        lambda e: e.cue(*RELATIVE) and not e.wanting and not e.session.topic.listed and len(e.reading.text) <= SHORT,
    ),
    ("a stored question, roughly", "faq", lambda e: e.faq >= NEAR and not e.reading.slots.foreign),
    (
        "small talk",
        "smalltalk",
        lambda e: (
            e.cue(
                "chat.greet",
                "chat.thanks",
                "chat.bye",
                "chat.capability",
                "chat.who",
                "chat.praise",
                "chat.abuse",
                "chat.joke",
            )
            or (e.cue("chat.ok") and len(e.reading.text) <= 3)
        ),
    ),
    (
        "qualities alone",
        "recommend",
        lambda e: e.slot(
            "features", "price_min", "price_max", "color", "formaldehyde", "size", "attributes", "capacity"
        ),
    ),
)


def decide(evidence: Evidence) -> tuple[str, str]:
    """Return the intent and the name of the rule that decided."""
    for name, intent, holds in RULES:
        if holds(evidence):
            return intent, name
    return "out_of_scope", "no word of ours"
