"""The rules for what is looked for: the running list, products, and what is left when nothing else held.

They are tried after those of `whereabouts`, in this order. Words are in `locales/`.
"""

from __future__ import annotations

from handlers.certification.claims import find_claims
from handlers.rules.evidence import Rule
from handlers.rules.question_bars import unwritten
from handlers.rules.shapes import (
    RELATIVE,
    SHORT,
    SORTS,
    asks_again,
    asks_whether_so,
    bare_number,
    bare_thing,
    makers_asked,
    makers_of_goods,
    not_ours,
    only_amounts,
    only_cues,
    only_named,
    only_pointing,
    only_spoken_of,
    other_size,
    strange,
    what_to_take,
    wish_of_unknown,
)
from handlers.session import SPOKEN_OF
from handlers.stored_questions.matching import ASKED, FAIR, NEAR, SURE

NOT_OURS = "something not ours"
LACKED = "a building material that is lacking"
NOTHING_NAMED = "nothing to look for"
UNKNOWN_BRAND = "a brand that nobody here knows"
NOTHING_TO_CHECK = "a check of nothing named"
AFTER_SALES = "after-sales of which no stored question tells"
CHEAPER_THAN_WHAT = "cheaper than what"
PRODUCTS = "products"
UNWRITTEN = "something to know that nobody wrote down"
OF_LIST_CERTIFIED = "which of the list are certified"
ROUGHLY = "a stored question, roughly"
IN_STOCK = "whether what was looked at is sold"
WHETHER_SO = "whether what was looked at is so"
_CHAT = tuple(
    f"chat.{what}" for what in ("greet", "thanks", "bye", "capability", "who", "praise", "abuse", "joke", "go_on")
)

SHOPPING_RULES: tuple[Rule, ...] = (
    (
        "the same check for another",
        "verify",
        lambda e: (
            e.session.intent == "verify"
            and bare_thing(e)
            and not e.goods
            and len(e.reading.text) <= SHORT
            and (only_pointing(e) or e.cue("ref.largest", "ref.smallest") or other_size(e))
        ),
    ),
    (
        "another limit or size for the same list",
        "recommend",
        lambda e: not e.goods and not e.pointed and bool(e.session.topic.constraints.categories) and bare_number(e),
    ),
    (
        "only what is certified",
        "recommend",
        lambda e: (
            e.cue("cond.certified")
            and (
                e.slot("categories", "wider")
                or (bool(e.session.topic.constraints.categories) and not e.goods)  # goods that we lack are said to be
            )
            and not e.reading.slots.foreign
        ),
    ),
    (
        "what need not be any more",
        "recommend",
        lambda e: (
            e.cue("op.drop_what", "op.except_it", "op.need_not")
            and bool(e.session.topic.listed or e.session.intent == "not_found")
            and not e.goods
        ),
    ),
    ("the rest of the list", "recommend", lambda e: e.cue("ask.more") and bool(e.session.topic.seen) and not e.goods),
    (
        "cheaper, dearer, another",
        "recommend",
        lambda e: (
            e.cue(*RELATIVE)
            and bool(
                e.session.topic.listed
                or (
                    e.session.topic.constraints.categories
                    and (e.session.intent == "not_found" or not e.cue("op.others", "ask.more"))
                )
            )
            and not e.pointed
            and not other_size(e)
            and not e.cue("sort.price_asc")
            and not (e.reading.slots.absent and e.cue("ask.more", "op.others"))
        ),
    ),
    (
        "more of the same brand",
        "recommend",
        lambda e: e.cue("op.same_brand") and not e.goods and bool(e.session.topic.listed),
    ),
    (
        "those with the most stars",
        "recommend",
        lambda e: e.cue("best.stars") and not e.skus and (e.goods or bool(e.session.topic.constraints.categories)),
    ),
    (
        "the list in another order",
        "recommend",
        lambda e: (
            e.cue("op.sortlist") and e.cue(*SORTS) and not e.goods and bool(e.session.topic.constraints.categories)
        ),
    ),
    (
        "the best of the last list by one figure",
        "detail",
        lambda e: (
            e.cue(*SORTS)
            and not e.goods
            and len(e.session.topic.listed) > 1
            and e.session.topic.intent != SPOKEN_OF  # the picks of a guide are not all there is
            and not e.slot("brands")
            and not (e.slot("limit") and not e.skus)  # 质量最好的给我三个 is a list in that order
            and not (e.cue("op.sortlist") or (e.cue("ask.have") and not e.skus))
            and (not e.cue("rel.cheaper") or e.cue("ask.which", "ask.better", "ask.compare"))  # 有便宜的不 wants others
        ),
    ),
    (
        "a maker",
        "enterprise",
        lambda e: (
            (e.cue("ask.enterprise", "ask.place") or e.slot("enterprises") or makers_of_goods(e))
            and not e.slot("price_min", "price_max", "exclude_brands")
            and not e.reading.slots.unknown
            and not (e.reading.residue and not e.wanting and only_named(e))
            and makers_asked(e)
        ),
    ),
    (
        "how to choose",
        "guide",
        lambda e: (
            e.cue("ask.guide")
            and not e.skus
            and not e.slot("price_min", "price_max", "certified", "schemes")
            and (
                e.slot("categories", "wider", "rooms", "scenes")  # nothing tells how to choose what is lacking
                or "guide" in e.titles
                or e.cue("guide.trend")
                or (not (e.qualities or e.goods) and bool(e.session.topic.constraints.categories))
            )
        ),
    ),
    (
        "how to choose, of nothing named",
        "clarify",
        lambda e: e.cue("ask.guide") and not e.wanting and len(e.reading.text) <= SHORT and not e.reading.slots.foreign,
    ),
    (
        IN_STOCK,
        "detail",
        lambda e: (
            e.cue("ask.stock")
            and not e.goods
            and not e.qualities
            and bool(e.skus or e.session.topic.focus or e.session.topic.listed)
        ),
    ),
    (
        "the price of what was looked at",
        "detail",
        lambda e: e.cue("ask.price") and bool(e.session.topic.focus) and only_cues(e),
    ),
    (
        "the prices of what was spoken of",
        "recommend",
        lambda e: e.cue("ask.price") and bool(e.session.topic.constraints.categories) and only_cues(e),
    ),
    ("the price of nothing", "clarify", lambda e: e.cue("ask.price") and only_cues(e)),
    (
        "how many of them there are",
        "recommend",
        lambda e: (
            e.cue("ask.count")
            and not e.cue("ask.price")
            and not (e.skus and e.cue("aspect.color", "aspect.variants"))  # 它有几种颜色
            and bool(e.session.topic.constraints.categories)
            and not e.goods
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "what several of it come to",
        "detail",
        lambda e: (
            e.cue("ask.price") and only_amounts(e) and bool(e.session.topic.listed) and not e.reading.slots.foreign
        ),
    ),
    ("about products named", "detail", lambda e: bool(e.skus)),
    (
        OF_LIST_CERTIFIED,
        "recommend",
        lambda e: (
            e.cue("ask.cert")
            and not e.goods
            and len(e.session.topic.listed) > 1
            and not (e.session.topic.focus and e.cue("q.yesno") and not e.slot("schemes", "stars", "min_stars"))
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "which one is better",
        "compare",
        lambda e: (
            e.cue("ask.compare") and len(e.session.topic.listed) >= 2 and not e.goods and not e.slot("scenes", "rooms")
        ),
    ),
    (
        "is it certified, of the last one",
        "verify",
        lambda e: e.cue("ask.cert") and not e.goods and bool(e.session.topic.focus),
    ),
    (
        UNKNOWN_BRAND,
        "not_found",
        lambda e: e.cue("ask.cert") and not e.wanting and bool(e.reading.residue) and e.faq < NEAR,
    ),
    (
        "a stored question, rather than a thing that is not ours",
        "faq",
        lambda e: (
            e.cue("ask.how")
            and not e.slot("categories", "wider")
            and not e.qualities
            and bool(e.reading.slots.foreign or e.reading.slots.absent)
            and e.faq >= NEAR
        ),
    ),
    (
        "a narrower kind of what is being looked for",
        "recommend",
        lambda e: bool(e.session.topic.constraints.categories and e.composed) and not e.skus,
    ),
    (NOT_OURS, "out_of_scope", not_ours),
    (
        LACKED,
        "not_found",
        lambda e: (
            bool(e.reading.slots.absent)
            and not e.slot("categories", "wider")
            and (not e.reading.slots.symptoms or e.cue("ask.which"))  # 铁门生锈刷哪种漆
        ),
    ),
    (
        "goods or a trouble that are only spoken of in what a stored question asks",
        "faq",
        lambda e: (
            (e.goods or bool(e.reading.slots.symptoms))
            and not e.asks_work
            and not e.session.topic.listed
            and only_spoken_of(e)
            and e.surely_stored
            and e.faq >= (FAIR if e.reading.slots.symptoms else SURE)
        ),
    ),
    (UNWRITTEN, "unwritten", unwritten),
    (PRODUCTS, "recommend", lambda e: e.goods or bool(e.reading.slots.symptoms)),
    (
        "an order alone",
        "recommend",
        lambda e: (
            e.cue(*SORTS)
            and not (e.reading.slots.foreign or e.skus or strange(e))
            and not (e.cue("ref.these") and not e.session.topic.listed)  # 这几个里头哪个最便宜: which ones
        ),
    ),
    (WHETHER_SO, "detail", asks_whether_so),
    (
        "a quality of what is being looked for",
        "recommend",
        lambda e: e.qualities and bool(e.session.topic.constraints.categories or e.session.topic.listed),
    ),
    (
        "a part of what is being looked for",
        "recommend",
        lambda e: e.cue("want.part") and bool(e.session.topic.constraints.categories) and not e.wanting,
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
        CHEAPER_THAN_WHAT,
        "clarify",
        lambda e: (
            ((e.cue(*RELATIVE) and len(e.reading.text) <= SHORT) or (e.cue(*SORTS) and e.cue("ref.these")))
            and not (e.wanting or e.session.topic.listed)
        ),
    ),
    (
        NOTHING_TO_CHECK,
        "verify",
        lambda e: (
            not e.wanting
            and (e.cue("ask.check") or (e.cue("ask.verify") and not e.reading.residue and len(e.reading.text) <= SHORT))
        ),
    ),
    (
        "what nobody may claim",
        "glossary",
        lambda e: (
            e.cue("q.yesno", "ask.which", "ask.better", "ask.verify", "ask.have", "claim.said")
            and not e.wanting_goods
            and not e.reading.slots.foreign
            and bool(find_claims(e.reading.normalised.raw, asked=True))
        ),
    ),
    ("who we are", "smalltalk", lambda e: e.cue("chat.who") and not e.wanting),
    (
        ROUGHLY,
        "faq",
        lambda e: (
            not (e.reading.slots.foreign or e.reading.scope.out or wish_of_unknown(e))
            and not (e.slot("attributes", "capacity", "size") and e.cue("ask.have", "ask.want"))
            and not (what_to_take(e) and e.faq < SURE)  # 屋顶隔热用啥
            and e.faq >= (ASKED if e.cue("aspect.formaldehyde") and not e.goods else NEAR)
        ),
    ),
    (
        AFTER_SALES,
        "service",
        lambda e: (
            e.cue("service.after_sales") and not e.wanting and not (e.cue("op.scene") and not e.cue("ask.service"))
        ),  # 装修 asks for no repair
    ),
    (
        "small talk",
        "smalltalk",
        lambda e: not e.reading.slots.symptoms and (e.cue(*_CHAT) or (e.cue("chat.ok") and len(e.reading.text) <= 3)),
    ),
    ("whether there is what is being looked for", "recommend", lambda e: e.cue("ask.have") and asks_again(e)),
    (
        NOTHING_NAMED,
        "clarify",
        lambda e: (
            (e.cue("ask.want", "ask.have", "op.choose_for_me") or (bool(e.reading.quantities) and bare_number(e)))
            and not e.wanting
            and len(e.reading.text) <= SHORT
        ),
    ),
)
