"""What an utterance itself asks for, before the conversation is looked at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from handlers.context.bare_bounds import bound_of_kind
from handlers.context.counted import counted
from handlers.context.kind_attributes import (
    attribute_number,
    colors_of_kind,
    figure_of_kind,
    length_of_kind,
    width_that_none_has,
)
from handlers.context.narrower_words import narrowed, told_by_its_goods
from handlers.context.properties_of_kind import (
    attributes_of_kind,
    figure_of_a_word,
    harmless,
    measured_of_kind,
    refused_of_kind,
    said_twice,
    value_named,
    wished_of_kind,
)
from handlers.context.superlatives import best_attribute, sort_by_saving
from handlers.context.telling_characters import told_by_characters
from handlers.context.title_conditions import of_the_titles
from handlers.context.unit_bounds import limit_of_kind
from handlers.context.varieties import of_the_kind
from handlers.rules.shapes import SORTS
from handlers.understanding.amounts import FORMALDEHYDE
from handlers.understanding.interpretation import NOTHING_ASKED, Constraints
from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading
    from handlers.understanding.spans import Quantity

_ANY_DAY = date(2000, 1, 1)  # titles do not depend on the day
_NAMES = frozenset(spec.name for spec in fields(Constraints))
_SORTS = frozenset(SORTS)
_STARS = (1, 2, 3)
_LEAST_PRICE = 30  # a smaller bare number is rarely a price
_BELOW, _ABOVE = Decimal("0.8"), Decimal("1.2")  # what 左右 means in the answer format


def own_sort(cues: Collection[str]) -> str | None:
    """Return the order that the cues ask for."""
    if _SORTS.isdisjoint(cues):
        return None
    return next(cue.removeprefix("sort.") for cue in SORTS if cue in cues)


def _cheaper_of(reading: Reading, values: dict[str, Any]) -> str | None:
    """Return the order of prices where cheaper ones of a kind are asked for that is named, or dearer ones: 贵点的马桶."""
    if not values.get("categories"):
        return None
    dearer = (reading.text[cue.start : cue.end] for cue in reading.cues.of("rel.dearer"))
    if any(sign in said for said in dearer for sign in signs("dearer")):
        return "price_desc"
    return "price_asc" if reading.has("rel.cheaper") else None


def own_constraints(reading: Reading, catalogue: Catalogue) -> Constraints:
    """Return what the utterance itself asks for."""
    if not (reading.slots.values or reading.cues.names):
        return NOTHING_ASKED  # nothing of ours was said: what follows looks at slots and cues only
    values: dict[str, Any] = {name: value for name, value in reading.slots.values.items() if name in _NAMES}
    if sort := own_sort(reading.cues.names) or _cheaper_of(reading, values):
        values["sort"] = sort
    if not values.get("categories") and reading.slots.values.get("wider"):
        values["categories"] = reading.slots.values["wider"]
        values |= narrowed(catalogue, values, reading.slots.values["narrow_said"])
    values |= _stars(reading, values)
    if reading.has("best.formaldehyde") and not values.get("formaldehyde"):
        values["formaldehyde"] = (FORMALDEHYDE[-1],)
    values |= _number_beside_goods(reading, catalogue, values)
    values |= _certified(reading, values)
    if reading.has("op.prefer"):  # 有证的优先 wants those first, as every list has them, and refuses none
        values["certified"] = False
    values |= bound_of_kind(reading, catalogue, values) or _range_beside_goods(reading, catalogue, values)
    values |= _saving_wishes(reading, catalogue, values)
    values |= _against_troubles(reading, catalogue, values)
    if "grade" in reading.slots.values:
        values |= _grade(reading, catalogue, values.get("categories", ()))
    if values.get("categories"):
        values |= limit_of_kind(reading, catalogue, values)
        if said := reading.slots.values.get("kind_said"):
            values |= told_by_its_goods(catalogue, values, said)
        values |= figure_of_a_word(reading, catalogue, values)
        values |= refused_of_kind(reading, catalogue, values)
        values |= _told_of_kind(reading, catalogue, values["categories"], values)
        values |= length_of_kind(reading, catalogue, values)
        values |= _width(reading, catalogue, values)
        values |= value_named(reading, catalogue, values)
        values |= wished_of_kind(reading, catalogue, values)
        values |= best_attribute(reading.text, catalogue, values)
        values |= of_the_titles(reading, catalogue, values)
        values |= of_the_kind(reading, catalogue, values)
        values |= measured_of_kind(reading, catalogue, values)
        values |= said_twice(reading, catalogue, values)
        values |= harmless(reading, catalogue, values)
        values |= told_by_characters(reading, catalogue, values)
    return NOTHING_ASKED.but(**values)


def _width(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Return a width that no goods of the kind have, where nothing else was made of a length."""
    if not reading.quantities or any(map(values.get, ("size", "attributes", "capacity"))):
        return {}
    return {"size": width_that_none_has(reading, catalogue, values["categories"])}


def _stars(reading: Reading, values: dict[str, Any]) -> dict[str, Any]:
    """Return the stars that a word says, and those left where the lowest are refused: 不要一星的墙漆."""
    if values.get("stars") or values.get("min_stars"):
        return {}
    if said := reading.slots.values.get("said_stars", ()):
        return {"stars": (int(said[0]),)}
    stars = (q for q in reading.quantities if q.dimension == "stars" and reading.scope.refuses(q.start, q.end))
    refused = {int(q.value) for q in stars if q.value is not None}
    if not refused or (max(refused) == _STARS[-1] and not reading.has("op.except")):  # 不要三星了 drops them
        return {}
    return {"stars": tuple(star for star in _STARS if star not in refused)}


def _certified(reading: Reading, values: dict[str, Any]) -> dict[str, Any]:
    """Return whether only what is certified is asked for, or only what is not: 没证的有哪些."""
    said = [reading.text[slice(*cue.groups["must"])] for cue in reading.cues.of("op.must")]
    required = reading.has("cond.certified") or any(sign in word for word in said for sign in signs("certificate"))
    if reading.has("cond.uncertified") and not (required or reading.has("op.drop_what", "op.need_not")):
        return {"certified": False, "uncertified": True}
    asks = reading.has("ask.cert") and values.get("categories") and not values.get("schemes")
    asks = asks and not reading.has("op.need_not")  # 没有认证的也给我看看
    return {"certified": True} if asks or required else {}


@cache
def _features_against() -> dict[str, tuple[str, ...]]:
    told = rows(WORDS / "symptoms_to_features.tsv")
    return {symptom: tuple(features.split("|")) for symptom, features, *_ in told}


def _against_troubles(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Ask of a named product what helps against the trouble told, where some have it: 卫生间老滑,换啥地砖."""
    if not reading.slots.symptoms or not values.get("categories") or not reading.slots.goods:
        return {}
    features = against_troubles(reading, catalogue, values["categories"], values.get("features", ()))
    asked: dict[str, Any] = {"features": features} if features else {}
    kind = Constraints(categories=values["categories"], features=features or values.get("features", ()))
    scenes = () if values.get("scenes") else places_of_troubles(reading, catalogue, kind)
    return asked | ({"scenes": scenes} if scenes else {})


def places_of_troubles(reading: Reading, catalogue: Catalogue, asked: Constraints, least: int = 1) -> tuple[str, ...]:
    """Return where the trouble is, as a place that at least so many of the goods asked for are marked for: 屋顶 of 屋顶漏了."""
    troubles = [span.surface for span in reading.found.spans if span.kind == "symptom"]
    told = tuple(place for place in catalogue.vocabulary.scenes if any(place in trouble for trouble in troubles))
    return told if told and counted(catalogue, asked.but(scenes=told)) >= least else ()


def against_troubles(
    reading: Reading, catalogue: Catalogue, categories: tuple[str, ...], features: tuple[str, ...], least: int = 1
) -> tuple[str, ...]:
    """Return the features with what helps against the troubles told, as far as `least` of the kinds have them; () for none."""
    told = features
    for trouble in reading.slots.symptoms if categories else ():
        for feature in _features_against().get(trouble, ()):
            tried = tuple(dict.fromkeys((*told, feature)))
            if counted(catalogue, Constraints(categories=categories, features=tried)) >= least:
                told = tried
                break
    return told if told != features else ()


def _told_of_kind(
    reading: Reading, catalogue: Catalogue, categories: tuple[str, ...], values: dict[str, Any]
) -> dict[str, Any]:
    """Return attributes and features as far as they say something of a kind."""
    told: dict[str, Any] = {}
    attributes = dict(values.get("attributes", {}))
    if values.get("color"):
        told["color"], lit = colors_of_kind(catalogue, categories, values["color"])
        attributes |= lit
    if values.get("exclude_color"):
        told["exclude_color"], lit = colors_of_kind(catalogue, categories, values["exclude_color"])
        unlit = [word for words in lit.values() for word in words]
        told["exclude_features"] = tuple(dict.fromkeys((*values.get("exclude_features", ()), *unlit)))
    if attributes:
        told["attributes"] = attributes_of_kind(catalogue, categories, attributes, reading)
        if not values.get("size") and (sizes := _sizes_among(catalogue, categories, attributes, told["attributes"])):
            told["size"] = sizes
    if values.get("features"):
        told["features"] = _beyond_the_name(catalogue, categories, values["features"])
    return told


def _sizes_among(
    catalogue: Catalogue,
    categories: tuple[str, ...],
    said: dict[str, tuple[str, ...]],
    kept: dict[str, tuple[str, ...]],
) -> tuple[str, ...]:
    """Return the sizes of a kind among what is another kind's attribute: 600mm is how high a radiator and how wide a cabinet is."""
    lost = [value for name, values in said.items() if name not in kept for value in values]
    own = [size for size in catalogue.vocabulary.sizes if size in lost] if lost else []
    return tuple(size for size in own if counted(catalogue, Constraints(categories=categories, size=(size,))))


def _beyond_the_name(catalogue: Catalogue, categories: tuple[str, ...], features: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the qualities that the kind's own name says of all of them: 防水 of 防水卷材."""
    names = [catalogue.categories[code].name for code in categories if code in catalogue.categories]
    return tuple(one for one in features if not names or not all(one in name for name in names))


def _refused_number(catalogue: Catalogue, values: dict[str, Any], number: Quantity) -> tuple[str, ...]:
    """Return what a refused number is of the kind (马桶不要305的, 地砖不要八百的); where none has it, the bare figure, so that it is named."""
    value = number.value or Decimal(0)
    told = figure_of_kind(catalogue, values["categories"], value, number.text)
    held = [word for words in told.get("attributes", {}).values() for word in words]
    return (*held, *told.get("size", ())) or (f"{value.normalize():f}",)


def _number_beside_goods(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Read a number without a unit beside a product: a size that the catalogue has (800的砖), else about a price (一千五的马桶)."""
    numbers = [q for q in reading.quantities if q.dimension == "number" and q.value is not None]
    if len(numbers) != 1 or not values.get("categories") or "size" in values:
        return {}
    priced = "price_max" in values or "price_min" in values
    value = numbers[0].value
    if value is None or reading.has("ask.howmany", "ask.savings") or reading.skus:
        return {}
    if reading.scope.refuses(numbers[0].start, numbers[0].end):
        return {
            "exclude_features": (*values.get("exclude_features", ()), *_refused_number(catalogue, values, numbers[0]))
        }
    alone = _stands_alone(reading, numbers[0])
    if not alone and not any(reading.text.startswith(sign, numbers[0].end) for sign in signs("of")):
        glued = any(numbers[0].start == span.end or numbers[0].end == span.start for span in reading.slots.goods)
        named = attribute_number(catalogue, values["categories"], value) if glued else {}
        return {"attributes": {**values.get("attributes", {}), **named}} if named else {}  # 50地漏, 排水管110
    if told := figure_of_kind(catalogue, values["categories"], value, numbers[0].text):
        return told | {"attributes": {**values.get("attributes", {}), **told.get("attributes", {})}}
    whole = value == value.to_integral_value()  # 52.5的水泥 is no price
    price = whole and value >= _LEAST_PRICE and not priced and not values.get("attributes")
    about: dict[str, Any] = {"price_min": value * _BELOW, "price_max": value * _ABOVE} if price else {}
    asked = about and Constraints(categories=values["categories"], **about)
    return about if asked and (not alone or counted(catalogue, asked)) else {}  # 马桶 1500 静音


def _stands_alone(reading: Reading, number: Quantity) -> bool:
    """Tell whether a number is a word or a clause by itself: 地砖 800 灰; 马桶虹吸的,305."""
    text, ends = reading.text, ("", *signs("clause_end"))
    clause = text[number.start - 1 : number.start] in ends and text[number.end : number.end + 1] in ends
    return clause or text[number.start : number.end] in reading.normalised.raw.split()


def _range_beside_goods(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Read a range without a unit beside goods as prices where some of them cost so much: 地漏,35到80."""
    if not reading.quantities:
        return {}
    ranges = [q for q in reading.quantities if q.dimension == "number" and q.value is None and q.low and q.high]
    told = {"price_min", "price_max", "budget"} & set(values)
    if len(ranges) != 1 or told or not values.get("categories") or reading.has("ask.howmany", "ask.savings"):
        return {}
    prices = {"price_min": ranges[0].low, "price_max": ranges[0].high}
    named = any(name in reading.text for name in catalogue.vocabulary.attributes)
    cost = not named and counted(catalogue, Constraints(categories=values["categories"]).but(**prices))
    return prices if cost else {}


def _saving_wishes(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Order by what is saved where no product of the kind is marked as saving: 节水的马桶, 省电的灯."""
    told = (*reading.slots.values.get("features", ()), *reading.slots.values.get("wishes", ()))
    wanted = [word for word in told if sort_by_saving(word)]
    if not wanted or values.get("sort"):
        return {}
    features = tuple(word for word in values.get("features", ()) if not sort_by_saving(word))
    marked = Constraints(
        categories=values.get("categories", ()),
        features=tuple(word for word in wanted if word in values.get("features", ())),
    )
    if marked.features and counted(catalogue, marked):
        return {}
    return {"sort": sort_by_saving(wanted[0]), "features": features}


def _grade(reading: Reading, catalogue: Catalogue, categories: tuple[str, ...]) -> dict[str, int]:
    """Tell a water grade from an energy grade: by the word beside it, else by what the category has."""
    grade = reading.slots.values["grade"]
    if reading.has("grade.water"):
        return {"water_grade_max": grade}
    if reading.has("grade.energy"):
        return {"energy_grade_max": grade}
    probe = Constraints(categories=categories)
    water = counted(catalogue, probe.but(water_grade_max=5))
    energy = counted(catalogue, probe.but(energy_grade_max=5))
    return {"water_grade_max": grade} if water > energy else {"energy_grade_max": grade}


def asks_grade(reading: Reading) -> bool:
    """Tell whether as little formaldehyde as can be is asked for: 甲醛最少的, 零甲醛的."""
    return "best.formaldehyde" in reading.cues.names or "honest_formaldehyde" in reading.slots.because


def asks_remedy(reading: Reading) -> bool:
    """Tell whether a remedy is asked for, not the goods named: 热水器打不着火,该加个啥, but not 装个啥灯."""
    cue = reading.cues.first("ask.remedy")
    return cue is not None and all(span.end <= cue.start for span in reading.slots.goods)
