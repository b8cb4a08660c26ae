"""The rules for what can only be said of the last answer: what its certificate covers, whether it may still be sold, a sum's money.

They are tried after those of `certificates` and before those of `sums`, so each asks for words that mean nothing else. Words are in `locales/`.
"""

from __future__ import annotations

from handlers.context.relative import THAN
from handlers.rules.asking_to_know import asks_to_know
from handlers.rules.evidence import Evidence, Rule
from handlers.rules.question_bars import SERVED, WORD_BY_WORD
from handlers.rules.shapes import (
    LONGER,
    SHORT,
    asking,
    bare_kind,
    goods_against,
    only_pointing,
    sized,
)
from handlers.stored_questions.matching import SURE
from handlers.understanding.word_tables import signs

COVERS = "what else the certificate of the last one covers"  # the numbers are those of what was spoken of
_SENTENCE = 4  # characters: no more than a word and a particle
_LEAST_MONEY = 500  # a smaller bare number is rarely what a plan or a sum may cost
GOODS = "whether what the events listed speak of is certified"
_DONE_WITH_IT = 5  # characters beside a kind that say that it is laid instead: 要是铺…呢
_OPENING = 4  # characters before the kind that a comparison begins with: 那跟, 比起
OTHERS_LISTED = (
    "one of the makers listed",
    "one of the events listed",
    "one of the pavilions listed",
    "one of the shops listed",
)
OTHERS_KIND = "others_kind"  # session.data: the intent of the answer that listed them
SAME_BRANDS = "the same brands for another kind"
PROPERTY = "a property of what is being looked for"  # of what was looked at, else of the first entries of the list
BESIDE_A_KIND = "another kind beside what is being looked for"


def _laid_instead(e: Evidence) -> bool:
    """Tell whether only a kind was named with what is done with it: 要是铺强化地板呢."""
    said = sum(span.end - span.start for span in e.reading.slots.goods)
    asks = any(name.startswith("ask.") and name != "ask.want" for name in e.reading.cues.names)
    return e.cue("op.switch") and not asks and len(e.reading.text) - said <= _DONE_WITH_IT


def _looked_at(e: Evidence) -> bool:
    """Tell whether a product was pointed at or spoken of last, and none of another kind is named."""
    return bool(e.skus or e.session.topic.focus) and not e.goods


def _spoken_of(e: Evidence) -> bool:
    return bool(e.skus or e.session.topic.focus or e.session.topic.listed) and not e.goods


def _money(e: Evidence) -> bool:
    """Tell whether money was named: 三千块, or 两万 where it is asked whether that suffices."""
    return any(
        q.dimension == "money" or (q.dimension == "number" and q.value is not None and q.value >= _LEAST_MONEY)
        for q in e.reading.quantities
    )


def _aspect(e: Evidence) -> bool:
    """Tell whether a property of goods was asked for: 多大一桶, 什么颜色."""
    return any(name.startswith("aspect.") for name in e.reading.cues.names)


def beside_what(e: Evidence) -> bool:
    """Tell whether only one side of a comparison was named: 跟硅酸钙板比呢, 比起地砖呢."""
    named = e.reading.slots.goods or [s for s in e.reading.found.spans if s.kind in ("category", "product")]
    before = min((span.start for span in named), default=0)
    return any(cue.start < before for cue in e.reading.cues.of("ask.compare")) and before <= _OPENING


def _differs(e: Evidence) -> bool:
    """Tell whether it is asked how far another kind differs from what is being looked for: 聚苯板差别大吗."""
    return any(sign in e.reading.text for sign in signs("differs")) and not any(
        cue.start < min(span.start for span in e.reading.slots.goods) for cue in e.reading.cues.of("ask.have")
    )


def _other(e: Evidence, intent: str) -> bool:
    """Tell whether one of the makers or events that the last answer listed is named by its place: 第一家, 第二场."""
    if not (e.cue("ref.ordinal", "ref.last", "ref.it") and not e.goods and len(e.reading.text) <= LONGER):
        return False
    of_them = any(sign in e.reading.text for sign in signs("maker_or_event"))
    if e.session.intent == intent:
        return bool(e.session.data.get("others_listed")) and (of_them or not e.session.topic.listed)
    where = e.cue("ask.hours", "ask.where") or any(sign in e.reading.text for sign in signs("contact"))
    return of_them and where and e.session.data.get(OTHERS_KIND) == intent


CONTINUATION_RULES: tuple[Rule, ...] = (
    (
        "once more what was looked at",
        "detail",
        lambda e: e.cue("op.repeat") and bool(e.session.topic.focus) and e.session.intent == "detail",
    ),
    (
        "once more the list",
        "recommend",
        lambda e: e.cue("op.repeat") and bool(e.session.topic.listed) and e.session.intent == "recommend",
    ),
    (
        GOODS,
        "event",
        lambda e: (
            e.cue("ask.event_goods")
            and e.session.intent == "event"
            and bool(e.session.data.get("others_listed"))
            and not e.goods
        ),
    ),
    (
        COVERS,
        "verify",
        lambda e: (
            e.cue("ask.covers")
            and not e.slot("brands", "enterprises")
            and (bool(e.reading.certificate_numbers) or _looked_at(e))
        ),
    ),
    (
        "whether what was looked at may still be sold",
        "verify",
        lambda e: (
            e.cue("ask.still")
            and _looked_at(e)
            and len(e.reading.text) <= LONGER
            and not e.cue("term.lapsed", "cert.stopped")
            and not e.reading.text.startswith(tuple(signs("supposing")))  # 要是过期了还能用吗 asks in general
        ),
    ),
    (
        "cheaper or dearer than what was spoken of",
        "recommend",
        lambda e: e.cue(*THAN) and _spoken_of(e) and len(e.reading.text) <= LONGER,
    ),
    (
        "why it costs what it does",
        "why",
        lambda e: e.cue("ask.why_price") and _spoken_of(e) and len(e.reading.text) <= LONGER,
    ),
    (
        "whether the money suffices for what was worked out",
        "calculate",
        lambda e: e.cue("calc.enough") and _money(e) and e.session.intent == "calculate" and not e.goods,
    ),
    (
        "the sum with another product",
        "calculate",
        lambda e: (
            e.session.intent == "calculate"
            and bool(e.skus)
            and not e.goods
            and e.cue("op.switch", "op.swap", "op.replace", "calc.enough", "ask.howmany", "calc.with_it", "ask.total")
            and (only_pointing(e) or e.cue("ask.howmany", "calc.with_it", "ask.total"))
        ),
    ),
    (
        "whether the money suffices for the plan",
        "plan",
        lambda e: e.cue("calc.enough") and _money(e) and e.session.intent == "plan" and not e.goods,
    ),
    (
        SAME_BRANDS,
        "compare",
        lambda e: (
            e.cue("op.switch")
            and e.session.intent == "compare"
            and len(e.session.topic.constraints.brands) > 1
            and e.slot("categories")
            and not e.slot("brands")
            and not e.skus
        ),
    ),
    (
        PROPERTY,
        "detail",
        lambda e: (
            bool(e.session.topic.listed)
            and _aspect(e)
            and not e.wanting
            and not e.cue(
                "aspect.coverage",
                "ask.service",
                "ask.price",
                "ask.savings",
                "ask.cert",
                "op.drop",
                "op.drop_what",
                "op.sortlist",
                "best.formaldehyde",
            )
            and not e.reading.slots.foreign
            and not sized(e)
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "whether the money suffices for what is being looked for",
        "recommend",
        lambda e: (
            e.cue("calc.enough")
            and _money(e)
            and e.session.intent in ("recommend", "detail", "compare", "not_found")
            and bool(e.session.topic.constraints.categories)
            and not e.goods
            and not e.area
        ),
    ),
    (
        "whether what was looked for suffices",
        "calculate",
        lambda e: (
            e.cue("calc.enough")
            and any(sign in e.reading.text for sign in signs("enough"))
            and e.session.intent in ("recommend", "detail", "verify")
            and bool(e.session.topic.constraints.categories)
            and not e.goods
            and not e.reading.slots.foreign
            and not _money(e)
            and len(e.reading.text) <= LONGER
        ),
    ),
    (
        BESIDE_A_KIND,
        "compare",
        lambda e: (
            e.cue("ask.compare")
            and len(e.reading.slots.values.get("categories", ())) == 1
            and bool(e.session.topic.constraints.categories)
            and e.session.topic.constraints.categories != e.reading.slots.values["categories"]
            and not e.skus
            and len(e.reading.text) <= LONGER
            and ((beside_what(e) and not e.cue("ask.meaning")) or _differs(e))
        ),
    ),
    (
        "some to choose from, of what was spoken of",
        "recommend",
        lambda e: (
            e.cue("ask.recommend")
            and not e.wanting
            and not e.reading.residue
            and not e.pointed
            and not e.reading.slots.foreign
            and bool(e.session.topic.constraints.categories)
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "which brands there are of it",
        "recommend",
        lambda e: e.cue("ask.brands") and not (e.goods or e.skus) and bool(e.session.topic.constraints.categories),
    ),
    ("a greeting and nothing else", "smalltalk", lambda e: e.cue("chat.hail")),
    (
        "how many stars the last one has",
        "verify",
        lambda e: e.cue("ask.stars") and bool(e.skus or e.session.topic.focus) and not e.goods,
    ),
    (
        "another kind of material for the same sum",
        "calculate",
        lambda e: (
            e.cue("op.replace", "op.swap", "op.switch")
            and e.session.intent == "calculate"
            and e.slot("categories")
            and (bare_kind(e) or _laid_instead(e))
            and not e.qualities
        ),
    ),
    (
        "what a unit of what was spoken of covers",
        "calculate",
        lambda e: (
            e.cue("ask.coverage", "aspect.coverage")
            and not e.goods
            and not e.area
            and not e.cue("ask.price")
            and bool(e.session.topic.focus or e.session.topic.constraints.categories)
            and len(e.reading.text) <= LONGER
        ),
    ),
    (
        "what the pavilion has",
        "pavilion",
        lambda e: (
            e.cue("ask.sold", "ask.which")
            and not e.cue("ask.enterprise", "ask.stores", "ask.event", "ask.brands")
            and e.session.intent == "pavilion"
            and not e.wanting
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "what the certified goods of the plan come to",
        "plan",
        lambda e: (
            e.cue("ask.price") and e.session.intent == "plan" and not e.goods and not e.skus and e.slot("certified")
        ),
    ),
    (
        "one thing of the plan left as it is",
        "plan",
        lambda e: e.cue("op.leave") and e.session.intent == "plan" and e.slot("categories"),
    ),
    (
        "how to check what was spoken of",
        "glossary",
        lambda e: e.cue("ask.howcheck") and not e.wanting and len(e.reading.text) <= _SENTENCE,
    ),
    (
        "whether and how, of a season or a piece of work with a guide of its own",
        "guide",
        lambda e: (
            e.cue("ask.know")
            and "guide" in e.titles
            and not (e.goods or e.skus or e.reading.slots.foreign)  # 漆器怎么保养
            and e.faq < SURE
        ),
    ),
    (
        "a stored question, and no other near",
        "faq",
        # Who has bought a fake wants a person, whatever is written about it.
        lambda e: (
            asks_to_know(e)
            and e.surely_stored
            and not (e.cue("op.or") and e.guided > e.faq)  # 水压小买增压的还是恒温的
            and not e.cue("human.bought")
            and not (e.reading.slots.foreign and not e.goods and e.faq < SURE)  # 门票怎么买
            and not (e.slot("categories") and e.slot("attributes") and not asking(e))  # 马桶坑距不小于350
            and not (e.cue("ask.service") and (e.goods or e.cue("level.upstairs") or e.faq < SURE))  # 送货上门吗
            and not (goods_against(e) and e.faq < WORD_BY_WORD)
            and not (e.cue("ask.coverage") and e.goods and e.faq < SERVED)  # 防水涂料一桶刷多大面积 is no 防水刷几遍
        ),
    ),
    (
        "where what goes on can be seen",
        "event",
        lambda e: (
            e.cue("ask.where") and e.session.intent == "event" and not e.wanting and len(e.reading.text) <= _SENTENCE
        ),
    ),
    (
        "what goes on about another kind",
        "event",
        lambda e: e.cue("op.switch") and e.session.intent == "event" and e.slot("categories") and only_pointing(e),
    ),
    (OTHERS_LISTED[0], "enterprise", lambda e: _other(e, "enterprise")),
    (OTHERS_LISTED[1], "event", lambda e: _other(e, "event")),
    (OTHERS_LISTED[2], "pavilion", lambda e: _other(e, "pavilion")),
    (OTHERS_LISTED[3], "stores", lambda e: _other(e, "stores")),
)
