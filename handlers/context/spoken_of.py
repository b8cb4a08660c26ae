"""What a question without a subject is about: the products, the certificates or the makers that the last answers spoke of."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from handlers.answer_parts.more_of_them import note_seen
from handlers.answer_parts.plan_picks import KEPT, picked_for
from handlers.context.counted import counted
from handlers.context.plain_kinds import plainer
from handlers.purchase import WANTED
from handlers.rules.after_answers import CERTIFIED_BY_IT, LINKED
from handlers.rules.answers import RESUMED
from handlers.rules.certificates import ITS_BRANDS
from handlers.rules.continuations import COVERS, OTHERS_KIND, OTHERS_LISTED, PROPERTY
from handlers.rules.counts import IN_ALL, SO_MANY, SUMS
from handlers.rules.evidence import NO_WORD
from handlers.rules.lists import BARGAIN, PICK_OF_PLAN, PLAIN, PROPERTY_OF_LISTED, TAKES_IT
from handlers.rules.shapes import LONGER, SHORT
from handlers.rules.shopping import IN_STOCK, LACKED, NOT_OURS, NOTHING_NAMED, ROUGHLY, WHETHER_SO
from handlers.session import SPOKEN_OF
from handlers.understanding.interpretation import Constraints
from handlers.understanding.measures import measure
from handlers.understanding.numbers import parse_number
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.rules.evidence import Evidence
    from handlers.session import Session
    from handlers.turn import Answer
    from handlers.understanding.reading import Reading
    from handlers.understanding.slots import SlotReader

WISH_IN_TITLES = "a word that titles of the running goods have"
WISH_UNKNOWN = "a wish that nothing is known of"
MOST_OF_THEM = "which of them, by something that was not read"
OTHERS = "others_listed"  # session.data: ids of the makers, events or shops of the last answer that listed some
_LOOKED_AT = "other_looked_at"  # session.data: the one of them that was asked about last
_LISTED_BESIDE = {"enterprise": "enterprises", "event": "events", "pavilion": "pavilions", "stores": "stores"}
# Rules that hold where nothing but a length is said, or the price of it asked.
_MAY_BE_LENGTHS = (NO_WORD, NOTHING_NAMED, "the price of what was looked at", "what several of it come to")
_NO_NAME = ("op.drop", "op.drop_what", "op.exclude", "rel.step", "ask.compare", "op.wish")
_AROUND_A_NAME = 4  # characters beside an attribute's name that still ask for nothing else
RECKONED = "reckoned"  # session.data: whether the last answer told what so many of the goods come to
_LITRES = 1000  # of a cubic metre
_PIECES = 6  # characters of a number of pieces alone: 那三十块呢
_MONEY = ("money_said", "price_min", "price_max", "budget")
IS_IT_CERTIFIED = "is it certified, of the last one"
MOST_CHECKED = 4  # entries of a list whose certificates are looked at together
_RECKONED = frozenset({*SUMS, BARGAIN, TAKES_IT})
_REFUSED = ("exclude_brands", "exclude_features", "exclude_color", "exclude_categories", "certified")
OF_THE_LAST = frozenset(
    {
        IS_IT_CERTIFIED,
        "what the certificate of the last one says",
        "who makes the last one",
        ITS_BRANDS,
        PROPERTY,
        PROPERTY_OF_LISTED,
        IN_STOCK,
        LINKED,
        CERTIFIED_BY_IT,
        WHETHER_SO,
    }
)


def last_ones(intent: str, rule: str, evidence: Evidence, catalogue: Catalogue) -> tuple[str, ...]:
    """Return what was spoken of or listed last, where a question without a product is about that."""
    focus, listed = evidence.session.topic.focus, evidence.session.topic.listed
    if rule in OF_THE_LAST:  # 有证吗 after a comparison asks of what it compared
        return (focus if evidence.session.intent == "compare" else focus[:1]) or listed[:MOST_CHECKED]
    if rule in _RECKONED:
        return _reckoned(rule, evidence.session)
    other = evidence.goods and not (intent == "calculate" and _of_the_kind_looked_at(evidence, catalogue))
    if not (focus or listed) or other or evidence.slot("brands"):
        return ()
    if intent == "compare":
        return focus if len(focus) > 1 else listed[:MOST_CHECKED]
    if intent == "verify" and evidence.cue("ask.still", "ask.stars"):
        return focus
    looked_at = evidence.session.intent in (
        "detail",
        "verify",
    )  # 铺12平要多少 after one was looked at is about that one
    return focus if len(focus) == 1 and (intent == "savings" or (intent == "calculate" and looked_at)) else ()


def _of_the_kind_looked_at(evidence: Evidence, catalogue: Catalogue) -> bool:
    """Tell whether nothing but the kind of the one product looked at is named: 刷200平外墙要几桶 after one outdoor paint."""
    focus, named = evidence.session.topic.focus, evidence.reading.slots.values.get("categories", ())
    if len(focus) != 1 or len(named) != 1 or evidence.session.intent not in ("detail", "verify") or evidence.picky:
        return False
    return any(product.category in catalogue.under(named) for product in catalogue.products(focus))


def _reckoned(rule: str, session: Session) -> tuple[str, ...]:
    """Return the products that are reckoned or taken: all that was wanted, what was looked at, else the list."""
    focus, listed = session.topic.focus, session.topic.listed
    if rule == TAKES_IT:
        return focus[:1] or (listed if len(listed) == 1 else ())
    if rule in (SO_MANY, BARGAIN):
        return focus[:1] or listed
    wanted = tuple(session.data.get(WANTED) or ()) if rule == IN_ALL else ()
    looked_at = focus if len(focus) > 1 or (rule == IN_ALL and session.intent == "detail") else ()
    return (wanted if set(looked_at) <= set(wanted) else looked_at) or listed


def certificates_of(
    rule: str, skus: tuple[str, ...], reading: Reading, session: Session, catalogue: Catalogue
) -> tuple[str, ...]:
    """Return the certificate numbers asked about: those said, else of what was spoken of when its certificate is asked about."""
    said = reading.certificate_numbers
    if said or rule != COVERS:
        return said
    sku = next(iter(skus or session.topic.focus), "")
    return tuple(certificate.number for certificate in catalogue.certificates_of(sku))


def _asks_attribute(reading: Reading, session: Session, catalogue: Catalogue) -> bool:
    """Tell whether an attribute of what was looked at or listed is asked for by its name: 扬程多少米."""
    skus = session.topic.focus[:1] or session.topic.listed[:MOST_CHECKED]
    return any(name in reading.text for product in catalogue.products(skus) for name in product.attributes)


def _only_asks_attribute(reading: Reading, session: Session, catalogue: Catalogue) -> bool:
    """Tell whether nothing but the name of an attribute of the goods at hand is said: 功率呢, 那吸水率呢, 壁厚多少."""
    if reading.slots.goods or reading.has(*_NO_NAME) or not (session.topic.focus or session.topic.listed):
        return False
    names = _attributes_at_hand(session, catalogue) if reading.has("op.switch") or _asks_figure(reading) else ()
    return any(name in reading.text and len(reading.text) <= len(name) + _AROUND_A_NAME for name in names)


def _asks_grade(reading: Reading, session: Session, catalogue: Catalogue) -> bool:
    """Tell whether the grade of the goods at hand is asked for that one of their attributes tells: 防火是几级 of 燃烧等级."""
    if not reading.has("ask.grade") or reading.slots.goods or len(reading.text) > LONGER:
        return False
    names = [name for name in _attributes_at_hand(session, catalogue) if name.endswith(tuple(signs("grade_name")))]
    return len(names) == 1


def _asks_figure(reading: Reading) -> bool:
    """Tell whether an utterance ends as one that asks for a figure or whether it suffices: 壁厚多少, 扬程够不够."""
    return reading.text.endswith(tuple(signs("figure_asked")))


def _attributes_at_hand(session: Session, catalogue: Catalogue) -> tuple[str, ...]:
    shown = catalogue.products(session.topic.focus[:1] or session.topic.listed[:MOST_CHECKED])
    return tuple(dict.fromkeys(name for product in shown for name in product.attributes))


def _asks_which(reading: Reading, session: Session) -> bool:
    """Tell whether one of what is being looked for is asked for by a word that nothing is known of: 最亮的是哪个."""
    known = bool(session.topic.constraints.categories and session.topic.listed) and not reading.slots.foreign
    return known and reading.has("ask.which", "ask.better") and len(reading.text) <= LONGER


def unknown_wish(reading: Reading, session: Session) -> str:
    """Return what the running goods should be, said alone with 的 in words that are none of ours (铝的, 起身方便的); "" without."""
    cue = reading.cues.first("op.wish")
    if refused := _refused_unknown(reading, session):
        return refused
    if (
        cue is None
        or reading.has("op.exclude", "op.refuse_limit")
        or not session.topic.constraints.categories
        or not (session.topic.listed or session.topic.intent in (SPOKEN_OF, "not_found"))
        or any(span.surface not in reading.slots.absent for span in reading.slots.goods)
    ):
        return ""
    wish = reading.text[slice(*cue.groups["wish"])]
    ended = next((sign for sign in signs("put_so") if wish.endswith(sign) and len(wish) - len(sign) > 1), "")
    wish = wish.removesuffix(ended)  # 吊顶装的
    able = any(wish.startswith(sign) for sign in signs("able"))
    return wish if able or not reading.slots.foreign else ""  # 能用手机开的 is a wish, 化肥的 none


def _of_its_length(reading: Reading, session: Session, catalogue: Catalogue) -> bool:
    """Tell whether nothing but a length is said where the goods at hand are sold by it: 要一百米 of pipes."""
    lengths = [q for q in reading.quantities if q.dimension == "length" and q.value and q.value > 1]
    at_hand = catalogue.products(session.topic.focus[:1] or session.topic.listed)
    return len(lengths) == 1 and bool(at_hand) and all(p.unit in signs("length_unit") for p in at_hand)


def _refused_unknown(reading: Reading, session: Session) -> str:
    """Return what is refused of the running goods in words that are none of ours: 不要带水箱的."""
    cue = reading.cues.first("op.exclude")
    if cue is None or not session.topic.listed or reading.slots.goods or reading.slots.foreign:
        return ""
    start, end = cue.groups["out"]
    told = any(reading.slots.values.get(name) for name in _REFUSED) or reading.quantities
    return "" if told or end - start < 2 else reading.text[cue.start : end].rstrip("的了吧")


def _said_of_the_last(reading: Reading, session: Session, catalogue: Catalogue) -> tuple[str, str] | None:
    """Return what is asked where nothing but the goods at hand or the plan tell it, whatever rule held; None otherwise."""
    if reading.has("op.plain") and session.topic.listed and plainer(session.topic.constraints, catalogue):
        return "recommend", PLAIN
    if reading.has("op.plain") and session.topic.listed and len(reading.text) <= SHORT and not reading.slots.goods:
        return "recommend", PLAIN  # nothing special is asked for: the list as it is
    if _refused_of_plan(reading, session, catalogue):
        return "plan", RESUMED
    asked = _only_asks_attribute(reading, session, catalogue) or _asks_grade(reading, session, catalogue)
    return ("detail", PROPERTY) if asked else None


def of_the_list(intent: str, rule: str, reading: Reading, session: Session, catalogue: Catalogue) -> tuple[str, str]:
    """Return what is asked of the running list where no rule held; the intent and the rule as they are without a list."""
    topic = session.topic
    if not (topic.listed or topic.focus or topic.constraints.categories):
        return intent, rule
    return _of_the_running_list(intent, rule, reading, session, catalogue)


def _of_the_running_list(
    intent: str, rule: str, reading: Reading, session: Session, catalogue: Catalogue
) -> tuple[str, str]:
    """Return what is asked of the running list where no rule held: an attribute by its name, or which of them is the …"""
    if said := _said_of_the_last(reading, session, catalogue):
        return said
    each = rule == IN_ALL and not reading.has("ref.ordinal", "ref.pair", "op.each")  # 五十米一共多少 is of each pipe
    if (each or rule in _MAY_BE_LENGTHS) and _of_its_length(reading, session, catalogue):
        return "detail", SO_MANY
    if intent == "out_of_scope" and _asks_attribute(reading, session, catalogue):
        return "detail", PROPERTY
    roughly = rule == ROUGHLY and reading.has("op.wish")  # 大一号的 is no stored question that has some of its words
    if (roughly or rule in (NO_WORD, NOT_OURS, NOTHING_NAMED, LACKED)) and (wish := unknown_wish(reading, session)):
        probe = session.topic.constraints.but(title_words=(wish,), limit=None, sort=None)
        in_titles = not reading.has("op.exclude") and bool(counted(catalogue, probe))
        if in_titles or rule != LACKED:
            return "recommend", WISH_IN_TITLES if in_titles else WISH_UNKNOWN
    if rule == NO_WORD and _asks_which(reading, session):
        return "recommend", MOST_OF_THEM
    return intent, rule


def widen_after_most(session: Session, rule: str) -> None:
    """Take the most of a property back from the topic: 最亮的是哪个 asks for one, and narrows nothing after it."""
    if rule == MOST_OF_THEM and session.undo:
        before = session.undo[0].constraints.attributes
        session.topic.constraints = session.topic.constraints.but(attributes=before)


def as_pieces(reading: Reading, session: Session, _: SlotReader, catalogue: Catalogue) -> Reading:
    """Read 三十块呢 after 二十张多少钱 as so many pieces, where the goods reckoned last are sold by the piece."""
    said = reading.quantities
    if not session.data.get(RECKONED) or len(said) != 1 or len(reading.text) > _PIECES or reading.slots.goods:
        return reading
    value = reading.text[said[0].start : said[0].end]
    pieces = signs("flat_piece")
    sold = {p.unit for p in catalogue.products(session.topic.focus[:1] or session.topic.listed[:1])}
    if said[0].dimension != "money" or not value.endswith(tuple(pieces)) or not sold & set(pieces):
        return reading
    slots = copy(reading.slots)
    slots.values = {name: v for name, v in slots.values.items() if name not in _MONEY}
    return replace(reading, slots=slots, quantities=(replace(said[0], dimension="count", unit=value[-1]),))


def as_contents(reading: Reading, session: Session, _: SlotReader, catalogue: Catalogue) -> Reading:
    """Read 1.5方的 as what the running goods hold, where some of them hold so much; 方 is else a surface."""
    said, running = reading.quantities, session.topic.constraints.categories
    if len(said) != 1 or said[0].unit not in signs("cubic") or not running or reading.slots.goods:
        return reading
    if said[0].value is None or len(reading.text) > SHORT:
        return reading
    held = tuple(word for word in catalogue.vocabulary.capacities if measure(word) == said[0].value * _LITRES)
    own = tuple(word for word in held if counted(catalogue, Constraints(categories=running, capacity=(word,))))
    if not own:
        return reading
    slots = copy(reading.slots)
    slots.values = {**slots.values, "capacity": own}
    return replace(reading, slots=slots, quantities=(replace(said[0], dimension="volume"),))


def money_named(reading: Reading) -> Decimal | None:
    """Return the money named, a bare number where nothing else was: 两万够不够."""
    numbers = [q.value for q in reading.quantities if q.dimension == "number"]
    said: Decimal | None = reading.slots.values.get("money_said")
    return said if said is not None else numbers[0] if len(numbers) == 1 else None


def note_others(session: Session, answer: Answer, chosen: str, rule: str) -> None:
    """Note the makers, events or shops of an answer, for 第一家 and 第二场; one `chosen` of them leaves the list as it is."""
    field = _LISTED_BESIDE.get(answer.intent)
    if not field:
        return
    session.data[_LOOKED_AT] = chosen
    if not (chosen and chosen in session.data.get(OTHERS, ())):
        listed = list(getattr(answer, field))
        note_seen(session, answer, listed, rule)
        session.data[OTHERS] = listed or session.data.get(OTHERS, [])
        session.data[OTHERS_KIND] = answer.intent


def other_chosen(intent: str, reading: Reading, session: Session) -> str:
    """Return the id of the maker or event of the last answer that an ordinal names, "" for none."""
    if OTHERS not in session.data:
        return ""
    own = session.intent == intent or session.data.get(OTHERS_KIND) == intent
    listed = session.data.get(OTHERS, ()) if intent in _LISTED_BESIDE and own else ()
    cue = reading.cues.first("ref.ordinal", "ref.last", "ref.it")
    if not listed or cue is None:
        return ""
    if cue.name == "ref.last":
        return str(listed[-1])
    if cue.name == "ref.it":
        return str(listed[0]) if len(listed) == 1 else str(session.data.get(_LOOKED_AT, ""))
    number = _place_said(reading)
    several = len(others_chosen(intent, reading, session)) > 1
    return str(listed[number - 1]) if 1 <= number <= len(listed) and not several else ""


def others_chosen(intent: str, reading: Reading, session: Session) -> tuple[str, ...]:
    """Return the ids of the makers of the last answer that several ordinals name: 第一家跟第二家; none where one is named."""
    if intent != "enterprise" or OTHERS not in session.data or session.data.get(OTHERS_KIND) != intent:
        return ()
    listed = session.data[OTHERS]
    said = [
        int(parse_number(reading.text[slice(*cue.groups[group])]) or 0)
        for cue in reading.cues.of("ref.ordinal", "ref.pair")
        for group in ("n", "m")
        if group in cue.groups
    ]
    named = [str(listed[number - 1]) for number in dict.fromkeys(said) if 1 <= number <= len(listed)]
    return tuple(named) if len(named) > 1 else ()


def _place_said(reading: Reading) -> int:
    """Return the ordinal of an utterance, 0 without one."""
    cue = reading.cues.first("ref.ordinal")
    if cue is None:
        return 0
    return int(parse_number(reading.text[slice(*cue.groups["n"])]) or 0) if "n" in cue.groups else 1


def past_the_others(rule: str, reading: Reading, session: Session) -> tuple[int, int] | None:
    """Return the ordinal said and how many makers, events or shops were listed, where it lies past their end."""
    if rule not in OTHERS_LISTED:
        return None
    number, size = _place_said(reading), len(session.data.get(OTHERS, ()))
    return (number, size) if number > size else None


def _refused_of_plan(reading: Reading, session: Session, catalogue: Catalogue) -> bool:
    """Tell whether a kind is refused that the plan made before has, and that is not what is looked for now: 瓷砖不要了."""
    refused = reading.slots.values.get("exclude_categories", ())
    if not refused or session.intent == "plan" or reading.slots.values.get("categories") or len(reading.text) > SHORT:
        return False
    family, running = catalogue.under(refused), catalogue.under(session.topic.constraints.categories)
    planned = (session.data.get(KEPT) or {}).get("skus", {})
    return bool(family & set(planned)) and not family & running


def running_plan(rule: str, reading: Reading, session: Session) -> str:
    """Return the plan that the last turn was about when no other scene is named, or that is gone back to; else ""."""
    goes_on = (session.intent == "plan" and not reading.slots.values.get("scenes")) or rule == RESUMED
    return str(session.data.get("plan", "")) if goes_on else ""


def plan_pick(rule: str, reading: Reading, session: Session, catalogue: Catalogue) -> tuple[str, ...]:
    """Return what the plan has picked of the kind named: 里面瓷砖是啥牌子."""
    if rule != PICK_OF_PLAN:
        return ()
    codes = catalogue.under(reading.slots.values.get("categories", ()))
    return picked_for(session.data.get(KEPT) or {}, codes)
