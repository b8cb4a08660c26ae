"""What the conversation is about after an answer: the products, the list, the kinds or the maker that it spoke of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.context.own_constraints import own_sort
from handlers.context.whose import note_whose
from handlers.rules.counts import SO_MANY
from handlers.rules.lists import BARGAIN
from handlers.session import SPOKEN_OF, Session, Topic
from handlers.understanding.interpretation import Constraints

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.turn import Answer, Turn

_ABOUT_PRODUCTS = frozenset({"detail", "verify", "compare", "savings", "calculate", "service"})
_OF_ITS_KIND = frozenset({"detail", "verify", "compare", "savings"})  # 便宜点的 after these means others of the kind
MAKER = "maker_brands"  # session.data: the brands of the one maker that the last answer about makers told of
_ONE_ASKED = frozenset({"ask.which", "ask.better"})
_SPEAKS_OF = frozenset({"faq", "guide", "calculate", "savings"})


def note_spoken_of(turn: Turn, answer: Answer) -> None:
    """Note the products, the list or the kinds that an answer was about."""
    session = turn.session
    _note_maker(turn, answer)
    _note_products(turn, answer)
    note_whose(turn.meaning.who, answer.intent, session)


def _note_products(turn: Turn, answer: Answer) -> None:
    session = turn.session
    several = answer.intent in ("verify", "compare") and not turn.meaning.skus and not session.topic.listed
    if several and (turn.meaning.constraints.brands or turn.meaning.constraints.categories):
        _speak_of_several(turn.catalogue, session, turn.meaning.constraints, answer)
    if answer.intent in _ABOUT_PRODUCTS and answer.products:
        choice = (
            turn.meaning.rule in (SO_MANY, BARGAIN) and len(answer.products) > 1
        )  # 五十袋呢 chooses none of the list
        session.topic.focus = session.topic.focus if choice else answer.products[:4]
        if not session.topic.listed:
            session.topic.listed = answer.products
        if not session.topic.constraints.categories and answer.intent in _OF_ITS_KIND:
            kinds = _kinds(turn.catalogue, answer.products)
            session.topic.constraints = session.topic.constraints.but(categories=kinds)
    elif answer.intent == "recommend" and turn.meaning.cues & _ONE_ASKED and own_sort(turn.meaning.cues):
        session.topic.focus = answer.products[:1]  # 最便宜的是哪款 asks for one, and 是几星的 goes on about it
    elif kinds := _kinds_told(turn, answer):
        _speak_of(turn.catalogue, session, kinds)
        if not session.topic.listed:  # the picks of a guide are a list: 第二个, 便宜点的
            session.topic.listed = answer.products
    elif answer.intent == "enterprise" and not turn.meaning.skus:
        _speak_of_maker(turn.catalogue, session, answer)
    elif answer.intent in ("ranking", "plan") and answer.products:
        _speak_of_listed(turn, answer)


def _kinds_told(turn: Turn, answer: Answer) -> tuple[str, ...]:
    """Return the kinds that an answer told of without listing them; a question that nobody wrote down tells of its kind too."""
    others = answer.intent in ("stores", "event") or (answer.intent == "enterprise" and len(answer.enterprises) > 1)
    others = others or (
        answer.intent == "service" and not turn.session.topic.listed
    )  # 地板谁给铺: 便宜点的 is of floors
    running = turn.catalogue.under(turn.session.topic.constraints.categories)
    if answer.intent == "faq" and running & set(answer.categories):
        return ()  # 水小咋回事 after showers is told of pumps and showers, and ends nothing
    if answer.intent in _SPEAKS_OF or (others and turn.meaning.constraints.categories):
        return turn.meaning.constraints.categories or _kinds(turn.catalogue, answer.products)
    untold = answer.intent == "clarify" and not turn.session.topic.constraints.categories
    return answer.categories if untold else ()  # 旧马桶能换不: 新的多少钱 goes on about toilets


def _speak_of_several(catalogue: Catalogue, session: Session, asked: Constraints, answer: Answer) -> None:
    """Make the brand or the kinds that were checked or compared the topic, when no list was being looked at: 有几款有证."""
    kept = Constraints(categories=asked.categories or answer.categories, brands=asked.brands, adcode=session.place)
    session.start_topic(Topic(constraints=kept, listed=answer.products, seen=answer.products, intent=answer.intent))


def _speak_of_listed(turn: Turn, answer: Answer) -> None:
    """Make what was listed the list, and the kind of a ranking the topic: 有证的呢 after 墙漆销量榜 is of paints."""
    kinds = turn.meaning.constraints.categories or _kinds(turn.catalogue, answer.products)
    running = turn.session.topic.constraints
    if answer.intent == "ranking" and set(kinds) != set(running.categories):
        turn.session.start_topic(Topic(Constraints(categories=kinds, adcode=turn.session.place), intent=answer.intent))
    turn.session.topic = replace(
        turn.session.topic, listed=answer.products, seen=answer.products, focus=(), intent=answer.intent
    )


def _speak_of_maker(catalogue: Catalogue, session: Session, answer: Answer) -> None:
    """Make the brands of the one maker told of the topic, when no product of another was looked at: 有几个有证."""
    brands = _brands_of(catalogue, answer)
    goes_on = set(brands) & set(session.topic.constraints.brands)  # 归雁的窗: 他们厂在哪 ends no talk of windows
    if len(answer.enterprises) == 1 and brands and not (session.topic.focus or goes_on):
        kept = Constraints(brands=brands, adcode=session.place)
        session.start_topic(Topic(kept, answer.products, answer.products, intent=answer.intent))


def _note_maker(turn: Turn, answer: Answer) -> None:
    """Note the brands of the one maker told of, for 他们家门有没有."""
    if answer.intent == "enterprise":
        one = len(answer.enterprises) == 1
        turn.session.data[MAKER] = list(_brands_of(turn.catalogue, answer)) if one else []


def _brands_of(catalogue: Catalogue, answer: Answer) -> tuple[str, ...]:
    """Return the brands of the makers that an answer told of."""
    return tuple(b.id for b in catalogue.brands.values() if b.enterprise in answer.enterprises)


def _speak_of(catalogue: Catalogue, session: Session, categories: tuple[str, ...]) -> None:
    """Make the kind that an answer was about the running topic: 要铜的 after a stored answer about taps means taps."""
    if not set(categories) & (catalogue.under(session.topic.constraints.categories) or set()):
        kept = Constraints(categories=categories, adcode=session.place)
        session.start_topic(Topic(constraints=kept, intent=SPOKEN_OF))


def _kinds(catalogue: Catalogue, skus: tuple[str, ...]) -> tuple[str, ...]:
    """Return the categories of products, each once."""
    return tuple(dict.fromkeys(product.category for product in catalogue.products(skus)))
