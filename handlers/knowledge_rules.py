"""The rules for what is asked about things: talk about the talk, stored questions, sums, checks, meanings, plans, rankings.

They are tried before those of `shopping_rules`, and in this order. What costs most (`faq`) is asked for last in a rule. Words are in `locales/`.
"""

from __future__ import annotations

from handlers.control import CUES as CONTROL_CUES
from handlers.evidence import (
    NO_SUM,
    SHORT,
    Rule,
    bare_thing,
    happening,
    may_be_stored,
    most_saving,
    of_what_is_looked_for,
    only_amounts,
    only_cues,
    only_pointing,
    shopping,
    sized,
    stores_asked,
    wonders,
)
from handlers.faq_matching import LIKE, NEAR, SURE
from handlers.question_bars import SERVED, to_know

WORD_BY_WORD = 0.8  # of a stored question asked in nearly its own words
_VERY_LIKE = 0.85  # score of a stored question that is asked nearly in its own words

KNOWLEDGE_RULES: tuple[Rule, ...] = (
    ("nothing was said", "clarify", lambda e: not any(map(str.isalnum, e.reading.text))),
    ("an instruction to the machine", "out_of_scope", lambda e: e.cue("chat.injection") and not e.goods),
    (
        "a person is wanted",
        "handoff",
        lambda e: (
            (e.cue("human.want", "ask.handover") and not e.cue("chat.who", "ask.labour"))
            or (e.cue("human.fake") and not e.cue("chat.who", "ask.guide", "ask.howcheck") and not wonders(e))
            or (e.cue("human.address") and not e.goods)
        ),
    ),
    (
        "about the conversation itself",
        "control",
        lambda e: (
            e.cue(*CONTROL_CUES)
            and not e.goods
            and not (
                e.cue("op.undo", "op.reset")
                and (
                    e.slot("certified", "schemes")
                    or e.cue("ask.meaning", "ask.cert", "cert.stopped", "ask.service", "service.delivery")
                    or e.faq >= SURE
                    or (e.cue("op.reset") and e.cue("q.yesno") and len(e.reading.text) > SHORT)  # 发票能重来不
                )
            )
        ),
    ),
    (
        "a song, a dance or a share with one of our words",
        "out_of_scope",
        lambda e: e.cue("chat.off") and not e.cue("ask.price", "ask.cert", "ask.have", "ask.want"),
    ),
    (
        "an advert of a named thing",
        "verify",
        lambda e: (
            e.cue("ad.said") and (bool(e.skus) or e.slot("brands", "enterprises")) and not e.reading.certificate_numbers
        ),
    ),
    ("an advert", "glossary", lambda e: e.cue("ad.said") and not e.reading.certificate_numbers),
    ("a certificate number", "verify", lambda e: bool(e.reading.certificate_numbers)),
    (
        "what the certificate of the last one says",
        "verify",
        lambda e: (
            (e.cue("ask.certinfo") or (e.cue("ask.verify") and len(e.reading.text) <= SHORT))
            and not e.goods
            and not e.qualities
            and not e.reading.residue
            and not e.reading.places
            and bool(e.skus or e.session.topic.focus or e.session.topic.listed)
        ),
    ),
    (
        "who makes the last one",
        "enterprise",
        lambda e: (
            e.cue("ask.enterprise") and not e.wanting and bool(e.session.topic.focus) and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "which of the last ones is better",
        "compare",
        lambda e: (
            e.cue("ask.compare")
            and not e.cue("ask.meaning")
            and not e.wanting
            and len(e.session.topic.listed) > 1
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "a stored question, almost word by word",
        "faq",
        lambda e: (
            not e.skus
            and may_be_stored(e, WORD_BY_WORD)
            and not (shopping(e) and (e.goods or e.session.topic.listed))
            and not stores_asked(e)
            and e.faq >= WORD_BY_WORD
        ),
    ),
    (
        "how much is saved",
        "savings",
        lambda e: (
            e.cue("ask.savings")
            and not (most_saving(e) or e.cue("ask.ranking"))
            and (e.wanting or bool(e.session.topic.focus or e.session.topic.listed))
        ),
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
        "another brand beside the running one",
        "compare",
        lambda e: (
            e.cue("ask.compare")
            and e.slot("brands")
            and not e.goods
            and not e.skus
            and not set(e.reading.slots.values.get("brands", ())) <= set(e.session.topic.constraints.brands)
            and bool(e.session.topic.constraints.brands)
        ),
    ),
    (
        "two brands or kinds side by side",
        "compare",
        lambda e: (
            e.cue("ask.compare", "ask.better", "op.or")
            and not (e.pointed and e.skus)  # 第一个是地砖还是墙砖
            and (
                len(e.reading.slots.values.get("brands", ())) >= 2
                or len(e.reading.slots.values.get("categories", ())) >= 2
            )
        ),
    ),
    (
        "a kind beside one that we lack",
        "compare",
        lambda e: (
            e.cue("ask.compare", "ask.better", "op.or")
            and e.slot("categories")
            and bool(e.slot("wider") or e.reading.slots.absent)
            and len(e.reading.slots.goods) > 1
            and not e.skus
        ),
    ),
    (
        "the best of the last list",
        "compare",
        lambda e: e.cue("ask.compare", "ask.better") and e.cue("ref.these", "ref.both") and len(e.skus) >= 2,
    ),
    (
        "how far a pack of it goes",
        "calculate",
        lambda e: (
            e.cue("aspect.coverage")
            and e.goods
            and any(q.dimension in ("volume", "mass", "count") for q in e.reading.quantities)
        ),
    ),
    (
        "how much in general, like a stored question",
        "faq",
        lambda e: (
            e.cue("ask.howmany", "ask.coverage")
            and e.cue("ask.know")
            and e.session.intent != "calculate"
            and not sized(e)
            and not e.skus
            and not e.cue("ask.price")
            and e.faq >= LIKE
        ),
    ),
    (
        "how much is needed",
        "calculate",
        lambda e: (
            e.cue("ask.howmany", "ask.coverage")
            and not e.cue("ask.price", "aspect.power")
            and (e.area or not e.cue("aspect.capacity"))
            and not (e.skus and e.cue("aspect.life", "aspect.warranty"))  # 它能用几年
            and (e.area or e.goods or bool(e.skus) or e.session.intent == "calculate" or of_what_is_looked_for(e))
        ),
    ),
    (
        "the calculation goes on",
        "calculate",
        lambda e: (
            e.session.intent == "calculate"
            and (
                only_amounts(e)
                or (e.cue("calc.height") and bool(e.reading.quantities))  # 高州 is none
                or e.cue(
                    "calc.ceiling", "calc.no_ceiling", "calc.loss", "calc.openings", "calc.no_openings", "calc.add"
                )
            )
            and not e.cue("ask.price", "ask.service", "ask.other_colors")
            and not (e.goods and e.slot("certified", "schemes", "stars", "min_stars"))  # 还有乳胶漆有三星的没
        ),
    ),
    (
        "another size of a piece in the calculation",
        "calculate",
        lambda e: (
            e.session.intent == "calculate"
            and e.slot("size")
            and (e.cue("ask.howmany") or not e.cue("ask.price"))
            and not e.cue("ask.which", "ask.have", "ask.want", "ask.cert", "ask.guide")
        ),
    ),
    (
        "what the calculation comes to",
        "calculate",
        lambda e: e.cue("ask.price") and e.session.intent == "calculate" and only_cues(e),
    ),
    (
        "what the plan comes to",
        "plan",
        lambda e: e.cue("ask.price", "ask.total") and e.session.intent == "plan" and only_cues(e),
    ),
    (
        "something of the plan for something else",
        "plan",
        lambda e: (
            e.session.intent == "plan"
            and not e.cue("ask.price", "ask.cert", "ask.have", "ask.which", "ask.guide", "ask.where", "ask.howmany")
            and (
                e.slot("exclude_categories")
                or (
                    e.cue("op.swap", "op.replace", "rel.cheaper", "rel.dearer", "op.others")
                    and (e.slot("categories") or bool(e.skus))
                )
            )
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
        "a weight of a kind to be bought",
        "calculate",
        lambda e: (
            e.slot("lot_kg")
            and (e.slot("categories") or (not e.goods and e.session.intent == "calculate"))
            and not e.picky
            and not e.cue("ask.which", "ask.guide", "ask.plan", "ask.where", "ask.service", "ask.have", "ask.compare")
        ),
    ),
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
    (
        "which certificates the goods looked for have",
        "verify",
        lambda e: (
            e.cue("ask.allcerts")
            and not e.goods
            and not e.skus
            and not e.slot("brands", "enterprises", "schemes")
            and bool(e.session.topic.constraints.categories)
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "what became of the certificates of a brand",
        "verify",
        lambda e: e.cue("term.lapsed", "cert.stopped") and (bool(e.skus) or e.slot("brands", "enterprises")),
    ),
    ("is this one certified", "verify", lambda e: e.cue("ask.cert", "ask.allcerts") and bare_thing(e)),
    (
        "has this brand that certification",
        "verify",
        lambda e: e.cue("ask.have") and e.slot("schemes", "certified") and bare_thing(e) and not e.goods,
    ),
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
            may_be_stored(e, SURE)
            and not shopping(e)
            and not (e.pointed and (e.skus or not e.goods))
            and not e.slot("price_min", "price_max")
            and (
                not e.slot("stars", "min_stars")
                or not (e.goods or e.skus or e.session.topic.listed)
                or (e.cue("ask.compare") and not e.goods and not e.skus)
            )
            and not stores_asked(e)
            and not (e.cue("ask.enterprise") and e.slot("batch"))
            and not (e.cue("ask.event") and len(e.reading.text) <= SHORT)
            and not (e.cue("ask.remedy") and e.goods)
            and not (e.asks_work and e.faq < _VERY_LIKE)  # 外墙刷什么 asks for goods
            and e.faq >= (SERVED if e.cue("ask.service") else SURE)
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
            and not (e.session.intent == "verify" and not e.goods and bare_thing(e) and only_pointing(e))
            and not e.cue("ask.price", "ask.howmany", "ask.service", "ask.where", "ask.guide")
        ),
    ),
    (
        "an area for what is being looked for",
        "calculate",
        lambda e: (
            e.area and not e.goods and not e.skus and bool(e.session.topic.constraints.categories) and not e.picky
        ),
    ),
    (
        "how or whether, near a stored question",
        "faq",
        lambda e: (
            e.cue("ask.how")
            and not e.area
            and not e.pointed
            and not e.cue("ask.price", "ask.which", "ask.cert", "ask.guide", "ask.compare", "ask.service", "ask.event")
            and not e.slot("price_min", "price_max", "certified", "schemes")
            and e.faq >= (SURE if e.reading.slots.symptoms and e.cue("ask.remedy") else 0.45)  # 堂屋冷咋整
        ),
    ),
    (
        "what happens to a thing, near a stored question",
        "faq",
        lambda e: (
            happening(e)
            and not e.qualities
            and not e.skus
            and not any(name.startswith(("ask.", "rel.", "sort.")) for name in e.reading.cues.names)
            and e.faq >= NEAR
        ),
    ),
    (
        "what a maker is like that we do not have",
        "not_found",
        lambda e: e.cue("ask.how", "ask.know") and bool(e.reading.slots.unknown) and not e.wanting and to_know(e),
    ),
    ("something to know, like a stored question", "faq", lambda e: e.cue("ask.how", "ask.know") and to_know(e)),
)
