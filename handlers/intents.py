"""Decide what is asked: a table of rules with human names, tried in order. The first that holds decides.

A rule looks at the cues, the slots, what is pointed at, and how well a stored question fits. Words are in `locales/`.
"""

from __future__ import annotations

from collections.abc import Callable

from handlers.evidence import (
    RELATIVE,
    SHORT,
    SORTS,
    Evidence,
    bare_number,
    bare_thing,
    happening,
    only_amounts,
    shopping,
    strange,
)
from handlers.faq_matching import LEAST, NEAR, SURE

SERVED = 0.72  # of a stored question where a service answers as well

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
)

Rule = tuple[str, str, Callable[[Evidence], bool]]


RULES: tuple[Rule, ...] = (
    ("nothing was said", "clarify", lambda e: not any(c.isalnum() for c in e.reading.text)),
    ("an instruction to the machine", "out_of_scope", lambda e: e.cue("chat.injection") and not e.goods),
    (
        "a person is wanted",
        "handoff",
        lambda e: (
            (e.cue("human.want", "ask.handover", "human.fake") and not e.cue("chat.who"))
            or (e.cue("human.address") and not e.goods)
        ),
    ),
    (
        "about the conversation itself",
        "control",
        lambda e: e.cue("op.reset", "op.undo", "meta.history", "meta.memory", "op.forget") and not e.goods,
    ),
    (
        "a song, a dance or a share with one of our words",
        "out_of_scope",
        lambda e: e.cue("chat.off") and not e.cue("ask.price", "ask.cert", "ask.have", "ask.want"),
    ),
    ("a certificate number", "verify", lambda e: bool(e.reading.certificate_numbers)),
    (
        "a stored question, almost word by word",
        "faq",
        lambda e: e.faq >= 0.8 and not e.area and not e.pointed and not shopping(e),
    ),
    (
        "how much is saved",
        "savings",
        lambda e: e.cue("ask.savings") and (e.wanting or bool(e.session.topic.focus or e.session.topic.listed)),
    ),
    (
        "the saving goes on with another number",
        "savings",
        lambda e: e.session.intent == "savings" and only_amounts(e) and not e.cue("ask.price"),
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
                only_amounts(e)
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
    (
        "an area of a kind or a piece of work",
        "calculate",
        lambda e: (
            e.area
            and (e.slot("categories", "wider") or bool(e.reading.slots.symptoms))
            and not e.picky
            and not e.cue(*NO_SUM)
        ),
    ),
    (
        "the certificate or the stars of a named thing",
        "verify",
        lambda e: bool(e.skus) and (e.cue("cert.number") or e.slot("stars", "min_stars")) and not e.cue("ask.compare"),
    ),
    ("is this one certified", "verify", lambda e: e.cue("ask.cert", "ask.allcerts") and bare_thing(e)),
    (
        "check this one",
        "verify",
        lambda e: e.cue("ask.verify") and (bool(e.skus) or e.slot("brands")),
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
            and not shopping(e)
            and not e.area
            and not (e.pointed and (e.skus or not e.goods))
            and not e.slot("price_min", "price_max")
            and (not e.slot("stars", "min_stars") or (e.cue("ask.compare") and not e.goods and not e.skus))
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
    (
        "what happens to a thing, near a stored question",
        "faq",
        lambda e: (
            e.faq >= NEAR
            and happening(e)
            and not e.qualities
            and not e.skus
            and not any(name.startswith(("ask.", "rel.", "sort.")) for name in e.reading.cues.names)
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
        "two labels side by side",
        "glossary",
        lambda e: (
            e.cue("ask.compare", "ask.better")
            and max(len(e.reading.slots.values.get(name, ())) for name in ("schemes", "said_stars")) >= 2
            and not e.goods
            and not e.skus
        ),
    ),
    (
        "what a seller claims",
        "glossary",
        lambda e: e.cue("ask.verify") and e.slot("certified", "schemes") and not e.wanting_goods,
    ),
    (
        "a plan by its name",
        "plan",
        lambda e: "plan" in e.titles and not e.goods and not e.skus and not e.cue("ask.price", "ask.guide"),
    ),
    (
        "a scene to be made over",
        "plan",
        lambda e: e.cue("op.scene") and e.slot("scenes", "rooms") and not e.goods and not e.skus and e.faq < SURE,
    ),
    (
        "how to check, near a stored question",
        "faq",
        lambda e: e.cue("ask.howcheck") and not e.wanting_goods and e.faq >= LEAST,
    ),
    ("how to check", "glossary", lambda e: e.cue("ask.howcheck") and not e.wanting_goods),
    ("money from the state", "faq", lambda e: e.cue("ask.subsidy") and not e.skus and e.faq >= LEAST),
    ("money from the state, not asked before", "glossary", lambda e: e.cue("ask.subsidy") and not e.skus),
    ("a pavilion or a pilot region", "pavilion", lambda e: e.cue("ask.pavilion") or "pavilion" in e.titles),
    (
        "what goes on",
        "event",
        lambda e: (
            (e.cue("ask.event") or ("event" in e.titles and not e.cue("ask.guide")))
            and not e.slot("price_min", "price_max", "certified")
        ),
    ),
    (
        "a service",
        "service",
        lambda e: (
            e.cue("ask.service") and not (e.skus and e.cue("ask.cert")) and not (e.goods and e.cue("place.reach"))
        ),
    ),
    ("a shop", "stores", lambda e: e.cue("ask.where", "ask.stores", "ask.hours") and not e.cue("ask.enterprise")),
    (
        "another limit or size for the same list",
        "recommend",
        lambda e: not e.goods and not e.pointed and bool(e.session.topic.constraints.categories) and bare_number(e),
    ),
    (
        "what need not be any more",
        "recommend",
        lambda e: e.cue("op.drop_what", "op.except_it") and bool(e.session.topic.listed) and not e.goods,
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
            (e.cue("ask.enterprise", "ask.place") or e.slot("enterprises"))
            and not e.slot("price_min", "price_max", "exclude_brands")
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
    (
        "its link or its place in the room",
        "detail",
        lambda e: e.cue("ask.link", "ask.ar") and bool(e.session.topic.focus) and not e.goods,
    ),
    (
        "what several of it come to",
        "detail",
        lambda e: (
            e.cue("ask.price") and only_amounts(e) and bool(e.session.topic.focus) and not e.reading.slots.foreign
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
        lambda e: bool(e.reading.slots.foreign) and not e.slot("categories", "wider") and not e.reading.slots.symptoms,
    ),
    (
        "a building material that is lacking",
        "not_found",
        lambda e: bool(e.reading.slots.absent) and not e.slot("categories", "wider") and not e.reading.slots.symptoms,
    ),
    ("products", "recommend", lambda e: e.goods or bool(e.reading.slots.symptoms)),
    (
        "an order alone",
        "recommend",
        lambda e: e.cue(*SORTS) and not e.reading.slots.foreign and not e.skus and not strange(e),
    ),
    (
        "a quality of what is being looked for",
        "recommend",
        lambda e: e.qualities and bool(e.session.topic.constraints.categories or e.session.topic.listed),
    ),
    (
        "a brand alone",
        "recommend",
        lambda e: (
            e.slot("brands", "series") or (e.slot("certified", "schemes", "stars", "min_stars") and not strange(e))
        ),
    ),
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
        "nothing to look for",
        "clarify",
        lambda e: e.cue("ask.want", "ask.have") and not e.wanting and len(e.reading.text) <= SHORT,
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
