"""What a question without a subject is about: the products, the certificates or the makers that the last answers spoke of."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from handlers.continuation_rules import COVERS, PROPERTY
from handlers.evidence import LONGER, NO_WORD
from handlers.list_rules import BARGAIN, IN_ALL, PICK_OF_PLAN, SO_MANY, SUMS
from handlers.plan_picks import KEPT, picked_for
from handlers.purchase import WANTED
from handlers.shopping_rules import IN_STOCK
from handlers.understanding.numbers import parse_number

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.evidence import Evidence
    from handlers.session import Session
    from handlers.turn import Answer
    from handlers.understanding.reading import Reading

OTHERS = "others_listed"  # session.data: ids of the makers or events of the last answer
_LISTED_BESIDE = {"enterprise": "enterprises", "event": "events", "pavilion": "pavilions"}
_MOST_CHECKED = 4  # entries of a list whose certificates are looked at together
_OF_THE_LAST = frozenset(
    {
        "is it certified, of the last one",
        "what the certificate of the last one says",
        "who makes the last one",
        PROPERTY,
        IN_STOCK,
    }
)


def last_ones(intent: str, rule: str, evidence: Evidence) -> tuple[str, ...]:
    """Return what was spoken of or listed last, where a question without a product is about that."""
    focus, listed = evidence.session.topic.focus, evidence.session.topic.listed
    if rule in _OF_THE_LAST:  # 有证吗 after a comparison asks of what it compared
        return (focus if evidence.session.intent == "compare" else focus[:1]) or listed[:_MOST_CHECKED]
    if rule in (*SUMS, BARGAIN):
        return _reckoned(rule, evidence.session)
    if evidence.goods or evidence.slot("brands"):
        return ()
    if intent == "compare":
        return focus if len(focus) > 1 else listed[:_MOST_CHECKED]
    if intent == "verify" and evidence.cue("ask.still", "ask.stars"):
        return focus
    looked_at = evidence.session.intent in (
        "detail",
        "verify",
    )  # 铺12平要多少 after one was looked at is about that one
    return focus if len(focus) == 1 and (intent == "savings" or (intent == "calculate" and looked_at)) else ()


def _reckoned(rule: str, session: Session) -> tuple[str, ...]:
    """Return the products whose amounts are reckoned: all that was wanted, what was looked at, else the list."""
    focus, listed = session.topic.focus, session.topic.listed
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
    skus = session.topic.focus[:1] or session.topic.listed[:_MOST_CHECKED]
    return any(name in reading.text for product in catalogue.products(skus) for name in product.attributes)


def _asks_which(reading: Reading, session: Session) -> bool:
    """Tell whether one of what is being looked for is asked for by a word that nothing is known of: 最亮的是哪个."""
    known = bool(session.topic.constraints.categories and session.topic.listed) and not reading.slots.foreign
    return known and reading.has("ask.which", "ask.better") and len(reading.text) <= LONGER


def of_the_list(intent: str, rule: str, reading: Reading, session: Session, catalogue: Catalogue) -> tuple[str, str]:
    """Return what is asked of the running list where no rule held: an attribute by its name, or which of them is the …"""
    if intent == "out_of_scope" and _asks_attribute(reading, session, catalogue):
        return "detail", PROPERTY
    if rule == NO_WORD and _asks_which(reading, session):
        return "recommend", "which of them, by something that was not read"
    return intent, rule


def money_named(reading: Reading) -> Decimal | None:
    """Return the money named, a bare number where nothing else was: 两万够不够."""
    numbers = [q.value for q in reading.quantities if q.dimension == "number"]
    said: Decimal | None = reading.slots.values.get("money_said")
    return said if said is not None else numbers[0] if len(numbers) == 1 else None


def note_others(session: Session, answer: Answer) -> None:
    """Note the makers or events of an answer, for 第一家 and 第二场."""
    if field := _LISTED_BESIDE.get(answer.intent):
        session.data[OTHERS] = list(getattr(answer, field))


def other_chosen(intent: str, reading: Reading, session: Session) -> str:
    """Return the id of the maker or event of the last answer that an ordinal names, "" for none."""
    listed = session.data.get(OTHERS, ()) if intent in _LISTED_BESIDE and session.intent == intent else ()
    cue = reading.cues.first("ref.ordinal", "ref.last", "ref.it")
    if not listed or cue is None:
        return ""
    if cue.name == "ref.last":
        return str(listed[-1])
    if cue.name == "ref.it":
        return str(listed[0]) if len(listed) == 1 else ""
    said = reading.text[slice(*cue.groups["n"])] if "n" in cue.groups else "1"
    number = int(parse_number(said) or 0)
    return str(listed[number - 1]) if 1 <= number <= len(listed) else ""


def running_plan(reading: Reading, session: Session) -> str:
    """Return the plan that the last turn was about when no other scene is named, else ""."""
    goes_on = session.intent == "plan" and not reading.slots.values.get("scenes")
    return str(session.data.get("plan", "")) if goes_on else ""


def plan_pick(rule: str, reading: Reading, session: Session, catalogue: Catalogue) -> tuple[str, ...]:
    """Return what the plan has picked of the kind named: 里面瓷砖是啥牌子."""
    if rule != PICK_OF_PLAN:
        return ()
    codes = catalogue.under(reading.slots.values.get("categories", ()))
    return picked_for(session.data.get(KEPT) or {}, codes)
