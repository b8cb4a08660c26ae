"""The rules for scenes and rankings, for what labels, certificates and sellers' words mean, and for money from the state.

They are tried after those of `knowledge` and before those of `whereabouts`, in this order. Words are in `locales/`.
"""

from __future__ import annotations

from handlers.certification.claims import find_claims
from handlers.context.titles import SIZES
from handlers.rules.evidence import Evidence, Rule
from handlers.rules.shapes import LONGER, SORTS, two_values, wonders
from handlers.stored_questions.matching import ASKED, FAIR, LEAST, LIKE, NEAR, SURE
from handlers.understanding.word_tables import signs

_OF_GOODS = (
    "categories",
    "wider",
    "brands",
    "enterprises",
    "series",
    "price_max",
    "price_min",
    "schemes",
    "stars",
    "certified",
    "attributes",
)
_QUALITIES = frozenset({"scene", "room", "color", "feature", "attribute", "material"})
_OTHER_MONEY = "补贴"  # the concept of money from the state for other things
STATE_MONEY = "money from the state, not asked before"
CAUSE_UNKNOWN = "why something is wrong, of which nothing is written"


def _of_qualities_alone(e: Evidence) -> bool:
    """Tell whether nothing but where something is used and how it should be is said: 老人房,米色, but not 老人房改造."""
    said = {i for span in e.reading.found.spans if span.kind in _QUALITIES for i in range(span.start, span.end)}
    left = {char for i, char in enumerate(e.reading.text) if i not in said and char.isalnum()}
    return left <= signs("beside_qualities")


def _cause_asked(e: Evidence) -> bool:
    """Tell whether it is asked why something is wrong at home, not for what helps against it: 灯老闪是咋回事."""
    wanting = e.cue("ask.want", "ask.which", "ask.remedy", "ask.price", "ask.have", "ask.recommend", "ask.cert")
    return e.cue("ask.cause") and bool(e.reading.slots.symptoms) and not (wanting or e.skus or e.slot("price_max"))


def _of_subsidies(e: Evidence) -> bool:
    """Tell whether money from the state is asked for; 到手磕坏一块,补不补 wants a new one."""
    broken = e.cue("ask.service") and e.cue("service.after_sales")  # 修 alone stands in 装修 as well
    spans = e.reading.found.spans
    other = any(s.kind == "other_goods" and s.concept == _OTHER_MONEY for s in spans)  # 农机补贴 is none of ours
    return e.cue("ask.subsidy") and not (e.skus or broken or other)


def _begins_with(e: Evidence) -> bool:
    """Tell whether it is asked what to do first against a trouble or for a piece of work, not what to buy: 房顶渗雨先弄哪一步."""
    of_the_house = e.slot("scenes") or any(sign in e.reading.text for sign in signs("to_build"))
    asked = e.cue("ask.first_step") and (bool(e.reading.slots.symptoms) or e.goods or of_the_house)
    return asked and not (e.skus or e.cue("ask.price", "ask.recommend", "ask.cert") or e.slot("price_max", "brands"))


def _of_one_kind(e: Evidence) -> bool:
    """Tell whether it is asked which goods of one kind to buy, not what all: 儿童房要买什么漆."""
    goods = {span.start for span in e.reading.slots.goods}
    return bool(goods) and all(cue.end in goods for cue in e.reading.cues.of("ask.plan"))


def _paid_for(e: Evidence) -> bool:
    """Tell whether it is doubted that a label is more than bought or somebody's own word: 星级是自己写的吧."""
    label = e.slot("certified", "schemes", "stars", "labels") or e.cue("term.labels", "term.stars", "ask.cert")
    return e.cue("ask.paid_label") and label and not (e.goods or e.skus)


def _said_of_this(e: Evidence) -> bool:
    """Tell whether a seller's word of a certificate is told of a thing at hand, and no list of goods is wanted: 这个马桶商家说国家认证的."""
    told = e.slot("certified", "schemes", "stars", "min_stars", "said_stars")
    of_this = e.cue("claim.said") and e.cue("ref.it", "ask.howcheck") and told
    if not of_this:
        return False
    said = max(cue.end for cue in e.reading.cues.of("claim.said"))
    wanted = any(cue.start >= said for cue in e.reading.cues.of("ask.want"))  # …,给我推荐几个真有证的
    named = e.skus or e.slot("brands", "enterprises", "series", "price_max")
    return not (named or wanted) and not e.cue("ask.which", "ask.have", "ask.recommend", "ask.look")


TRUST_RULES: tuple[Rule, ...] = (
    ("what to do first, near a stored question", "faq", lambda e: _begins_with(e) and e.faq >= ASKED),
    ("what to do first, of which a guide tells", "guide", lambda e: _begins_with(e) and "guide" in e.titles),
    ("why something is wrong, near a stored question", "faq", lambda e: _cause_asked(e) and e.faq >= ASKED),
    (CAUSE_UNKNOWN, "recommend", _cause_asked),
    (
        "how two of a kind differ, near a stored question",
        "faq",
        lambda e: (
            e.cue("ask.compare")
            and not e.cue(*SORTS)
            and len(e.reading.slots.values.get("categories", ())) == 1
            and len(e.reading.slots.goods) == 1
            and not (e.skus or e.pointed or e.slot("brands", "series", "price_min", "price_max", "stars", "min_stars"))
            and not e.cue("ask.want", "ask.cert", "ask.price", "ask.recommend", "ref.both", "ref.these", "ref.ends")
            and e.faq >= NEAR
        ),
    ),
    (
        "two values of a property, near a stored question",
        "faq",
        lambda e: (
            e.cue("ask.better", "ask.compare", "ask.more_so")
            and two_values(e)
            and not (e.skus or e.slot("brands", "price_min", "price_max", "stars", "min_stars"))
            and e.faq >= NEAR
        ),
    ),
    (
        "two varieties of one kind side by side",
        "guide",
        lambda e: (
            e.cue("ask.compare", "ask.better", "op.or")
            and len(e.reading.slots.goods) > 1
            and len(e.reading.slots.values.get("categories", ())) == 1
            and not (e.skus or e.pointed or e.slot("brands", "series", "wider", "price_max"))
            and not e.cue("ask.want", "ask.cert", "ask.price", "ask.recommend", *SORTS)
            and len({word.surface for word in e.reading.slots.goods}) > 1
        ),
    ),
    (
        "why this order",
        "why",
        lambda e: e.cue("why.paid") or (e.cue("ask.why") and not e.cue("ask.price") and not e.slot("categories")),
    ),
    (
        "what a word means",
        "glossary",
        lambda e: (
            e.cue("ask.meaning")
            and not e.reading.named  # 它那个星是啥意思 asks of the word
            and not e.slot("brands", "price_max")
            and (
                e.slot("schemes", "stars", "min_stars", "certified", "formaldehyde", "labels")
                or any(n.startswith("term.") for n in e.reading.cues.names)
            )
        ),
    ),
    (
        "what a quality means, that nobody wrote down",
        "unwritten",
        lambda e: (
            e.cue("ask.meaning")
            and e.slot("features", "attributes")
            and not (e.goods or e.skus or e.pointed)
            and e.faq < SURE
        ),
    ),
    (
        "something to know of a part of what is looked for",
        "unwritten",
        lambda e: (  # 要不要换滤芯 of purifiers asks for no part
            e.cue("ask.know", "ask.fact")
            and bool(e.session.topic.constraints.categories and e.reading.slots.absent)
            and not (e.skus or e.pointed or e.reading.slots.foreign or e.slot(*_OF_GOODS))
            and not e.cue(*SORTS, "ask.have", "ask.price", "ask.service", "ask.howmany", "ask.savings")
            and len(e.reading.text) <= LONGER
            and e.faq < ASKED
        ),
    ),
    (
        "whether a missing certificate makes a fake, near a stored question",
        "faq",
        lambda e: e.cue("human.fake") and wonders(e) and e.faq >= NEAR,
    ),
    ("whether a missing certificate makes a fake", "glossary", lambda e: e.cue("human.fake") and wonders(e)),
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
                ((e.cue("ask.plan") and not _of_one_kind(e)) or (e.cue("plan.scene") and not e.goods))
                and not e.skus
                and (
                    e.cue("op.scene", "plan.scene")
                    or e.slot("scenes", "rooms")
                    or "plan" in e.titles
                    or (e.slot("features") and not e.goods)  # 冬天保暖整套怎么弄
                    or any(room in e.reading.text for room in signs("room"))  # 厨房 may be the name of a kind here
                )
            )
            or (e.slot("budget", "price_max") and e.cue("op.scene", "ask.plan") and not e.goods)
        ),
    ),
    (
        "how big it should be, of which a guide tells",
        "guide",
        lambda e: (
            e.cue("ask.size_for")
            and SIZES in e.titles
            and not (e.skus or e.area or e.picky or e.reading.slots.symptoms)
            and not e.cue(*SORTS, "ask.price", "ask.have")
        ),
    ),
    (
        "how something is done, as the title of a guide has it",
        "guide",
        lambda e: (
            e.cue("ask.how", "ask.know", "ask.howmany", "ask.fact")
            and not (e.skus or e.area or e.pointed)
            and not e.slot(
                "price_min", "price_max", "brands", "certified", "schemes", "stars", "min_stars", "color", "size"
            )
            and not e.cue(*SORTS, "ask.price", "ask.have", "ask.cert", "ask.service")
            and e.guided >= (LIKE if e.goods and e.cue("op.or") else FAIR)  # 水槽单的好还是双的好
            and e.guided > e.faq
        ),
    ),
    (
        "how to choose, of nothing but what the title of a guide speaks of",
        "guide",
        lambda e: (
            e.cue("ask.guide")
            and not (e.wanting or e.pointed or e.area or e.reading.slots.foreign)
            and e.guided >= ASKED
            and e.guided > e.faq
        ),
    ),
    (
        "a ranking",
        "ranking",
        lambda e: (
            e.cue("ask.ranking")
            and not e.cue("ask.why")
            and not e.slot("price_min", "price_max", "brands")
            and (e.goods or not e.reading.slots.foreign)  # 手机热销榜
        ),
    ),
    (
        "whether a label is bought or one's own word, as a stored question has it",
        "faq",
        lambda e: _paid_for(e) and bool(e.framed()),
    ),
    ("whether a label is bought or one's own word", "glossary", _paid_for),
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
        "what a lapsed certificate is worth",
        "glossary",
        lambda e: (
            e.cue("term.lapsed", "cert.stopped")
            and not (e.skus or e.slot("brands", "enterprises", "series"))
            and (not e.goods or e.cue("ask.still"))  # 漆的证书过期了还能卖吗
        ),
    ),
    (
        "another label or a grade taken for the certificate",
        "glossary",
        lambda e: (
            e.cue("ask.same_label")
            and not e.skus
            and not e.slot("brands", "enterprises")
            and (
                e.slot("labels", "water_grade_max", "energy_grade_max", "grade")
                or len(e.reading.slots.values.get("schemes", ())) >= 2
                or (e.slot("schemes") and not e.goods)  # 十环的算吗
                or e.cue("term.water_efficiency_label", "term.energy_efficiency_label")
            )
        ),
    ),
    (
        "what a seller says of no thing in particular",
        "glossary",
        lambda e: (
            e.cue("claim.said")
            and e.slot("certified", "schemes", "stars", "min_stars", "said_stars")
            and not e.wanting_goods
        ),
    ),
    (
        "what a seller says of a thing that is pointed at, near a stored question",
        "faq",
        lambda e: _said_of_this(e) and e.faq >= NEAR,
    ),
    ("what a seller says of a thing that is pointed at", "glossary", _said_of_this),
    (
        "what a seller claims",
        "glossary",
        lambda e: (
            e.cue("ask.verify")
            and e.slot("certified", "schemes")
            and not e.skus
            and (not e.wanting_goods or (e.cue("claim.said") and not e.slot("brands", "enterprises", "series")))
        ),
    ),
    (
        "whether what is claimed of a kind is so",
        "glossary",
        lambda e: (
            e.cue("ask.verify")
            and e.goods
            and not (e.skus or e.slot("brands", "enterprises", "series", "price_max"))
            and not e.cue("ask.which", "ask.have")
            and (e.cue("claim.said") or not e.cue("ask.want", "ask.recommend"))  # 号称国家推荐的 wants none
            and bool(find_claims(e.reading.normalised.raw, asked=True))
        ),
    ),
    (
        "a plan by its name",
        "plan",
        lambda e: (
            "plan" in e.titles
            and not (e.cue("ask.with_what") or e.asks_work)  # 旧墙翻新刷什么 is no 外墙翻新
            and not (e.reading.slots.foreign or (e.qualities and e.reading.residue))  # of something else
            and not (e.reading.scope.corrected and e.session.topic.constraints.categories)
            and not (
                e.session.topic.listed and e.slot("scenes", "rooms") and (e.cue("op.wish") or _of_qualities_alone(e))
            )  # 有卫生间用的吗 of doors; 老人房,米色 of paint
            and not e.goods
            and not e.skus
            and not e.reading.slots.symptoms
            and not e.cue("ask.price", "ask.guide")
        ),
    ),
    (
        "a scene to be made over",
        "plan",
        lambda e: (
            e.cue("op.scene")
            and e.slot("scenes", "rooms")
            and not e.cue("guide.trend", "aspect.formaldehyde", "ask.subsidy")
            and not (e.goods or e.skus)
            and e.faq < SURE
        ),
    ),
    (
        "how to check, near a stored question",
        "faq",
        lambda e: e.cue("ask.howcheck") and not e.wanting_goods and e.faq >= LEAST,
    ),
    (
        "how to check",
        "glossary",
        lambda e: (
            e.cue("ask.howcheck") and not e.wanting_goods and (e.goods or not e.reading.slots.foreign)
        ),  # 电费怎么查
    ),
    ("money from the state", "faq", lambda e: _of_subsidies(e) and bool(e.framed())),
    (STATE_MONEY, "glossary", _of_subsidies),
)
