"""What the products of a kind have, and the other way round: whether any has an attribute, which sizes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from catalog_db.sizes import normalise
from handlers.context.counted import counted
from handlers.context.slot_reasons import KEPT, WHY
from handlers.understanding.compositions import begins_name
from handlers.understanding.interpretation import Constraints, Interpretation
from handlers.understanding.light import lights_in, temperatures
from handlers.understanding.measures import digits_of
from handlers.understanding.word_tables import expression, signs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading

NO_KIND = "a quality without a kind"  # the rule of a question back
_TOLD = "the kind that has the attribute"
_TELLING = ("attributes", "features", "color", "size", "capacity", "scenes")  # slots that may tell a kind
_MEASURED = ("measured_pipe", "measured_thickness")  # what a bare figure of a kind is, the likelier first
_FEW_KINDS = 2  # of one root: they are listed together
_WIDTHS = (Decimal("0.1"), Decimal(3))  # metres: what goods of one size are wide
_ANY_DAY = date(2000, 1, 1)  # attributes do not depend on the day
_LEAST_IN_MILLIMETRES = 300  # a smaller figure beside goods is in centimetres
_BELOW, _ABOVE = Decimal("0.8"), Decimal("1.2")  # what 左右 means in the answer format
_REACH_FROM = 5  # metres: a shorter length beside goods is a side of theirs
_ONE_FIGURE = re.compile(r"[A-Za-z]*(\d+(?:\.\d+)?)[^\d,.~-]*[²³]?")  # Ra90, 450mm, 120kg/m³


def all_names(code: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the names of a category."""
    category = catalogue.categories[code]
    return (category.name, *category.synonyms)


def with_attribute(catalogue: Catalogue, categories: tuple[str, ...], name: str) -> bool:
    """Tell whether some product of a kind has an attribute."""
    known = catalogue.vocabulary.attributes.get(name)
    return known is None or bool(
        counted(catalogue, Constraints(categories=categories, attributes={name: tuple(known)}))
    )


def sizes_in_centimetres(catalogue: Catalogue, categories: tuple[str, ...], value: Decimal) -> tuple[str, ...]:
    """Return the sizes of a kind whose first or only side is so many centimetres: 80的浴室柜 is 80cm or 800x480."""
    if value >= _LEAST_IN_MILLIMETRES:
        return ()
    side = f"{(value * 10).normalize():f}"
    own = [size for size in catalogue.vocabulary.sizes if normalise(size).partition("x")[0] == side]
    return tuple(size for size in own if counted(catalogue, Constraints(categories=categories, size=(size,))))


def with_told_kind(meaning: Interpretation, catalogue: Catalogue, day: date, place: str | None) -> Interpretation:
    """Read a quality without a kind for the one kind that has it: 扬程35米的有没有 asks for pumps; else ask which kind."""
    if meaning.intent != "clarify" or meaning.rule != NO_KIND:
        return meaning
    wanted = meaning.constraints.but(adcode=place)
    kinds = tuple(sorted(catalogue.search(wanted.query(day, limit=1)).facets["category"]))
    few = _FEW_KINDS if wanted.attributes else 1
    if not 1 <= len(kinds) <= few or len({catalogue.path(code)[0] for code in kinds}) > 1:
        return meaning
    told = next((meaning.because[name] for name in _TELLING if meaning.because.get(name)), KEPT)
    because = {**meaning.because, f"{WHY}categories": told}
    return replace(meaning, intent="recommend", rule=_TOLD, constraints=wanted.but(categories=kinds), because=because)


def figure_of_kind(catalogue: Catalogue, categories: tuple[str, ...], value: Decimal, size: str) -> dict[str, Any]:
    """Return what a figure is of a kind: a pipe's width, a size that the catalogue has, a width in centimetres."""
    if named := attribute_number(catalogue, categories, value):
        return {"attributes": named}
    sizes = tuple(one for one in catalogue.vocabulary.sizes if one.lower() in (size, f"{value:f}x{value:f}"))
    if sizes and counted(catalogue, Constraints(categories=categories, size=sizes)):
        return {"size": sizes}
    if figured := any_attribute_number(catalogue, categories, value):
        return {"attributes": figured}
    if wide := sizes_in_centimetres(catalogue, categories, value):
        return {"size": wide}
    if size and _laid_in_pieces(catalogue, categories):
        return {"size": (size,)}
    return _bore_that_none_has(catalogue, categories, value)


def _bore_that_none_has(catalogue: Catalogue, categories: tuple[str, ...], value: Decimal) -> dict[str, Any]:
    """Return the width asked for of a pipe where none is so wide and none costs so much: 排水管50的 is no price."""
    near = Constraints(categories=categories, price_min=value * _BELOW, price_max=value * _ABOVE)
    if counted(catalogue, near):
        return {}
    for name, known in catalogue.vocabulary.attributes.items():
        if any(sign in name for sign in signs("measured_pipe")) and with_attribute(catalogue, categories, name):
            unit = next((word.lstrip("0123456789.") for word in known if word[:1].isdigit()), "")
            return {"attributes": {name: (f"{value.normalize():f}{unit}",)}} if unit else {}
    return {}


def _laid_in_pieces(catalogue: Catalogue, categories: tuple[str, ...]) -> bool:
    """Tell whether a kind is sold by the area in pieces of a size: 300的地砖 is a size, whether there is one or not."""
    found = catalogue.found(Constraints(categories=categories, limit=1).query(_ANY_DAY))
    return any(product.size and product.unit in signs("area_unit") for product in found)


def attribute_number(catalogue: Catalogue, categories: tuple[str, ...], value: Decimal) -> dict[str, tuple[str, ...]]:
    """Return the attribute whose values hold this figure among the products of a kind: 20的 of pipes, 110的水管, 9.5的 of boards."""
    for name, held in _measured(catalogue).get(f"{value.normalize():f}", {}).items():
        if counted(catalogue, Constraints(categories=categories, attributes={name: tuple(held)})):
            return {name: tuple(held)}
    return {}


def any_attribute_number(
    catalogue: Catalogue, categories: tuple[str, ...], value: Decimal
) -> dict[str, tuple[str, ...]]:
    """Return the attribute of a kind that has a value of just this figure: 450的滑轨, 4000的筒灯, 密度 120 of a board."""
    for name, held in _figures(catalogue).get(f"{value.normalize():f}", {}).items():
        if counted(catalogue, Constraints(categories=categories, attributes={name: tuple(held)})):
            return {name: tuple(held)}
    return {}


_ByFigure = dict[str, dict[str, list[str]]]  # figure → name of the attribute → values
_FIGURES: WeakKeyDictionary[Catalogue, tuple[int, _ByFigure, _ByFigure]] = WeakKeyDictionary()


def _measured(catalogue: Catalogue) -> dict[str, dict[str, list[str]]]:
    """Return by each figure the measured attributes that have it, the likeliest first, with the values that hold it."""
    return _figured(catalogue)[0]


def _figures(catalogue: Catalogue) -> dict[str, dict[str, list[str]]]:
    """Return by each figure all attributes that have it and a unit or letters with it, with the values that hold it."""
    return _figured(catalogue)[1]


def _figured(catalogue: Catalogue) -> tuple[_ByFigure, _ByFigure]:
    """Return what the figures of one state of a catalogue are: of the measured attributes, and of all."""
    revision, measured, every = _FIGURES.get(catalogue, (-1, {}, {}))
    if revision == catalogue.revision:
        return measured, every
    measured, every = {}, {}
    attributes = catalogue.vocabulary.attributes
    named = [name for role in _MEASURED for name in attributes if any(sign in name for sign in signs(role))]
    for name in dict.fromkeys(named):
        for word in attributes[name]:
            measured.setdefault(digits_of(word), {}).setdefault(name, []).append(word)
    for name, words in attributes.items():
        for word in words:
            if match := _ONE_FIGURE.fullmatch(word):
                figure = f"{Decimal(match[1]).normalize():f}"
                every.setdefault(figure, {}).setdefault(name, []).append(word)
    _FIGURES[catalogue] = catalogue.revision, measured, every
    return measured, every


def colors_of_kind(
    catalogue: Catalogue, categories: tuple[str, ...], colors: tuple[str, ...]
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Tell colours from values of an attribute: 暖光 is a colour of bulbs and, of ceiling lamps, a temperature of light."""
    left: list[str] = []
    told: dict[str, tuple[str, ...]] = {}
    kind = Constraints(categories=categories)
    for color in colors:
        if counted(catalogue, kind.but(color=(color,))):
            left.append(color)
            continue
        places = {v: [(name, v)] for name, known in catalogue.vocabulary.attributes.items() for v in known}
        held = (*places.get(color, ()), *temperatures(color, places))
        fit = [(name, value) for name, value in held if counted(catalogue, kind.but(attributes={name: (value,)}))]
        for name, value in fit:
            told[name] = (*told.get(name, ()), value)
        lit = [
            one for one in lights_in(color, catalogue.vocabulary.colors) if counted(catalogue, kind.but(color=(one,)))
        ]
        left += [] if fit else lit or [color]
    return tuple(dict.fromkeys(left)), told


def length_of_kind(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Return the attribute in metres that a length speaks of, with the values that reach it: 抽50米的水泵, 扬程20米以上."""
    lengths = [q for q in reading.quantities if q.dimension == "length" and (q.low or q.high or 0) >= _REACH_FROM]
    categories = values.get("categories")
    if len(lengths) != 1 or not categories or {"size", "attributes"} & set(values) or reading.has("ask.price"):
        return {}
    low, high = lengths[0].low, lengths[0].high
    high = None if low == high else high  # one length is to be reached
    for name, known in catalogue.vocabulary.attributes.items():
        metres = {
            value: Decimal(m[1]) for value in known if (m := expression("in_metres").fullmatch(value.lower().strip()))
        }
        fit = tuple(v for v, n in metres.items() if (low is None or n >= low) and (high is None or n <= high))
        if fit and counted(catalogue, Constraints(categories=categories, attributes={name: fit})):
            exact = tuple(value for value in fit if metres[value] == low and lengths[0].comparison == "eq")
            return {"attributes": {name: exact if exact and name in reading.text else fit}}
    return {}


def width_that_none_has(reading: Reading, catalogue: Catalogue, categories: tuple[str, ...]) -> tuple[str, ...]:
    """Return a width as the size asked for, of a kind whose sizes are widths and none is so wide: 四十五公分宽的洗手盆 where they have 40cm."""
    lengths = [q for q in reading.quantities if q.dimension == "length"]
    if len(lengths) != 1 or (width := lengths[0].value) is None or reading.has("ask.howmany"):
        return ()
    said = lengths[0]
    exact = said.comparison == "eq" and not said.approximate and _WIDTHS[0] <= width <= _WIDTHS[1]
    if not exact or reading.scope.refuses(said.start, said.end):
        return ()
    found = catalogue.found(Constraints(categories=categories, limit=1).query(_ANY_DAY))
    wide = said.text in signs("width")
    widths = all(one.size and (wide or normalise(one.size).replace(".", "", 1).isdigit()) for one in found)
    return (f"{(width * 100).normalize():f}cm",) if found and widths else ()


def beside_the_kind(
    reading: Reading, new: Constraints, composed: tuple[str, ...], catalogue: Catalogue
) -> Mapping[str, tuple[str, ...]]:
    """Return the attributes said beside a kind that a word made: 实木的 after 地板 names the kind, and no 材质."""
    names = begins_name(reading.slots.because.get("attributes", ""), composed, catalogue)
    return {} if names else new.attributes
