"""The rules for what is to be known of things: checks of what is named, stored questions, and the same for another kind.

They are tried before those of `trust`, and in this order. What costs most (`faq`) is asked for last in a rule. Words are in `locales/`.
"""

from __future__ import annotations

from handlers.rules.evidence import QUALITIES, Evidence, Rule
from handlers.rules.question_bars import SERVED, VERY_LIKE, to_know
from handlers.rules.shapes import (
    LONGER,
    SHORT,
    SORTS,
    asking,
    bare_kind,
    bare_thing,
    goods_against,
    happening,
    may_be_stored,
    noun_phrase,
    only_named_so,
    only_pointing,
    quality_had,
    said_of_goods,
    shopping,
    stores_asked,
)
from handlers.stored_questions.matching import NEAR, SURE
from handlers.stored_questions.troubles import only_of_the_trouble
from handlers.understanding.word_tables import signs

TROUBLE_TOLD = "a trouble that a stored question is about"
_WISHED = tuple(name for name in QUALITIES if name not in ("scenes", "rooms", "title_words"))


def _only_a_kind_is_sited(e: Evidence) -> bool:
    """Tell whether what is where is a brand's goods and nothing more is told of them: 麦垛秋涂料在哪, …在哪生产."""
    last = max(span.end for span in e.reading.slots.goods) if e.reading.slots.goods else 0
    sited = e.reading.cues.first("ask.sited")
    between = e.reading.text[last : sited.start] if sited else ""
    return sited is not None and (not between or between in signs("of")) and not e.reading.slots.values.get("adcode")


def _trouble_told(e: Evidence) -> bool:
    """Tell whether what is wrong at home is told, what to do or why at most is asked, and no goods are wanted: 厕所返味咋整, but not 用啥."""
    if not e.reading.slots.symptoms or e.skus or e.pointed or e.area or e.slot(*_WISHED):
        return False
    if (
        e.cue("want.heard", *SORTS)
        or said_of_goods(e)
        or (not asking(e) and (e.session.topic.listed or e.cue("who.named")))
    ):
        return False  # 刘婶家房顶漏水
    return only_of_the_trouble(e.reading) and not any(sign in e.reading.text for sign in signs("wish_begun"))


def _asked_all_the_same(e: Evidence) -> bool:
    """Tell whether a stored question is asked though goods look wished for: nearly in its words (要找谁批), or a trouble (指纹锁没电了)."""
    if e.reading.slots.symptoms and e.goods and only_named_so(e) and not asking(e):
        return e.faq >= SURE and e.surely_stored
    told = e.slot("price_min", "price_max", "size", "color", "brands", "certified", "schemes", "attributes", "capacity")
    refused = e.reading.scope.out or e.cue("op.exclude", "op.refuse_limit")
    wished = told or e.skus or refused or noun_phrase(e) or bare_kind(e)
    return not wished and asking(e) and e.faq >= VERY_LIKE and e.surely_stored


KNOWLEDGE_RULES: tuple[Rule, ...] = (
    (
        "the certificate or the stars of a named thing",
        "verify",
        lambda e: (
            bool(e.skus)
            and (e.cue("cert.number", "term.issuer") or e.slot("stars", "min_stars"))
            and not e.cue("ask.compare")
        ),
    ),
    (
        "where the maker of a brand is",
        "enterprise",
        lambda e: (
            e.cue("ask.sited")
            and e.slot("brands", "enterprises")
            and not (e.skus or e.slot("price_min", "price_max"))
            and (not e.goods or _only_a_kind_is_sited(e))
            and len(e.reading.text) <= LONGER
        ),
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
    (TROUBLE_TOLD, "faq", lambda e: _trouble_told(e) and bool(e.troubled())),
    (
        "a stored question",
        "faq",
        lambda e: (
            may_be_stored(e, SURE)
            and not ((shopping(e) and not _asked_all_the_same(e)) or quality_had(e))
            and not (e.cue("op.same_brand") and e.session.topic.listed)  # 同一个牌子还有啥
            and not (
                e.session.topic.listed and e.cue("op.switch") and e.slot("certified", "schemes")
            )  # 那有绿色建材证的呢
            and not (e.pointed and (e.skus or not e.goods))
            and not e.slot("price_min", "price_max")
            and (
                not e.slot("stars", "min_stars")
                or not (e.goods or e.skus or e.session.topic.listed)
                or (e.cue("ask.compare") and not e.goods and not e.skus)
            )
            and not stores_asked(e)
            and not (e.cue("ask.enterprise") and e.slot("batch"))
            and not (e.cue("ask.event", "ask.brands") and len(e.reading.text) <= SHORT)
            and not (e.cue("ask.remedy") and e.goods)
            and not (e.cue("ask.which") and e.goods and e.reading.slots.symptoms and e.faq < VERY_LIKE)  # 发霉刷哪种漆
            and not ((e.asks_work or goods_against(e)) and e.faq < VERY_LIKE)  # 外墙刷什么 asks for goods
            and not (
                e.reading.slots.symptoms and e.cue("who.named") and not asking(e) and e.faq < SERVED
            )  # 刘婶家房顶漏水
            and e.faq >= (SERVED if e.cue("ask.service") and not e.cue("ask.who_pays") else SURE)
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
            e.area
            and not (e.goods or e.skus or e.picky)
            and (bool(e.session.topic.constraints.categories) or e.session.intent == "calculate")
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
            and (not e.qualities or only_named_so(e))  # 指纹锁打不开了
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
