"""What the goods of a kind call a property said: 铜 is the 材质 of taps and the 阀体 of valves, 防水 of sockets is their 防溅."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from handlers.context.counted import counted, kept
from handlers.context.kind_attributes import all_names, attribute_number, with_attribute
from handlers.understanding.entries import GOODS
from handlers.understanding.interpretation import NOTHING_ASKED, Constraints
from handlers.understanding.measures import amount_of, capacity, figure_of
from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading
    from handlers.understanding.spans import Quantity

Attributes = Mapping[str, tuple[str, ...]]
Held = tuple[tuple[str, tuple[str, ...]], ...]  # attributes with some of their values
_FEW_VALUES = 2
_MEASURED = ("length", "mass", "volume")
_LOW = ("ENF", "E0")  # grades of formaldehyde that do no harm
_LEAST = 2  # characters of a property that a value may hold
_HELD: WeakKeyDictionary[Catalogue, tuple[int, dict[Any, Held]]] = WeakKeyDictionary()


def attributes_of_kind(
    catalogue: Catalogue, categories: tuple[str, ...], attributes: Attributes, reading: Reading
) -> dict[str, tuple[str, ...]]:
    """Leave out the attributes that no product of a kind has: a 陶瓷 basin is not one with a ceramic valve.

    What another attribute of the kind says is taken for that: 20mm of a pipe is its width, of a tile how thick it is.
    """
    otherwise = reading.slots.values.get("attributes_otherwise", {})
    kept: dict[str, tuple[str, ...]] = {}
    for name, values in attributes.items():
        own = _called_here(catalogue, categories, name, values, otherwise.get(name, {}))
        if own is not None:
            kept[own[0]] = tuple(dict.fromkeys((*kept.get(own[0], ()), *own[1])))
    return {name: _values_of_kind(catalogue, categories, name, values) for name, values in kept.items()}


def _called_here(
    catalogue: Catalogue, categories: tuple[str, ...], name: str, values: tuple[str, ...], others: Attributes
) -> tuple[str, tuple[str, ...]] | None:
    """Return the attribute of a kind that has values said of whatever goods, and its values for them; None when none has."""
    kind = Constraints(categories=categories)
    known = catalogue.vocabulary.attributes
    alike = ((other, tuple(one for one in values if one in several)) for other, several in known.items())
    for other, held in ((name, values), *others.items(), *alike):
        if held and counted(catalogue, kind.but(attributes={other: held})):
            return other, held
    for other, held in attribute_with(catalogue, categories, values).items():
        return other, held  # 免打孔粘贴 of handles for 免打孔 of racks
    return (name, values) if with_attribute(catalogue, categories, name) else None


def _values_of_kind(
    catalogue: Catalogue, categories: tuple[str, ...], name: str, values: tuple[str, ...]
) -> tuple[str, ...]:
    """Keep of many values those that the kind has: 六十瓦以上 of lamps names no pump's watts."""
    if len(values) <= _FEW_VALUES:
        return values
    kind = Constraints(categories=categories)
    return tuple(one for one in values if counted(catalogue, kind.but(attributes={name: (one,)}))) or values


def with_kin(catalogue: Catalogue, categories: tuple[str, ...], word: str) -> str:
    """Return the property of a kind that is nearest to one which none of its goods has: 防溅 for 防水 of sockets; itself without any."""
    kind = Constraints(categories=categories)
    known = catalogue.vocabulary.features
    for near in _kin().get(word, ()):
        for feature in (near, *(one for one in known if near in one and near != one)):
            if feature in known and counted(catalogue, kind.but(features=(feature,))):
                return feature
    return word


def attribute_holding(catalogue: Catalogue, categories: tuple[str, ...], word: str) -> dict[str, tuple[str, ...]]:
    """Return the attribute of a kind whose values hold a property, with those values: 增压 of 出水方式, 抽拉 of 抽拉式; {} without one."""
    return attribute_with(catalogue, categories, (word, *_kin().get(word, ())))


def attribute_with(
    catalogue: Catalogue, categories: tuple[str, ...], words: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return the attribute of a kind whose values hold one of some words, the first that any holds; {} without one."""
    kind = Constraints(categories=categories)
    for one in words:
        for name, held in _held_anywhere(catalogue, one.lower()) if len(one) >= _LEAST else ():
            if counted(catalogue, kind.but(attributes={name: held})):
                return {name: held}
    return {}


def _held_anywhere(catalogue: Catalogue, word: str) -> Held:
    """Return every attribute with its values that are a word or hold it; looked for once for a revision of the catalogue."""
    known, key = kept(_HELD, catalogue), (("word", word),)
    if key not in known:
        several = ((name, _holding(values, word)) for name, values in catalogue.vocabulary.attributes.items())
        known[key] = tuple((name, held) for name, held in several if held)
    return known[key]


def wished_of_kind(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Ask for what the kind calls a wish that no property of the catalogue is named after: 挂墙 is 安装方式 壁挂."""
    attributes, features = dict(values.get("attributes", {})), list(values.get("features", ()))
    for wish in reading.slots.values.get("wishes", ()):
        several = reading.slots.values.get("any_of", {}).get(wish, (wish,))
        held = attribute_with(catalogue, values["categories"], several)
        if held:
            attributes |= {name: told for name, told in held.items() if name not in attributes}
        elif (near := with_kin(catalogue, values["categories"], wish)) != wish:
            features.append(near)
    same = attributes == values.get("attributes", {}) and tuple(features) == tuple(values.get("features", ()))
    return {} if same else {"attributes": attributes, "features": tuple(dict.fromkeys(features))}


def value_named(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Ask for the value that a word for goods is as well, of the kind that it makes with another: 花砖上墙的 are wall tiles with a pattern."""
    names = {name for code in values["categories"] for name in all_names(code, catalogue)}
    told: dict[str, tuple[str, ...]] = {}
    for span in reading.slots.goods:
        for name, several in catalogue.vocabulary.attributes.items():
            own = span.surface in several and span.surface not in names and name not in values.get("attributes", {})
            if own and counted(
                catalogue, Constraints(categories=values["categories"], attributes={name: (span.surface,)})
            ):
                told.setdefault(name, (span.surface,))
    return {"attributes": {**values.get("attributes", {}), **told}} if told else {}


def meant_by(reading: Reading, wish: str) -> tuple[str, ...]:
    """Return the properties that answer a wish, itself the first."""
    return (wish, *reading.slots.values.get("any_of", {}).get(wish, ()), *_kin().get(wish, ()))


def _holding(values: tuple[str, ...], word: str) -> tuple[str, ...]:
    """Return the values that are a word, else those that hold it: PE of pipes is no PE-RT."""
    same = tuple(value for value in values if value.lower() == word)
    return same or tuple(value for value in values if word in value.lower() and not _denies(value.lower(), word))


def figure_of_a_word(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Return the measure that a word for other goods begins with: 50管用的地漏 are those for pipes of 50."""
    if reading.quantities or not any(map(str.isdigit, reading.text)):
        return {}
    for span in reading.found.spans:
        other = span.kind in GOODS and set(values["categories"]).isdisjoint(span.concept.split("|"))
        figure = figure_of(span.surface) if other else None
        if figure is not None and (told := attribute_number(catalogue, values["categories"], figure)):
            return {"attributes": {**values.get("attributes", {}), **told}}
    return {}


def measured_of_kind(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Return the attribute of a kind that is as long, heavy or large as said: 四十五公分的滑轨, 扛一百斤的, 一吨的水箱."""
    exact = [q for q in reading.quantities if q.dimension in _MEASURED and q.low is not None and q.low == q.high]
    known = dict(values.get("attributes", {}))
    if not exact or values.get("size") or known or reading.has("ask.howmany", "ask.price"):
        return {}
    for quantity in exact:
        if reading.scope.refuses(quantity.start, quantity.end):
            continue
        for name, several in catalogue.vocabulary.attributes.items():
            held = tuple(value for value in several if _measures(value, quantity))
            if held and counted(catalogue, Constraints(categories=values["categories"], attributes={name: held})):
                known.setdefault(name, held)
                break
    return {"attributes": known, "capacity": ()} if known else {}


def _measures(value: str, quantity: Quantity) -> bool:
    """Tell whether a value is as much as said; a ton of water is 1000 litres."""
    if quantity.dimension == "length":
        return amount_of(value, "length") == quantity.low
    held = capacity(value)
    return held is not None and held[1] == quantity.low


def refused_of_kind(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Refuse of the values of whatever attributes only those that some of the kind have; what leaves nothing out is named instead."""
    refused = reading.slots.values.get("refused_values", ())
    if not refused:
        return {}
    kind = Constraints(categories=values["categories"])
    total = counted(catalogue, kind)
    vain = {one for one in refused if counted(catalogue, kind.but(exclude_features=(one,))) == total}
    return {"exclude_features": tuple(one for one in values.get("exclude_features", ()) if one not in vain)}


def said_twice(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what an attribute says more exactly: 防水 of 防水到IP67, the litres that are an attribute here."""
    attributes = values.get("attributes", {})
    if not attributes or counted(catalogue, NOTHING_ASKED.but(**_heeded(values))):
        return {}
    held = "|".join(re.escape(value.lower()) for several in attributes.values() for value in several)
    doubled = tuple(
        feature
        for feature in values.get("features", ())
        if re.search(rf"{re.escape(feature)}(?:{'|'.join(signs('up_to_grade'))})? ?(?:{held})", reading.text)
    )
    if doubled:
        return {"features": tuple(one for one in values["features"] if one not in doubled)}
    figures = {figure_of(value) for several in attributes.values() for value in several}
    litres = [one for one in values.get("capacity", ()) if figure_of(one) not in figures]
    return {"capacity": tuple(litres)} if values.get("capacity") else {}


def _heeded(values: dict[str, Any]) -> dict[str, Any]:
    names = ("categories", "attributes", "features", "capacity", "scenes", "size", "color")
    return {name: values[name] for name in names if values.get(name)}


def harmless(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Ask for the lower grades of formaldehyde where what does no harm is asked for, of goods that are graded so: 哪种板放心."""
    if values.get("formaldehyde") or not any(sign in reading.text for sign in signs("harmless")):
        return {}
    graded = Constraints(categories=values["categories"], formaldehyde=_LOW)
    return {"formaldehyde": _LOW} if counted(catalogue, graded) else {}


def _denies(value: str, word: str) -> bool:
    """Tell whether a value says that there is none: 无遥控 of 遥控."""
    at = value.find(word)
    return value[max(at - 1, 0) : at] in signs("denying")


@cache
def _kin() -> Mapping[str, tuple[str, ...]]:
    """Return the properties near to each: every other one of its row, in the order of the row, the first rows first."""
    return {word: tuple(dict.fromkeys(near)) for word, near in _gathered().items()}


def _gathered() -> dict[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    for word, near in _pairs():
        gathered.setdefault(word, []).append(near)
    return gathered


def _pairs() -> Iterator[tuple[str, str]]:
    for said, alike, *_ in rows(WORDS / "feature_kin.tsv"):
        for word in said.split("|"):
            yield from ((word, near) for near in (*said.split("|"), *alike.split("|")) if near and near != word)
