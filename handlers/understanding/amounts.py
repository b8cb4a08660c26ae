"""Give every amount its role: price or budget, stars, grade, size, capacity, power, how many to show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from catalog_db import sizes
from handlers.lazy import Lazy
from handlers.understanding.attribute_names import LABEL, attribute_named, weight_borne
from handlers.understanding.entries import GOODS
from handlers.understanding.measures import capacity, figure_of, lies_within, watts
from handlers.understanding.numbers import parse_number
from handlers.understanding.size_words import SizeWords
from handlers.understanding.spans import is_room
from handlers.understanding.word_tables import expression, signs

if TYPE_CHECKING:
    from catalog_db.records import Vocabulary
    from handlers.understanding.cues import Cues
    from handlers.understanding.filled import Slots
    from handlers.understanding.scope import Scope
    from handlers.understanding.spans import Quantity, Span

FORMALDEHYDE = ("E1", "E0", "ENF")  # from the loosest to the strictest
_FORMALDEHYDE_SAID = re.compile(r"(?<![a-z0-9])(enf|e0|e1)(?![a-z0-9])")
_GRADE_BEGINS = "e"  # every grade does
LOT_KG = 100  # no unit of a shop is so heavy: from here on a weight is what is to be bought
_AROUND = Decimal("0.2")  # a price named without a direction is meant about so much, as 左右 is in the answer format
_MOST_SHOWN = 20
_SIDE_FROM, _CROSS = 2, 2  # metres: a side of a place, not of a piece; characters between two sides: 3米|乘|4米
_THIN = Decimal("0.05")  # metres: a range of lengths up to here is one of thicknesses
_NEAREST = 10  # millimetres that a length said may be off the catalogue's: 300 for 305
_OUTER = {15: 20, 20: 25, 25: 32, 32: 40, 40: 50, 50: 63}  # nominal → outer diameter of plastic pipe, mm


class AmountReader:
    """Reads amounts against the sizes and capacities that one catalogue has."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._sizes = SizeWords(vocabulary.sizes)
        self._capacities: dict[tuple[str, Decimal], list[str]] = {}
        for word in vocabulary.capacities:
            held = capacity(word)
            if held:
                self._capacities.setdefault(held, []).append(word)
        self._attributes: Mapping[str, Sequence[str]] = vocabulary.attributes

    @Lazy
    def _thicknesses(self) -> dict[str, Sequence[str]]:
        """Return the values of the attributes that are a thickness, by name."""
        return self._named("measured_thickness")

    @Lazy
    def _pipes(self) -> dict[str, Sequence[str]]:
        return self._named("measured_pipe")

    @Lazy
    def _powers(self) -> dict[str, list[tuple[str, Decimal]]]:
        """Return the values that are powers, with their watts, by attribute."""
        read = {name: [(value, watts(value)) for value in values] for name, values in self._attributes.items()}
        return {name: [(v, held) for v, held in several if held is not None] for name, several in read.items()}

    def _named(self, role: str) -> dict[str, Sequence[str]]:
        return {name: values for name, values in self._attributes.items() if any(sign in name for sign in signs(role))}

    def read(self, slots: Slots, text: str, quantities: Sequence[Quantity], cues: Cues, scope: Scope) -> None:
        """Fill the slots that amounts fill. What belongs to a calculation (areas, counts, coats) is left to its handler."""
        sides = _sides_of_a_place(quantities) if quantities else []
        for quantity in quantities:
            if scope.drops(quantity.start, quantity.end):
                slots.dropped.append(quantity.dimension)
                continue
            refused = scope.refuses(quantity.start, quantity.end) and quantity.dimension in _REFUSABLE
            if refused and quantity.dimension == "grade":
                _better(slots, text, quantity)
            if quantity.dimension in _MEASURED and _is_refused(quantity, scope, cues):
                refused = self._refuse(slots, text, quantity, cues) or refused
            if refused or scope.corrects(quantity.start, quantity.end):
                continue
            meant = quantity
            if quantity.dimension == "money" and _refused_bound(text, quantity, slots, scope, cues):
                meant = replace(quantity, low=quantity.high, high=quantity.low)  # 不要一千以上的, 三百以下的不要
            if quantity.dimension == "length" and (
                quantity in sides or (quantity.value == 1 and cues.has("ask.price"))
            ):
                continue  # 3米乘4米 is a place to be covered; 多少钱一米 measures nothing
            reader = _ROLES.get(quantity.dimension)
            if reader is not None:
                reader(self, slots, text, meant, cues)
        if _GRADE_BEGINS in text:
            self._formaldehyde(slots, text, scope)
        self._limit(slots, text, cues)

    def _refuse(self, slots: Slots, text: str, quantity: Quantity, cues: Cues) -> bool:
        """Refuse the values of the catalogue that a measure speaks of: 不要750瓦的, 不要12毫米的; tell whether there are any."""
        told = slots.empty()
        _ROLES[quantity.dimension](self, told, text, quantity, cues)
        values = [value for several in told.values.get("attributes", {}).values() for value in several]
        known = {value for several in self._attributes.values() for value in several}
        held = [value for value in values if value in known]
        held += (value for name in ("size", "capacity") for value in told.values.get(name, ()))
        if held:
            slots.refuse([(text[quantity.start : quantity.end], held)])
        return bool(held)

    def held(self, text: str, quantity: Quantity, spans: Sequence[Span]) -> Quantity:
        """Return an amount of 方 as what goods hold, where something of the catalogue does: 1.5方的化粪池, 新风机有150方的."""
        if quantity.dimension != "area" or quantity.value is None or quantity.unit not in signs("cubic"):
            return quantity
        litres = (quantity.value * 1000).normalize()
        goods = quantity.end + any(text.startswith(sign, quantity.end) for sign in signs("of"))
        named = any(span.start == goods and span.kind in GOODS for span in spans)
        named = named or any(span.surface in signs("holds_cubic") for span in spans if span.end <= quantity.start)
        if not named or ("l", litres) not in self._capacities:
            return quantity
        return replace(quantity, dimension="volume", low=litres, high=litres)

    def _money(self, slots: Slots, text: str, quantity: Quantity, cues: Cues) -> None:
        said = text[quantity.start : quantity.end]
        low, high = quantity.low, quantity.high
        slots.put("money_said", high if high is not None else low, said)
        if quantity.comparison == "eq" and low is not None and low == high:
            most = cues.has("op.budget") and quantity.per is not None  # 预算2000一樘
            low, high = (None, high) if most else (low * (1 - _AROUND), low * (1 + _AROUND))
        if (cues.has("op.budget") or "budget" in slots.values) and quantity.per is None:
            slots.put("budget", quantity.high or quantity.low, said)
            return
        if low is not None and low > 0:
            slots.put("price_min", _plain(low), said)
        if high is not None:
            slots.put("price_max", _plain(high), said)

    def _stars(self, slots: Slots, text: str, quantity: Quantity, cues: Cues) -> None:
        said = text[quantity.start : quantity.end]
        low = int(quantity.low) if quantity.low is not None else None
        high = int(quantity.high) if quantity.high is not None else None
        if low is not None and (quantity.comparison == "ge" or high is None or cues.has("cond.least")):
            slots.put("min_stars", low, said)
        elif low is not None and high is not None:
            slots.add("stars", *range(low, high + 1), because=said)

    def _grade(self, slots: Slots, text: str, quantity: Quantity, cues: Cues) -> None:
        """Keep the grade for the category to decide whether water or energy is meant; 1 is best, so 以上 means ≤."""
        value = quantity.high if quantity.comparison == "range" else quantity.low
        value = quantity.high if value is None else value
        if value is not None:
            slots.put("grade", int(value), text[quantity.start : quantity.end])

    def _size(self, slots: Slots, text: str, quantity: Quantity, cues: Cues) -> None:
        before = text[: quantity.start]
        for role, limit in (("below", "price_max"), ("above", "price_min")):
            if quantity.low is not None and before.endswith(tuple(signs(role))):
                slots.put(limit, _plain(quantity.low), text[quantity.start : quantity.end])
                return  # 不到两百的瓷砖: a size has nothing below it
        own = self._sizes.meant(quantity.text)
        if own is None and is_room(quantity) and (slots.values.get("scenes") or slots.values.get("rooms")):
            return  # 4.5乘6的客厅: the room is that big
        own = own or [quantity.text]
        slots.add("size", *own, because=text[quantity.start : quantity.end])

    def _length(self, slots: Slots, text: str, quantity: Quantity, cues: Cues) -> None:
        """Take one length for a size that the catalogue has (六十公分宽的柜子), else for a thickness (18厘的板)."""
        if quantity.value is None:
            if not self._labelled_between(slots, quantity, text):
                self._thickness_between(slots, quantity, text)
            return
        said = text[quantity.start : quantity.end]
        millimetres = f"{(quantity.value * 1000).normalize():f}"
        if self._labelled(slots, quantity, text):
            return
        thick = any(text.startswith(sign, quantity.end) or said.endswith(sign) for sign in signs("measured_thickness"))
        long = any(text.startswith(sign, quantity.end) or said.endswith(sign) for sign in signs("measured_long"))
        own = [] if thick else [*self._sizes.exactly(millimetres), *self._sizes.with_side(millimetres, long)]
        if own:
            slots.add("size", *own, because=said)
            return
        for name, values in self._attributes.items():
            short = _short_name(name)
            called = bool(short) and text.startswith(short, quantity.end)  # 一米八高 of radiators
            if matching := tuple(v for v in values if called and sizes.normalise(v) == millimetres):
                slots.set_values(name, matching, said)
                return
        for name, values in (*self._thicknesses.items(), *(() if thick else self._pipes.items())):  # 32毫米的水管
            matching = tuple(value for value in values if value.lower().replace(" ", "") == f"{millimetres}mm")
            if matching:
                slots.set_values(name, matching, said)
                return

    def _labelled_between(self, slots: Slots, quantity: Quantity, text: str) -> bool:
        """Take a range of lengths said with the name of an attribute that is given in metres: 扬程三十米以上."""
        said = text[max(quantity.start - LABEL, 0) : quantity.end]
        name = next((name for name in self._attributes if name in said), "")
        metres = (value for value in self._attributes.get(name, ()) if expression("in_metres").fullmatch(value.lower()))
        if matching := tuple(v for v in metres if lies_within(figure_of(v), quantity.low, quantity.high)):
            slots.set_values(name, matching, said)
        return bool(matching)

    def _thickness_between(self, slots: Slots, quantity: Quantity, text: str) -> None:
        """Take the thicknesses that lie in a range, where thickness is spoken of: 厚度10毫米以上."""
        said = text[max(quantity.start - LABEL, 0) : quantity.end + LABEL]
        thin = all(end is None or end <= _THIN for end in (quantity.low, quantity.high))  # 12mm以上的强化地板
        if not thin and not any(sign in said for sign in signs("measured_thickness")):
            return
        low, high = (None if end is None else end * 1000 for end in (quantity.low, quantity.high))
        for name, values in self._thicknesses.items():
            matching = tuple(value for value in values if lies_within(figure_of(value), low, high))
            if matching:
                slots.set_values(name, matching, said)
                return

    def _labelled(self, slots: Slots, quantity: Quantity, text: str) -> bool:
        """Take a length said with the name of an attribute for its nearest value: 三百坑距 is a toilet of 305."""
        name = attribute_named(text, quantity.start, quantity.end, self._attributes)
        if name is None or quantity.value is None:
            return False
        said = text[max(quantity.start - LABEL, 0) : quantity.end]
        wanted = quantity.value * 1000
        measured = [(abs(number - wanted), value) for value in self._attributes[name] if (number := figure_of(value))]
        if measured and min(measured)[0] <= _NEAREST:
            nearest = tuple(value for off, value in measured if off == min(measured)[0])
            slots.set_values(name, nearest, said)
        elif measured:  # 坑距350: none has it, which is said
            metres = all(expression("in_metres").fullmatch(one.lower()) for _, one in measured)
            figure = f"{quantity.value.normalize():f}{measured[0][1][-1]}" if metres else f"{wanted.normalize():f}mm"
            slots.set_values(name, (figure,), said)
        return True

    def _contents(self, slots: Slots, text: str, quantity: Quantity, cues: Cues) -> None:
        if borne := weight_borne(text, quantity, self._attributes):
            slots.set_values(*borne, text[quantity.start : quantity.end])
            return
        if _is_measure(text, quantity, cues):
            return
        base = "kg" if quantity.dimension == "mass" else "l"
        if quantity.value is None:
            self._contents_between(slots, base, quantity, text[quantity.start : quantity.end])
            return
        value = quantity.value.normalize()
        said = text[quantity.start : quantity.end]
        own = self._capacities.get((base, value))
        if own is None and base == "kg" and value >= LOT_KG and not any(sign in text for sign in signs("holds_water")):
            slots.put("lot_kg", value, said)
            return
        own = own or self._capacities.get(("l", value))  # a tonne of water is 1,000 l
        slots.add(
            "capacity",
            *(own or [said.replace(" ", "").upper() if base == "l" else said.replace(" ", "")]),
            because=said,
        )

    def _contents_between(self, slots: Slots, base: str, quantity: Quantity, said: str) -> None:
        """Take the capacities that lie in a range, smallest first: 200升以上 is 200L and 300L too."""
        within = sorted(
            (value, own)
            for (unit, value), own in self._capacities.items()
            if unit == base and lies_within(value, quantity.low, quantity.high)
        )
        if within:
            slots.add("capacity", *(word for _, own in within for word in own), because=said)

    def _power(self, slots: Slots, text: str, quantity: Quantity, cues: Cues) -> None:
        """Take a power, or what lies about it or in its range: 四十瓦左右 is 36W too."""
        if _is_measure(text, quantity, cues):
            return
        low, high, value = quantity.low, quantity.high, quantity.value
        if value is not None and quantity.approximate:
            low, high = value * (1 - _AROUND), value * (1 + _AROUND)
        said = text[quantity.start : quantity.end]
        for name, values in self._powers.items():
            matching = tuple(one for one, held in values if lies_within(held, low, high))
            if matching:
                slots.set_values(name, matching, said)
                return
        if value is None:
            return
        name = max(self._powers, key=lambda known: len(self._powers[known]), default="")
        if self._powers.get(name):  # no product has it: that is in the way, and no longer what was said before
            slots.set_values(name, (f"{value.normalize():f}W",), said)
        else:
            slots.add("title_words", f"{value.normalize():f}w", because=said)

    def _pipe(self, slots: Slots, text: str, quantity: Quantity, cues: Cues) -> None:
        """Take a pipe size: 4分 is DN 15, whose plastic pipe measures De 20 outside."""
        if quantity.value is None:
            return
        nominal = int(quantity.value)
        outer = _OUTER.get(nominal, nominal)
        wanted = {f"dn{nominal}", f"de{outer}", f"{outer}mm", f"{nominal}mm"}
        for name, values in self._pipes.items():
            matching = tuple(value for value in values if value.lower().replace(" ", "") in wanted)
            if matching:
                slots.set_values(name, matching, text[quantity.start : quantity.end])
                return

    def _formaldehyde(self, slots: Slots, text: str, scope: Scope) -> None:
        """Take the grades said; 以上 means the stricter ones too, a refused grade leaves the stricter ones."""
        said: list[str] = []
        told = (m for m in _FORMALDEHYDE_SAID.finditer(text) if not scope.drops(*m.span()))  # 没有ENF也行
        for match in told:
            grade = match.group(1).upper()
            stricter = FORMALDEHYDE[FORMALDEHYDE.index(grade) + 1 :]
            within = [grade, *stricter] if text.startswith(tuple(signs("within_grade")), match.end()) else [grade]
            said += stricter if scope.refuses(*match.span()) else within  # E1以内
        if not said:
            return
        if len(said) == 1 and any(sign in text for sign in signs("or_better")):
            said = list(FORMALDEHYDE[FORMALDEHYDE.index(said[0]) :])
        slots.add("formaldehyde", *said, because="/".join(said))

    def _limit(self, slots: Slots, text: str, cues: Cues) -> None:
        cue = cues.first("want.limit")
        if cue is None or cues.has("ask.howmany", "ask.savings"):
            return
        start, end = cue.groups["n"]
        told = slots.because.get("attributes", "")
        if told and text.find(told) <= start < text.find(told) + len(told):
            return  # 五个眼的插座
        number = parse_number(text[start:end])
        if number is not None and 1 <= number <= _MOST_SHOWN:
            slots.put("limit", int(number), text[cue.start : cue.end])


_REFUSABLE = frozenset({"stars", "grade", "size", "volume", "mass", "power"})  # 不要三星的 asks for no stars


def _is_refused(quantity: Quantity, scope: Scope, cues: Cues) -> bool:
    """Tell whether a measure is refused, or what lies beyond it: 不要750瓦的, 不要500瓦以上的."""
    beyond = quantity.value is None and any(cue.end == quantity.start for cue in cues.of("op.refuse_limit"))
    return beyond or scope.refuses(quantity.start, quantity.end)


def _better(slots: Slots, text: str, quantity: Quantity) -> None:
    """Take the grade above a refused one: 不要二级的."""
    if quantity.value is not None and quantity.value > 1:
        slots.put("grade", int(quantity.value) - 1, text[quantity.start : quantity.end])


_MEASURED = frozenset({"length", "pipe", "power", "size", "volume", "mass"})
_ROLES = {
    "money": AmountReader._money,
    "stars": AmountReader._stars,
    "grade": AmountReader._grade,
    "size": AmountReader._size,
    "length": AmountReader._length,
    "volume": AmountReader._contents,
    "mass": AmountReader._contents,
    "power": AmountReader._power,
    "pipe": AmountReader._pipe,
}


def _sides_of_a_place(quantities: Sequence[Quantity]) -> list[Quantity]:
    """Return the lengths said one after the other that are both too long for a piece: 3米乘4米."""
    lengths = [q for q in quantities if q.dimension == "length" and (q.value or 0) >= _SIDE_FROM]
    return [side for one, other in pairwise(lengths) if 0 < other.start - one.end <= _CROSS for side in (one, other)]


def _is_measure(text: str, quantity: Quantity, cues: Cues) -> bool:
    """Tell whether one of a unit is only what a price or number is asked for: 一吨多少钱, 一立方几块, 多少钱一瓦."""
    one = quantity.value is not None and text[quantity.start : quantity.end].startswith(tuple(signs("one_of")))
    asked = one and cues.of("ask.price", "ask.howmany")
    return any(quantity.end == cue.start or quantity.start == cue.end for cue in asked or ())


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01")) if value != value.to_integral_value() else value.quantize(Decimal(1))


def _refused_bound(text: str, quantity: Quantity, slots: Slots, scope: Scope, cues: Cues) -> bool:
    """Tell whether a limit is refused, so that its opposite is meant: a refusal stands right before it or ends its clause.

    An upper limit is refused only when nothing but goods stands between (三百以下的马桶不要, but not 三百以内别的不看).
    """
    if (quantity.low is None) == (quantity.high is None):
        return False
    if any(cue.end == quantity.start for cue in cues.of("op.refuse_limit")):
        return True  # 不要一千以上的, 别给我推超过七百的
    if text[: quantity.start].rstrip().endswith(tuple(signs("refusing"))):
        return True
    end = text.find(",", quantity.end)
    clause = text[quantity.end : end if end >= 0 else len(text)]
    refusal = max((sign for sign in signs("refusal") if clause.endswith(sign)), key=len, default="")
    if not refusal:
        return False
    between = clause.removesuffix(refusal).strip("的就都全 ")
    goods = tuple(text[span.start : span.end] for span in slots.goods)
    if any(start >= quantity.end for start, _ in scope.out):
        # 一千以上的黑色马桶不要 refuses both, 三百以内的黑色的不要 the colour
        return bool(goods) and between.endswith(goods)
    return quantity.high is None or between in {"", *goods}


def _short_name(name: str) -> str:
    """Return how an attribute is called behind a length: 一米八高 for 高度, "" for other names."""
    return name[0] if len(name) == len("高度") and name[1] in signs("degree_end") else ""
