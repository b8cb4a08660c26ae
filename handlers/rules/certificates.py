"""The rules for what is to be known about certificates in general: states, how to check, who issues, what is no certificate.

They are tried before those of `continuations`, and give way to a stored question asked in nearly its own words or in the same frame. Words are in `locales/`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from handlers.rules.evidence import Evidence, Rule
from handlers.rules.question_bars import WORD_BY_WORD
from handlers.rules.shapes import LONGER, SHORT
from handlers.stored_questions.matching import LEAST, NEAR, STRONG, SURE, matcher_of
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reader, Reading

# What is said of certificates in a frame of its own; each has its text in the glossary.
EXPLAINED = (
    "term.unchecked", "term.outside", "term.states", "term.lifetime", "term.report", "term.pass_slip", "term.low_star", "term.body",
    "term.no_proof", "term.mismatch", "term.slip", "term.look", "term.source", "term.listed", "term.benefit",
    "term.smell", "term.star_level", "term.without", "term.compulsory", "term.pending", "term.qr", "term.genuine", "term.ours",
    "term.best_grade", "term.dearer",
)  # fmt: skip

FRAMES = frozenset({*EXPLAINED, "ask.howcheck", "ask.subsidy", "ask.all_certified", "term.issuer", "ask.our_fee"})
SAME_MAKER = "whether brands are of one maker"
ITS_BRANDS = "the brands of the maker of what was spoken of"
SHARED = "whether variants share one certificate"
_ALL_STORED = "whether everything here is certified, as a stored question has it"
FRAMED = frozenset(
    {
        "what is to be known of certificates, as a stored question has it",
        "money from the state",
        "whether a label is bought or one's own word, as a stored question has it",
        "who issues certificates, as a stored question has it",
        "what asking here costs, as a stored question has it",
        _ALL_STORED,
    }
)
_GRADED = frozenset({"term.water_efficiency_label", "term.energy_efficiency_label"})
_MOST_LOOKED_AT = 6  # stored questions, the nearest first
_ANY_DAY = date(2000, 1, 1)  # how something is asked does not depend on the day
_STORED: WeakKeyDictionary[Catalogue, tuple[int, dict[str, frozenset[str]]]] = WeakKeyDictionary()


def in_the_same_frame(reading: Reading, reader: Reader, catalogue: Catalogue) -> str:
    """Return the id of the nearest stored question that asks of certificates in the frame of a reading, "" for none."""
    asked = reading.cues.names & FRAMES
    if reading.has("ask.paid_label"):
        asked |= {"term.issuer"}  # who gives the stars tells that no seller does
    graded = reading.cues.names & _GRADED if "term.best_grade" in asked else frozenset()
    near = [match.id for match in matcher_of(catalogue).match(reading.normalised, (), LEAST)[:_MOST_LOOKED_AT]]
    if "ask.our_fee" in asked:  # 问一个问题收费吗 is asked of the platform
        near += [one.id for one in catalogue.faqs.values() if any(sign in one.question for sign in signs("fee_asked"))]
    if "term.issuer" in asked:  # 星级是自己写的吧 has hardly a word in common with 几颗星是谁定的
        near += [one.id for one in catalogue.faqs.values() if any(sign in one.question for sign in signs("of_stars"))]
    for faq_id in near[: _MOST_LOOKED_AT * 2]:
        stored = _cues_of_stored(faq_id, reader, catalogue)
        if asked & stored and graded <= stored:  # 水效 answers nothing about 能效
            return faq_id
    return ""


def _cues_of_stored(faq_id: str, reader: Reader, catalogue: Catalogue) -> frozenset[str]:
    """Return the cues of a stored question in all its wordings; read once for a revision of the catalogue."""
    revision, known = _STORED.get(catalogue, (-1, {}))
    if revision != catalogue.revision:
        known = {}
        _STORED[catalogue] = catalogue.revision, known
    if faq_id not in known:
        faq = catalogue.faqs[faq_id]
        readings = [reader.read(said, _ANY_DAY) for said in (faq.question, *faq.similar)]
        known[faq_id] = frozenset().union(*(reading.cues.names for reading in readings))
    return known[faq_id]


def _in_a_frame(e: Evidence) -> bool:
    """Tell whether something is asked of certificates in general that we can tell."""
    if e.cue(
        "term.without", "term.best_grade", "term.mismatch"
    ):  # 没证的灯泡能用吗, 马桶水效几级最省: the kind says nothing more
        return not (e.skus or e.slot("brands", "enterprises")) and e.faq < WORD_BY_WORD
    asked = e.cue(*EXPLAINED) or (e.cue("ask.howcheck") and e.cue("term.official"))
    return asked and _general(e) and e.faq < WORD_BY_WORD


def _general(e: Evidence) -> bool:
    """Tell whether nothing in particular is spoken of: no product, brand, kind, maker or number."""
    return not (
        e.skus
        or e.goods
        or e.slot("brands", "enterprises", "series", "price_min", "price_max")
        or e.reading.certificate_numbers
        or e.reading.slots.foreign
        or e.cue("human.want", "human.bought", "chat.injection")
    )


def _of_a_kind(e: Evidence) -> bool:
    """Tell whether it is said of a kind alone what a certificate shall warrant, and no goods are wanted: 木门带证就不掉漆了吧."""
    named = e.skus or e.slot("brands", "enterprises", "series", "price_min", "price_max") or e.reading.slots.foreign
    return e.goods and not named and not e.cue("ask.want", "ask.recommend", "ask.which", "ask.have", "human.want")


def _labels(e: Evidence) -> int:
    """Return how many labels are named, certificates and grades together."""
    named = {*e.reading.slots.values.get("schemes", ()), *e.reading.slots.values.get("labels", ())}
    named |= e.reading.cues.names & {"term.ccc"}
    named |= {"stars"} if e.slot("stars", "min_stars") else set()
    named |= {f"stars {star}" for star in e.reading.slots.values.get("said_stars", ())}  # 三星比一星好在哪
    named |= {"any"} if e.cue("term.labels") and not named else set()
    return len(named)


def _idle_talk(e: Evidence) -> bool:
    """Tell whether somebody doubts that there is none of it at all: 零甲醛是忽悠人的吧."""
    return (
        e.cue("ask.verify")
        and e.slot("formaldehyde")
        and not (e.goods or e.skus or e.slot("brands", "price_max"))
        and e.faq < WORD_BY_WORD
    )


def _of_all(e: Evidence) -> bool:
    """Tell whether it is asked if all that is sold here is certified, not what was just listed: 你们卖的都有证吗."""
    return e.cue("ask.all_certified") and _general(e) and not e.session.topic.listed


def _of_issuers(e: Evidence) -> bool:
    """Tell whether it is asked who issues certificates at all."""
    return e.cue("term.issuer") and not (e.wanting_goods or e.session.topic.focus) and e.faq < STRONG


def _of_our_fee(e: Evidence) -> bool:
    """Tell whether it is asked what it costs to ask here: 问一个问题收费吗."""
    return e.cue("ask.our_fee") and not (e.skus or e.goods or e.reading.certificate_numbers)


def _of_soon(e: Evidence) -> bool:
    """Tell whether certificates that run out soon are spoken of, not a number, nor what was pointed at."""
    return e.cue("cert.soon") and not (e.reading.certificate_numbers or e.skus or e.pointed)


def _of_everything_listed(e: Evidence) -> bool:
    """Tell whether a list of whatever the catalogue holds is asked for, not a word about it: 没证的有哪些."""
    listing = e.reading.cues.of("ask.which", "ask.count", "ask.have", "ask.sold")
    lists = any(cue.end >= len(e.reading.text) - 1 or cue.start == 0 for cue in listing)
    return (
        lists
        and not e.cue("ask.how", "ask.know")
        and not e.reading.residue
        and e.faq < STRONG
        and len(e.reading.text) <= SHORT
    )


CERTIFICATE_RULES: tuple[Rule, ...] = (
    (
        SHARED,
        "verify",
        lambda e: (
            e.cue("ask.one_certificate")
            and (bool(e.skus) or e.slot("attributes", "color"))
            and not (e.reading.certificate_numbers or e.slot("price_min", "price_max"))
        ),
    ),
    (
        "how many one certificate covers",
        "glossary",
        lambda e: e.cue("ask.one_covers") and not (e.skus or e.reading.certificate_numbers or e.session.topic.focus),
    ),
    (
        "a variant said to be certified as well",
        "verify",
        lambda e: e.cue("op.also") and e.session.intent == "verify" and bool(e.skus) and not e.goods,
    ),
    (
        "which variant of it is certified or not",
        "verify",
        lambda e: (
            e.cue("ask.which_variant") and e.session.intent in ("verify", "detail") and bool(e.skus) and not e.goods
        ),
    ),
    (
        "only what is not certified",
        "recommend",
        lambda e: (
            e.cue("cond.uncertified")
            and not e.cue("cond.certified", "op.drop_what", "term.without")
            and (
                e.goods or e.slot("brands") or bool(e.session.topic.constraints.categories) or _of_everything_listed(e)
            )
        ),
    ),
    (
        "what the name of a label means, of which no stored question is surely",
        "glossary",
        lambda e: (
            e.cue("ask.meaning")
            and _labels(e) == 1
            and len(e.reading.text) <= LONGER
            and _general(e)
            and not (e.reading.residue or e.cue("ask.compare", "ask.better"))
            and not e.surely_stored
        ),
    ),
    (
        "which certificates run out soon",
        "lapsing",
        lambda e: _of_soon(e) and e.cue("ask.which", "ask.have", "ask.count", "ask.look") and not e.cue("ask.know"),
    ),
    ("what a certificate is worth that runs out soon", "glossary", lambda e: _of_soon(e) and not e.wanting_goods),
    (
        "how not to be sold a fake",
        "glossary",
        lambda e: e.cue("ask.avoid") and not (e.wanting_goods or e.reading.slots.foreign) and e.faq < WORD_BY_WORD,
    ),
    (
        "a word of praise taken for the certificate",
        "glossary",
        lambda e: (
            e.cue("term.praise")
            and not e.skus
            and not e.slot("brands", "enterprises", "series", "price_min", "price_max")
        ),
    ),
    (
        "what is to be known of certificates, as a stored question has it",
        "faq",
        lambda e: _in_a_frame(e) and bool(e.framed()),
    ),
    ("what is to be known of certificates", "glossary", _in_a_frame),
    ("who issues certificates, as a stored question has it", "faq", lambda e: _of_issuers(e) and bool(e.framed())),
    ("who issues certificates", "glossary", _of_issuers),
    ("what asking here costs, as a stored question has it", "faq", lambda e: _of_our_fee(e) and bool(e.framed())),
    ("what asking here costs", "glossary", _of_our_fee),
    (_ALL_STORED, "faq", lambda e: _of_all(e) and bool(e.framed())),
    ("whether everything here is certified, near a stored question", "faq", lambda e: _of_all(e) and e.faq >= NEAR),
    ("whether everything here is certified", "verify", _of_all),
    (
        "labels and grades side by side",
        "glossary",
        lambda e: (
            e.cue("ask.compare", "ask.better", "ask.meaning", "ask.same_label")
            and _labels(e) > 1
            and _general(e)
            and e.faq < WORD_BY_WORD
        ),
    ),
    (
        "what a label is said to warrant",
        "glossary",
        lambda e: (
            e.cue("ask.label_so")
            and (_labels(e) > 0 or e.slot("certified") or e.cue("cond.certified"))
            and (_general(e) or _of_a_kind(e))
            and e.faq < (WORD_BY_WORD if e.goods else SURE)
        ),
    ),
    (
        "whether what is claimed of formaldehyde is idle talk, near a stored question",
        "faq",
        lambda e: _idle_talk(e) and e.faq >= LEAST,
    ),
    ("whether what is claimed of formaldehyde is idle talk", "glossary", _idle_talk),
    (
        "a kind of a brand that nobody here knows, asked whether certified",
        "not_found",
        lambda e: (
            e.cue("ask.cert", "ask.same_label")
            and e.cue("q.yesno", "ask.verify")
            and bool(e.reading.slots.unknown)
            and not e.skus
            and not e.slot("brands", "enterprises", "price_min", "price_max")
            and not e.cue("ask.which", "ask.want", "op.others", "op.or", "ask.compare")
        ),
    ),
    (
        "how to reach the maker of a brand",
        "enterprise",
        lambda e: e.cue("ask.contact") and e.slot("brands", "enterprises") and not e.skus,
    ),
    (
        SAME_MAKER,
        "enterprise",
        lambda e: (
            e.cue("ask.same_maker")
            and e.slot("brands", "enterprises")
            and not (e.skus or e.slot("certified"))
            and (not e.goods or len(e.reading.slots.values.get("brands", ())) > 1)  # 麦垄归橙树下管吗
        ),
    ),
    (
        ITS_BRANDS,
        "enterprise",
        lambda e: (
            e.cue("ask.its_brands")
            and not (e.goods or e.slot("brands", "enterprises"))
            and bool(e.session.topic.focus or e.session.topic.constraints.brands or e.session.intent == "enterprise")
        ),
    ),
    (
        "which brands have such certificates",
        "recommend",
        lambda e: (
            e.cue("ask.brands")
            and e.slot("stars", "min_stars", "certified", "schemes")
            and not (e.goods or e.skus or e.slot("brands", "enterprises") or e.reading.slots.foreign)
            and not e.session.topic.constraints.categories
        ),
    ),
    (
        "which makes of the kinds named are certified",
        "recommend",
        lambda e: e.cue("ask.which_brand") and e.slot("categories") and not e.skus and not e.slot("brands"),
    ),
    (
        "whether a kind of goods is certified at all",
        "verify",
        lambda e: (
            e.cue("ask.kind_cert")
            and e.slot("categories")
            and not e.skus
            and not e.slot("brands", "enterprises", "price_min", "price_max", "features", "attributes")
            and not e.cue("ask.which", "ask.want", "human.want")
        ),
    ),
    (
        "whether a kind of goods is a green building material",
        "verify",
        lambda e: (
            e.cue("ask.kind_is")
            and e.slot("categories")
            and e.slot("schemes", "certified")
            and _labels(e) == 1  # not 只有节水证的马桶算绿色建材吗
            and not e.skus
            and not e.slot("brands", "enterprises", "series", "price_min", "price_max", "stars", "min_stars")
            and not e.cue("ask.which", "ask.want", "human.want")
        ),
    ),
    (
        "is this kind of a brand certified",
        "verify",
        lambda e: (
            e.cue("ask.is_cert")
            and e.slot("brands", "enterprises")
            and not e.slot("stars", "min_stars", "said_stars", "price_min", "price_max", "exclude_brands")
            and not e.cue("ask.which", "ask.want", "ask.compare", "human.want")
        ),
    ),
)
