"""Delivery, installation, measuring, recycling, after-sales and design: what is offered where, how far it reaches, what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from catalog_db.records import Service
from handlers.answer_parts.choices import asking, handoff_choice
from handlers.answer_parts.place_matching import Matched, match_place
from handlers.answer_parts.place_names import place_name
from handlers.answer_parts.product_facts import services_of
from handlers.context.in_question import categories_in_question, products_in_question
from handlers.rules.after_answers import SERVICE_COSTS, SERVICES_TOLD
from handlers.turn import Answer, Block, Entry, Listing, Note, Say, Text, Turn, say
from handlers.understanding.word_tables import signs

SHOWN = 5
TOLD = 3  # of them that are told in full: the others are named
KINDS = ("delivery", "installation", "measuring", "recycling", "after_sales", "design")
LEVELS = ("installed", "room", "upstairs", "door", "village")  # the furthest first
_BROUGHT = frozenset({"delivery", "installation"})  # services that reach so far
_NAMED = 4  # kinds that a service is for are named; the rest is counted
SHORTEST_NAME = 2  # characters of a service's name that must be said to name it


def handle(turn: Turn) -> Answer:
    """List the services of the kind asked for, those of the category in question first; unknown is said as unknown."""
    kinds = tuple(kind for kind in KINDS if f"service.{kind}" in turn.meaning.cues)
    offered = _just_told(turn) or _offered(turn)
    named = [s for s in offered if _is_named(turn.meaning.text, s)]
    fitting = [s for s in offered if s.kind in kinds] if kinds else named or offered
    fitting = fitting or [s for s in offered if kinds and s.categories and _tells_of(turn.meaning.text, s)]
    matched = match_place(fitting, lambda s: s.adcodes, turn.meaning.place)
    if not matched.found:
        return _nothing(turn, kinds)
    return _listed(turn, kinds, matched, named)


def _just_told(turn: Turn) -> list[Service]:
    """Return the services of the last answer where it is asked what they cost: 一层多少钱 after 送上楼不."""
    told = turn.session.data.get(SERVICES_TOLD) or () if turn.meaning.rule == SERVICE_COSTS else ()
    return [turn.catalogue.services[one] for one in told if one in turn.catalogue.services]


def _offered(turn: Turn) -> list[Service]:
    """Return the services that come with the one product meant, its own first; else those for the kind in question."""
    products = products_in_question(turn)
    if len(products) == 1:
        return services_of(turn.catalogue, products[0])
    return [s for s in turn.catalogue.services.values() if _for_category(turn, s)]


def _for_category(turn: Turn, service: Service) -> bool:
    codes = categories_in_question(turn)
    if not codes or not service.categories:
        return True
    asked = turn.catalogue.under(codes) | {step for code in codes for step in turn.catalogue.path(code)}
    return bool(asked & set(service.categories))


def _is_named(text: str, service: Service) -> bool:
    """Tell whether a part of the service's name was said."""
    name = service.name.lower()
    return any(name[i : i + SHORTEST_NAME] in text for i in range(len(name) - SHORTEST_NAME + 1))


def _tells_of(text: str, service: Service) -> bool:
    """Tell whether a service's description speaks of what was asked: 拆旧另收30元."""
    said = service.description or ""
    return any(word in said for word in signs("service_told") if word in text)


def _listed(turn: Turn, kinds: Sequence[str], matched: Matched[Service], named: Sequence[Service]) -> Answer:
    brought = not kinds or bool(_BROUGHT & set(kinds))  # 屋里刷啥颜色能帮着配 asks for nothing to be brought in
    level = next((name for name in LEVELS if brought and f"level.{name}" in turn.meaning.cues), None)
    general = bool(categories_in_question(turn))
    ranked = sorted(
        matched.found,
        key=lambda s: (
            level is not None and s.level != level,
            s not in named,
            general and not s.categories,
            KINDS.index(s.kind),
        ),
    )
    shown = ranked[:SHOWN]
    turn.session.data[SERVICES_TOLD] = [service.id for service in shown]
    place = turn.meaning.place
    blocks: list[Block] = [Say(_head(turn, kinds, matched, level))]
    told = shown[:TOLD]
    blocks.append(Listing(tuple(_entry(turn, s, i if len(shown) > 1 else None) for i, s in enumerate(told, 1))))
    if further := shown[TOLD:]:
        blocks.append(Say(say("service.others", names=tuple(s.name for s in further))))
    sent = any(s.kind == "delivery" for s in shown)  # what is repaired or taken away is not delivered
    if place is None and any(s.adcodes for s in shown):
        blocks.append(Note(say("service.say_where") if sent else say("service.say_where_offered")))
    blocks.append(Note(say("service.confirm") if sent else say("service.confirm_offered")))
    return Answer(
        "service",
        blocks=tuple(blocks),
        choices=(asking("stores"), handoff_choice()) if turn.catalogue.stores else (handoff_choice(),),
        categories=categories_in_question(turn),
        filters={"adcode": place} if place else {},
        services=tuple(s.id for s in shown),
        products=tuple(p.sku for p in products_in_question(turn)),
        total=len(matched.found),
    )


def _head(turn: Turn, kinds: Sequence[str], matched: Matched[Service], level: str | None) -> Text:
    names = tuple(say(f"service_kind.{kind}") for kind in kinds) or (say("service_kind.any"),)
    if matched.widened:
        return say("service.widened", place=place_name(turn, turn.meaning.place), kinds=names)
    if level is None:
        return say("service.list", kinds=names)
    reaching = sum(s.level == level for s in matched.found)
    return say(
        "service.reaches" if reaching else "service.not_so_far", level=say(f"service_level.{level}"), total=reaching
    )


def _entry(turn: Turn, service: Service, number: int | None) -> Entry:
    level = say(f"service_level.{service.level}") if service.level else say("service_level.unknown")
    fee = say("service.fee", fee=service.fee) if service.fee else say("service.fee_unknown")
    lines: list[Text] = [say("service.level", level=level, fee=fee) if service.kind in _BROUGHT else fee]
    if service.description:
        lines.append(say("service.description", description=service.description))
    codes = categories_in_question(turn)
    asked = turn.catalogue.under(codes) | {step for code in codes for step in turn.catalogue.path(code)}
    first = sorted(service.categories, key=lambda code: code not in asked)  # what was asked about is always named
    names = tuple(turn.catalogue.categories[c].name for c in first if c in turn.catalogue.categories)
    if len(names) > _NAMED:
        lines.append(say("service.for_more", categories=names[:_NAMED], total=len(names)))
    elif names:
        lines.append(say("service.for", categories=names))
    return Entry(service.name, tuple(lines), ref=("service", service.id), number=number)


def _nothing(turn: Turn, kinds: Sequence[str]) -> Answer:
    """Say plainly that nothing is known of such a service there."""
    names = tuple(say(f"service_kind.{kind}") for kind in kinds) or (say("service_kind.any"),)
    others = tuple(s.id for s in turn.catalogue.services.values())
    choices = (asking("services"),) if others else ()
    return Answer(
        "service",
        blocks=(Say(say("service.none", kinds=names)),),
        choices=(*choices, handoff_choice()),
        categories=categories_in_question(turn),
        total=0,
    )
