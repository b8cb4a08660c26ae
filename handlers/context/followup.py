"""Merge an utterance into the running topic: what is kept, what is replaced, what is dropped."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from handlers.context.attribute_steps import stepped
from handlers.context.bare_numbers import number_in_context, says_more
from handlers.context.counted import counted
from handlers.context.given_free import dropped_filters
from handlers.context.kind_attributes import all_names, beside_the_kind
from handlers.context.own_constraints import own_constraints
from handlers.context.plain_kinds import plainer
from handlers.context.properties_of_kind import attributes_of_kind
from handlers.context.refused_kinds import refused_kinds
from handlers.context.relative import STEPPED, THAN, relative
from handlers.context.sizes_said import sized_as_the_kind
from handlers.context.spoken_topics import MAKER
from handlers.context.superlatives import best_attribute
from handlers.context.title_conditions import held_by_properties
from handlers.context.topics import called_so, goes_back
from handlers.context.varieties import called_otherwise
from handlers.rules.answers import GIVEN_UP, LACKING, LIST_AGAIN
from handlers.rules.continuations import BESIDE_A_KIND, SAME_BRANDS
from handlers.rules.lists import (
    CERTIFIED_OF_KIND,
    LABEL,
    NONE_LISTED,
    OF_THE_LABEL,
    ONE_OF_THEM,
    OTHER_COLORS,
    PLAIN,
    SOME_OF_BEST,
)
from handlers.session import KIND_BY_TROUBLE, constraints_from_json
from handlers.understanding.interpretation import Constraints
from handlers.understanding.spans import Span
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.session import Session
    from handlers.understanding.reading import Reading
    from handlers.understanding.slots import SlotReader

_KEPT_BY_A_NEW_CATEGORY = ("certified", "schemes", "stars", "min_stars", "adcode")
_FRAME = 3  # characters beside a quality that only wish for it: 有防水的吗
_MOST_LISTED = 20
_BY_RULE = frozenset(
    {OF_THE_LABEL, OTHER_COLORS, SOME_OF_BEST, PLAIN, ONE_OF_THEM, CERTIFIED_OF_KIND, NONE_LISTED, LIST_AGAIN}
)


def merge(
    reading: Reading, session: Session, catalogue: Catalogue, slot_reader: SlotReader, rule: str = ""
) -> Constraints:
    """Return the constraints in force for this utterance in its conversation."""
    new = own_constraints(reading, catalogue)
    base = session.topic.constraints
    new = sized_as_the_kind(new, new.categories or base.categories, reading, catalogue)
    if new.categories and not new.brands and any(sign in reading.text for sign in signs("its_brand")):
        new = new.but(brands=base.brands or _brand_at_hand(session, catalogue))  # 它家门呢 after 山楂埂的窗
    if rule in _BY_RULE:
        return _by_rule(rule, reading, new, session, catalogue)
    if rule in (BESIDE_A_KIND, SAME_BRANDS) or (
        reading.has("ask.compare") and new.brands and base.brands and not new.categories
    ):
        return _beside(base, new, same_brands=rule == SAME_BRANDS)
    nothing_before = not base.categories and not base.brands and not session.topic.listed
    if nothing_before:
        return stepped(new, reading, session, catalogue) if reading.has("rel.step") else new
    return _merged(reading, new, session, catalogue, slot_reader)


def brands_spoken_of(session: Session, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the brands asked for, those that had no such goods among them, else that of the product spoken of last."""
    lacking = tuple(session.data.get(LACKING) or ()) if session.intent == "recommend" else ()
    return session.topic.constraints.brands or lacking or _brand_at_hand(session, catalogue)


def _brand_at_hand(session: Session, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the brands of the maker told of just now, else of the product that was spoken of last; none without one."""
    if session.intent == "enterprise" and (told := session.data.get(MAKER)):
        return tuple(told)
    return tuple(product.brand for product in catalogue.products(session.topic.focus[:1]) if product.brand)


def _merged(
    reading: Reading, new: Constraints, session: Session, catalogue: Catalogue, slot_reader: SlotReader
) -> Constraints:
    """Put what was said now over what was being looked for, or begin anew."""
    base = session.topic.constraints
    new = _in_context(reading, _as_quality(reading, new, base, catalogue), session, catalogue, slot_reader)
    if reading.scope.corrected:
        return _override(_without_steps(base, new, session), new)
    if new.categories:
        return stepped(_with_goods(new, reading, session, catalogue), reading, session, catalogue)
    if not _continues(reading, new):
        other = reading.slots.foreign or reading.slots.absent or reading.slots.unknown
        return new if other else base.but(limit=new.limit)  # nothing was added: what was looked for stays
    new = _as_well(base, new) if reading.has("op.also") else new
    merged = relative(_override(base, new), reading, session, catalogue)
    return _with_given_up(merged, reading, session, catalogue)


def _with_given_up(merged: Constraints, reading: Reading, session: Session, catalogue: Catalogue) -> Constraints:
    """Ask again for what the last list had to do without, where what is said now leaves such goods: 放宽到六百 after 双槽,四百."""
    kept = constraints_from_json(session.data.get(GIVEN_UP) or {})
    free = set(dropped_filters(reading))
    names = [spec.name for spec in fields(kept) if getattr(kept, spec.name) and spec.name not in free]
    wanted: dict[str, Any] = {name: getattr(kept, name) for name in names if not getattr(merged, name)}
    if kept.attributes and "attributes" in names:
        wanted["attributes"] = {**kept.attributes, **merged.attributes}
    if kept.features and "features" in names:
        wanted["features"] = tuple(dict.fromkeys((*merged.features, *kept.features)))
    again = merged.but(**wanted) if wanted else merged
    return again if wanted and counted(catalogue, again.but(limit=None, sort=None)) else merged


def _as_well(base: Constraints, new: Constraints) -> Constraints:
    """Let what will do as well stand beside what was wanted: 三百瓦的也行 after 两百瓦; one of those wanted is chosen."""
    both: dict[str, Any] = {
        name: said if set(said) <= set(before) else (*before, *(one for one in said if one not in before))
        for name in ("stars", "brands", "color", "size", "capacity", "formaldehyde", "schemes")
        if (said := getattr(new, name)) and (before := getattr(base, name))
    }
    if new.stars and base.min_stars:
        both |= {"stars": (), "min_stars": min(base.min_stars, *new.stars)}
    told = {}
    for name, values in new.attributes.items():
        before = base.attributes.get(name, ())
        told[name] = values if set(values) <= set(before) else tuple(dict.fromkeys((*before, *values)))
    return new.but(attributes=told, **both)


def _as_quality(reading: Reading, new: Constraints, base: Constraints, catalogue: Catalogue) -> Constraints:
    """Read a word that names a kind and a quality as the quality of what is being looked for: 防水的 after 墙纸."""
    said = [reading.text[span.start : span.end] for span in reading.slots.goods]
    if len(said) != 1 or not base.categories or not reading.has("op.wish") or len(reading.text) > len(said[0]) + _FRAME:
        return new
    family = catalogue.under(base.categories)
    if said[0] not in catalogue.vocabulary.features or family & catalogue.under(new.categories):
        return new
    return new.but(categories=(), features=tuple(dict.fromkeys((*new.features, said[0]))))


def _by_rule(rule: str, reading: Reading, new: Constraints, session: Session, catalogue: Catalogue) -> Constraints:
    """Return what a rule makes of the running constraints that knows it without merging."""
    base = session.topic.constraints
    if rule == LIST_AGAIN:
        return base.but(limit=None)
    if rule == OF_THE_LABEL:
        return base.but(schemes=tuple(session.data[LABEL]), certified=True)
    if rule in (ONE_OF_THEM, CERTIFIED_OF_KIND, NONE_LISTED):
        wanted = {"certified": True} if rule == CERTIFIED_OF_KIND else {}
        return base.but(limit=1 if rule == ONE_OF_THEM else None, **wanted)
    if rule == OTHER_COLORS:
        return base.but(color=(), exclude_color=base.color or base.exclude_color)
    return _some_of_best(reading, base, new) if rule == SOME_OF_BEST else plainer(base, catalogue) or base


def _some_of_best(reading: Reading, base: Constraints, new: Constraints) -> Constraints:
    """Return so many in the order of prices: 便宜的三个 narrows nothing and steps nowhere."""
    counted = [int(q.value) for q in reading.quantities if q.dimension == "count" and q.value]
    sort = "price_desc" if reading.has("rel.dearer", "sort.price_desc") else "price_asc"
    return _override(base, new).but(sort=sort, limit=new.limit or min((*counted[:1], _MOST_LISTED)))


def _beside(base: Constraints, new: Constraints, *, same_brands: bool) -> Constraints:
    """Return both sides of a comparison with what was being looked for: another kind (跟硅酸钙板比呢) or another brand."""
    if same_brands:
        return Constraints(categories=new.categories, brands=base.brands)
    if new.categories:
        return Constraints(categories=tuple(dict.fromkeys((*base.categories, *new.categories))))
    return Constraints(categories=base.categories, brands=tuple(dict.fromkeys((*base.brands, *new.brands))))


def _in_context(
    reading: Reading, new: Constraints, session: Session, catalogue: Catalogue, slot_reader: SlotReader
) -> Constraints:
    """Read what only the running topic makes clear: 外墙的 after 漆, 有证吗 after a list, a bare number."""
    base = session.topic.constraints
    if not new.categories and not reading.slots.foreign:
        composed = slot_reader.compose_with(reading.text, base.categories, wanted_words(reading))
        if composed:
            new = new.but(categories=composed, attributes=beside_the_kind(reading, new, composed, catalogue))
    if not new.categories and not new.exclude_categories:
        narrower = refused_kinds(reading, base.categories, catalogue, slot_reader)
        new = new.but(exclude_categories=narrower) if narrower else new
    if reading.has("ask.cert") and base.categories and not new.categories and not new.schemes:
        new = new.but(certified=True)  # 有证吗 after a list: those of it that are certified
    if base.categories and not new.categories and reading.has("ask.which"):
        best = best_attribute(reading.text, catalogue, {"categories": base.categories, "scenes": base.scenes})
        new = new.but(attributes={**new.attributes, **best["attributes"]}) if best else new  # 最亮的是哪个
    if new.features and base.categories and not new.categories:
        told = {"features": new.features, "categories": base.categories}
        new = new.but(**called_otherwise(reading, catalogue, told))  # 安静点的 after 马桶 is 静音, after 窗户 隔音
    if new.attributes and base.categories and not new.categories:
        new = new.but(attributes=attributes_of_kind(catalogue, base.categories, new.attributes, reading))
    if base.categories and not new.categories:
        new = _with_wishes(new, reading, base.categories, catalogue)
    if reading.has("op.accept", "calc.enough") and new.price_min is not None and not new.categories:
        new = new.but(price_min=None, price_max=reading.slots.values.get("money_said", new.price_max))  # 四百块也可以
    return number_in_context(reading, new, base, session, catalogue)


def _with_wishes(new: Constraints, reading: Reading, categories: tuple[str, ...], catalogue: Catalogue) -> Constraints:
    """Take a wish for the property of these kinds that holds it (带猫眼的), or that titles have (带锁扣的 after 地板)."""
    wishes = reading.slots.values.get("wishes", ())
    told = {"categories": categories, "features": new.features}
    if wishes and (held := held_by_properties(wishes, catalogue, told)):
        return new.but(features=held)
    probes = (Constraints(categories=categories, title_words=(word,)) for word in wishes)
    found = [word for word, one in zip(wishes, probes, strict=True) if counted(catalogue, one)]
    return new.but(title_words=tuple(found[:1])) if found else new


def _with_goods(new: Constraints, reading: Reading, session: Session, catalogue: Catalogue) -> Constraints:
    """Return the constraints when goods were named: a topic gone back to or only described goes on, another one begins."""
    base = session.topic.constraints
    if goes_back(reading, session) and called_so(base.categories, new.categories, reading, catalogue):
        return _override(base, new.but(categories=base.categories))
    if _stays(base, new, reading, catalogue):
        return relative(_override(base, new.but(categories=base.categories)), reading, session, catalogue)
    return _with_category(base, new, reading, session, catalogue)


def wanted_words(reading: Reading) -> tuple[Span, ...]:
    """Return the words found, and what is refused as one: a refused modifier makes no other kind, nor does 换个地方."""
    elsewhere = ((cue.start, cue.end) for cue in reading.cues.of("place.elsewhere"))
    out = (Span(*one, "refused", "", "") for one in (*reading.scope.out, *reading.scope.old, *elsewhere))
    return (*reading.found.spans, *out)


def _with_category(
    base: Constraints, new: Constraints, reading: Reading, session: Session, catalogue: Catalogue
) -> Constraints:
    same = set(new.categories) == set(base.categories)
    narrower = set(new.categories) <= catalogue.under(base.categories) and not base.title_words
    if narrower and not same:
        return _override(base.but(title_words=(), text=""), new)
    if same and says_more(new):
        return _override(base, new)
    if same and (word := _said_of_the_same(new, reading, catalogue)):
        return _override(base, new.but(title_words=(word,)))
    if not base.categories and base.brands and not (new.brands or new.exclude_brands):  # 乳胶漆呢 after 苔原有啥
        of_theirs = new.but(brands=base.brands)
        new = of_theirs if counted(catalogue, of_theirs.but(limit=None, sort=None)) else new
    by_trouble = same and list(base.categories) == session.data.get(KIND_BY_TROUBLE)
    names = (
        (*_KEPT_BY_A_NEW_CATEGORY, "scenes") if by_trouble else _KEPT_BY_A_NEW_CATEGORY
    )  # 内墙漆有哪些 after 客厅发霉
    return new.but(**{name: getattr(base, name) for name in names if not getattr(new, name)})


def _said_of_the_same(new: Constraints, reading: Reading, catalogue: Catalogue) -> str:
    """Return the word that says which of the same kind is meant, where titles have it: 指纹的 after 门锁, 断桥的 after 窗户."""
    said = [reading.text[span.start : span.end] for span in reading.slots.goods] or list(reading.residue)
    if len(said) != 1 or said[0][-1:] in signs("kind_end"):
        return ""
    if not any(f"{said[0]}{sign}" in reading.text for sign in signs("of")):
        return ""
    probe = Constraints(categories=new.categories, title_words=(said[0],))
    return said[0] if counted(catalogue, probe) else ""


def _stays(base: Constraints, new: Constraints, reading: Reading, catalogue: Catalogue) -> bool:
    """Tell whether a word that is no name of the wider kind says only more of the narrower one: 铝合金 after 窗户."""
    wider = catalogue.under(new.categories)
    if not base.categories or set(base.categories) == set(new.categories) or not set(base.categories) <= wider:
        return False
    if new.title_words:  # 李叔家要个蹲便器 after 坐便器 is another kind, 铝合金的 after 窗户 none
        probe = Constraints(categories=base.categories, title_words=new.title_words)
        return bool(counted(catalogue, probe))
    names = {name for code in new.categories for name in all_names(code, catalogue)}
    said = {reading.text[span.start : span.end] for span in reading.slots.goods}
    return bool(said) and not said & names


def begins_anew(rule: str, asked: Constraints, running: Constraints, reading: Reading) -> bool:
    """Tell whether other goods are asked for than those that were listed: 100块以内的还有吗."""
    if rule in (OTHER_COLORS, SOME_OF_BEST) or reading.has("op.same_brand"):
        return True
    told = asked.but(limit=None, sort=None, adcode=None)
    return told != running.but(limit=None, sort=None, adcode=None)


def _without_steps(base: Constraints, new: Constraints, session: Session) -> Constraints:
    """Drop a price that came of 便宜点 or 贵点 when another kind is meant: it was a step from other products."""
    if not new.categories or not session.data.get(STEPPED):
        return base
    return base.but(price_min=None, price_max=None)


def _continues(reading: Reading, new: Constraints) -> bool:
    return (
        says_more(new)
        or bool(reading.slots.dropped)
        or any(map(reading.slots.values.get, ("wishes", "rooms", "materials")))
        or reading.has("want.part")
        or bool(reading.places)
        or reading.has(
            "op.drop_what",
            "op.need_not",
            "op.except_it",
        )
        or reading.has(
            "rel.cheaper",
            "rel.dearer",
            *THAN,
            "rel.bigger",
            "rel.smaller",
            "rel.step",
            "rel.morestars",
            "rel.over",
            "op.reverse",
            "best.stars",
            "op.same_brand",
            "op.others",
            "ask.more",
            "op.drop",
            "op.only",
            "ask.count",
            "ask.price",
        )
    )


def _override(base: Constraints, new: Constraints) -> Constraints:
    """Put the new constraints over the old ones: lists of qualities grow, everything else is replaced."""
    changes: dict[str, Any] = {"limit": new.limit, "text": new.text}
    for spec in fields(new):
        value = getattr(new, spec.name)
        if not value or spec.name in changes:
            continue
        if spec.name in ("features", "exclude_brands", "exclude_features", "exclude_color", "exclude_categories"):
            value = tuple(dict.fromkeys((*getattr(base, spec.name), *value)))
        elif spec.name == "attributes":
            value = {**base.attributes, **value}
        changes[spec.name] = value
    merged = base.but(**changes)
    return _consistent(merged, new)


# What is wished for, and what refuses it.
_REFUSALS = {
    "brands": "exclude_brands",
    "features": "exclude_features",
    "color": "exclude_color",
    "categories": "exclude_categories",
}


def _certificates(new: Constraints) -> dict[str, Any]:
    """Return what of the running certificates and stars goes: those said now stand alone, and 没证的 wants none."""
    if new.uncertified:
        return {"certified": False, "schemes": (), "stars": (), "min_stars": None}
    changes: dict[str, Any] = {}
    if new.certified or new.schemes or new.stars or new.min_stars:
        changes["uncertified"] = False
    if new.stars:
        changes["min_stars"] = None
    elif new.min_stars:
        changes["stars"] = ()
    return changes


def _consistent(merged: Constraints, new: Constraints) -> Constraints:
    """Let what was said last win where two constraints speak of the same thing."""
    changes: dict[str, Any] = {}
    if new.price_min is None and new.price_max is not None:
        changes["price_min"] = None
    if new.price_max is None and new.price_min is not None:
        changes["price_max"] = None
    changes |= _certificates(new)
    for wanted, refused in _REFUSALS.items():
        if said := getattr(new, wanted):  # 算了还是白的吧 takes 不要白的 back
            changes[refused] = tuple(word for word in getattr(merged, refused) if word not in said)
        if said := getattr(new, refused):
            changes[wanted] = tuple(word for word in getattr(merged, wanted) if word not in said)
    if new.exclude_color:  # 不要灰的 after 水泥灰的
        roots = tuple(word.rstrip("".join(signs("color_end"))) or word for word in new.exclude_color)
        dropped = tuple(color for color in merged.color if any(root in color for root in roots))
        changes["color"] = tuple(color for color in merged.color if color not in (*dropped, *new.exclude_color))
        changes["exclude_color"] = tuple(dict.fromkeys((*merged.exclude_color, *dropped)))
    return merged.but(**changes)
