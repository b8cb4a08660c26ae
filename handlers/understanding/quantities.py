"""Find the amounts in a normalised text: money, areas, lengths, sizes, counts, grades, stars, times and the rest.

An amount is composed: a form (一百二, 三五百, 300到500, 好几百) takes a unit (块, 平, 桶 …), then what stands around it makes a bound
or an approximation of it (不超过 …, … 以内, … 左右). Whole expressions (三室两厅, 800x800, 4分管) are shapes. Rules and words
stand in `locales/zh_Hans_CN/amounts.tsv` and `units.tsv`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from handlers.understanding.amount_forms import read_form
from handlers.understanding.amount_joins import joined
from handlers.understanding.amount_rules import Amount, Grammar, Unit, grammar, may_hold, possible, read_number
from handlers.understanding.amount_shapes import read_shape, tile_text
from handlers.understanding.numbers import numerals, parse_number
from handlers.understanding.spans import Comparison, Dimension, Quantity
from handlers.understanding.word_tables import signs

_AROUND = Decimal("0.2")  # 左右 and 出头: the contract's ±20 % and 1.2
_LOOK_BACK = 12  # characters before an amount that can hold its bound
_TEN = 10
_RANGED = 9  # a range of smaller numbers without a unit counts something
_MONEY_FROM = 100  # a range or an approximation without a unit is a price from here on
_PRICED_OR_PACKED = frozenset({"money", "mass", "volume"})
_LONGEST_DIGITS = 9  # with commas and point; more in a row are a telephone or an article number
_LARGEST_BARE = 1_000_000  # without a unit; from here on it is an article number
_LONGEST_RUN = 20  # numerals in a row; more are no amount
_YEARS = range(1900, 2100)
_DIGITS = re.compile(r"[0-9][0-9,.]*", re.ASCII)
_LATIN = re.compile("[a-z]")
_OPPOSITE: dict[str, Comparison] = {"ge": "le", "le": "ge"}


def find_quantities(text: str, blocked: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """Return the amounts of a normalised text in order, none overlapping another or a blocked span.

    `blocked` are spans of words whose numerals and units are none: 三棵树, 马桶, 茶几. What stands in them may still tell
    what the number beside them is (800的 + 瓷砖).
    """
    rules = grammar()
    if not rules.parts["start"].search(text):
        return []
    return joined(text, _Scanner(text, sorted(blocked), rules).scan())


@dataclass(slots=True)
class _Draft:
    """An amount with its unit while its surroundings are read."""

    amount: Amount
    amount_start: int
    start: int
    end: int
    unit: Unit | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    before: str = ""
    after: str = ""
    per: str | None = None
    rule: str = ""

    @property
    def bound(self) -> str:
        return self.after or self.before


@dataclass(slots=True)
class _Scanner:
    text: str
    blocked: list[tuple[int, int]]
    rules: Grammar

    def scan(self) -> list[Quantity]:
        found: list[Quantity] = []
        at = 0
        while match := self.rules.parts["start"].search(self.text, at):
            at, limit = self._free(match.start())
            if at != match.start():
                continue
            quantity, at = self._read(at, limit)
            if quantity:
                found.append(quantity)
        return found

    def _free(self, at: int) -> tuple[int, int]:
        """Return where reading may go on (`at`, or behind the blocked span that holds it) and where the next one begins."""
        for start, end in self.blocked:
            if start <= at < end:
                return end, end
            if start > at:
                return at, start
        return at, len(self.text)

    def _back(self, at: int, characters: int) -> int:
        """Return how far before `at` an amount may reach: not into a blocked span."""
        free = max((end for start, end in self.blocked if end <= at), default=0)
        return max(at - characters, free)

    def _read(self, at: int, limit: int) -> tuple[Quantity | None, int]:
        """Return the amount at a position, if any, and where to go on."""
        code = self.rules.parts["code"].match(self.text, at)
        if code:
            return None, code.end()
        digits = _DIGITS.match(self.text, at)
        if digits and (
            len(digits[0]) > _LONGEST_DIGITS or self.rules.parts["incode"].search(self.text, max(at - 3, 0), at)
        ):
            return None, digits.end()
        run = digits or self.rules.parts["run"].match(self.text, at)
        if run and run.end() - at > _LONGEST_RUN:
            return None, run.end()
        number = read_number(self.text, at, limit)
        shape = read_shape(self.text, at, limit, number)
        if shape:
            return self._bounded_shape(shape, limit), shape.end
        amount = read_form(self.text, at, limit, number)
        if amount is None:
            return None, run.end() if run else at + 1
        quantity = self._measured(at, amount, limit)
        return quantity, max(amount.end, at + 1, quantity.end if quantity else 0)

    def _bounded_shape(self, quantity: Quantity, limit: int) -> Quantity:
        """Take the bound around stars: ★★以上."""
        if quantity.dimension != "stars":
            return quantity
        amount = Amount(quantity.low, quantity.high, False, quantity.end, quantity.rule)
        draft = _Draft(
            amount,
            quantity.start,
            quantity.start,
            quantity.end,
            low=quantity.low,
            high=quantity.high,
            rule=quantity.rule,
        )
        reach = min(quantity.end + _LOOK_BACK, limit)
        self._take_before(draft, reach)
        self._take_after(draft, reach)
        return self._quantity(draft, "stars")

    def _measured(self, at: int, amount: Amount, limit: int) -> Quantity | None:
        draft = _Draft(amount, at, at, amount.end, low=amount.low, high=amount.high, rule=amount.rule)
        if self._never(at, amount):
            return None
        if self.rules.parts["date"].match(self.text, draft.end):
            return None
        self._take_unit(draft, limit)
        if self._one_of_a_price(draft):
            return None
        self._take_before(draft, limit)
        self._take_each(draft)
        self._take_per(draft, limit)
        self._take_after(draft, limit)
        self._take_per(draft, limit)
        dimension = self._dimension(draft)
        return dimension and self._quantity(draft, dimension)

    def _one_of_a_price(self, draft: _Draft) -> bool:
        """Tell whether 一 only says of what the price is asked, with a unit that is money or none of ours: 多少钱一块, 多少钱一柱."""
        one = draft.amount.low == draft.amount.high == 1 and (draft.unit is None or draft.unit.dimension == "money")
        return one and bool(self.rules.parts["askedprice"].search(self.text, max(draft.start - 4, 0), draft.start))

    def _never(self, at: int, amount: Amount) -> bool:
        """Tell whether what stands before makes no amount of a number: 第三个, 这一个."""
        one = amount.low == amount.high == 1
        rules = (rule for rule in possible("never", self.text) if one or rule.reading == "any")
        before = self._back(at, 4)  # 龙头|一级水效: the word before is no pointer
        return any(rule.pattern.search(self.text, before, at) for rule in rules)

    def _take_unit(self, draft: _Draft, limit: int) -> None:
        match = self.rules.unit.match(self.text, draft.end)
        if match and match.end() > limit:
            match = self.rules.unit.match(self.text, draft.end, limit)
        if not match:
            return
        unit = self.rules.units[match[1]]
        if unit.word == self.rules.parts.sources["pieces"]:
            unit = self._piece(draft, unit, match.end())
        draft.unit, draft.end = unit, match.end()
        if draft.amount.exact and draft.low is not None:
            self._take_tail(draft, unit, limit)
        draft.low = None if draft.low is None else draft.low * unit.factor
        draft.high = None if draft.high is None else draft.high * unit.factor

    def _piece(self, draft: _Draft, unit: Unit, end: int) -> Unit:
        """Tell 三块瓷砖, 多买两块 and 多少钱一块 (pieces) from 三块钱."""
        taken = self.rules.parts["piecebefore"].search(self.text, self._back(draft.start, _LOOK_BACK), draft.start)
        counted = taken and draft.amount.exact and self.rules.parts["pieceafter"].match(self.text, end)
        if not (counted or self.rules.parts["piece"].match(self.text, end)):
            return unit
        return replace(unit, dimension="count", name=unit.word, factor=Decimal(1), tail=False)

    def _take_tail(self, draft: _Draft, unit: Unit, limit: int) -> None:
        """Add 二 of 一米二, 半 of 一桶半, 五毛 of 三块五毛."""
        match = self.rules.parts["tail"].match(self.text, draft.end, limit) if unit.tail else None
        half = None if match else self.rules.parts["half"].match(self.text, draft.end, limit)
        if match:
            digits = "".join(str(parse_number(char) or 0) for char in match["t"] + (match["c"] or ""))
            added = Decimal(f"0.{digits}")
        elif half and draft.low != Decimal("0.5"):
            added = Decimal("0.5")
        else:
            return
        draft.low = draft.high = (draft.low or 0) + added
        draft.end = (match or half).end()  # type: ignore[union-attr]  # one of them matched

    def _take_before(self, draft: _Draft, limit: int) -> None:
        match = None
        if possible("before", self.text):
            match = self.rules.before.search(self.text, self._back(draft.start, _LOOK_BACK), draft.start)
        if match and match.lastgroup:
            rule = self.rules.rules["before"][int(match.lastgroup[1:])]
            draft.before, draft.start = rule.reading, match.start()
            draft.rule = f"{rule.name} {draft.rule}"
        elif may_hold("than", self.text) and (
            compared := self.rules.parts["than"].search(self.text, self._back(draft.start, 4), draft.start)
        ):
            for rule in possible("than", self.text):
                match = rule.pattern.match(self.text, draft.end, limit)
                if match:
                    draft.before, draft.start, draft.end, draft.rule = (
                        rule.reading,
                        compared.start(),
                        match.end(),
                        rule.name,
                    )

    def _take_each(self, draft: _Draft) -> None:
        """Take 每平 before a price."""
        if not may_hold("each", self.text):
            return
        match = self.rules.parts["each"].search(self.text, self._back(draft.start, 6), draft.start)
        unit = match and self.rules.units.get(match["unit"])
        if match and unit and (draft.unit is None or draft.unit.dimension in _PRICED_OR_PACKED):
            draft.per, draft.start = unit.price_per, match.start()

    def _take_after(self, draft: _Draft, limit: int) -> None:
        match = self.rules.after.match(self.text, self._behind_label(draft), limit)
        if match and match.lastgroup:
            rule = self.rules.rules["after"][int(match.lastgroup[1:])]
            draft.after, draft.end = rule.reading, match.end()
            draft.rule = f"{draft.rule} {rule.name}"
        refused = self.rules.parts["refuse"].match(self.text, draft.end, limit)
        if refused and draft.bound in _OPPOSITE:
            draft.after, draft.end = _OPPOSITE[draft.bound], refused.end()

    def _behind_label(self, draft: _Draft) -> int:
        """Return where a bound may begin: 二级能效以上 names its label first."""
        grade = draft.unit is not None and draft.unit.dimension == "grade"
        label = self.rules.parts["label"].match(self.text, draft.end) if grade else None
        return label.end() if label else draft.end

    def _take_per(self, draft: _Draft, limit: int) -> None:
        if draft.per or (draft.unit and draft.unit.dimension not in _PRICED_OR_PACKED):
            return
        match = self.rules.parts["per"].match(self.text, draft.end, limit)
        if not match:
            return
        unit = self.rules.unit.match(self.text, match.end())
        if (
            unit
            and unit.end() <= limit
            and self.rules.units[unit[1]].dimension not in {"money", "time", "grade", "stars"}
        ):
            draft.per, draft.end = self.rules.units[unit[1]].price_per, unit.end()

    def _dimension(self, draft: _Draft) -> Dimension | None:
        if draft.unit is not None:
            return None if self._no_amount(draft, draft.unit) else draft.unit.dimension
        if self.text.startswith(tuple(signs("years_old")), draft.end):
            return None
        amount = draft.amount
        one_numeral = amount.exact and amount.end - draft.amount_start == 1 and not self._digit_at(draft.amount_start)
        if one_numeral and draft.bound:  # 十以内, 六封顶的灯泡 are prices, 三以上 of something may be anything
            one_numeral = (amount.low or 0) < _TEN and not self.rules.parts["pricedrange"].match(self.text, draft.end)
        if draft.per or self._has_cue(draft) or (draft.bound and not one_numeral):
            return "money"
        return None if _LATIN.match(self.text, draft.end) else self._bare(draft)  # 3c, 4s

    def _bare(self, draft: _Draft) -> Dimension | None:
        """Judge a number with nothing beside it: a large range is a price, one number is for the conversation to use."""
        amount = draft.amount
        largest = amount.high or amount.low or Decimal(0)
        alone = self.rules.parts["alone"].match(self.text, draft.end) and not self.text[: draft.start].strip()
        if not amount.exact:
            if self._years(draft):
                return None
            return "money" if largest >= _MONEY_FROM else "number" if alone or self._whole_range(draft) else None
        units = any(char in numerals().units for char in self.text[draft.start : draft.end])
        said = self._digit_at(draft.start) or alone or (units and draft.end - draft.start > 1)
        return "number" if said and largest < _LARGEST_BARE else None

    def _whole_range(self, draft: _Draft) -> bool:
        """Tell whether a range of small numbers stands by itself or right before goods, as prices do: 35到80, 二十到三十的灯泡."""
        low, high = draft.amount.low, draft.amount.high
        if low is None or high is None or not 1 < low < high:
            return False
        before_goods = any(start - draft.end in (0, 1) for start, _ in self.blocked)
        if low <= _RANGED:
            return before_goods and self.text.startswith(self.rules.parts.sources["of"], draft.end)  # 6到11的瓷砖
        return before_goods or bool(self.rules.parts["pricedrange"].match(self.text, draft.end))

    def _digit_at(self, at: int) -> bool:
        return self.text[at].isdigit()

    def _has_cue(self, draft: _Draft) -> bool:
        """Tell whether money is spoken of beside the number: 预算三千, 三千的预算."""
        if self.rules.parts["cueafter"].match(self.text, draft.end):
            return True
        look = self.text[max(draft.start - _LOOK_BACK, 0) : draft.start]
        return any(rule.pattern.search(look) for rule in possible("cue", self.text))

    def _years(self, draft: _Draft) -> bool:
        return draft.low is not None and draft.high is not None and draft.low in _YEARS and draft.high in _YEARS

    def _no_amount(self, draft: _Draft, unit: Unit) -> bool:
        """Tell whether a number with its unit is an expression of another kind: 2026年, 一块 (together), 半天."""
        idioms = (rule.pattern.match(self.text, draft.amount_start) for rule in possible("idiom", self.text))
        if any(idiom and idiom.end() == draft.end for idiom in idioms):
            money = unit.dimension == "money" and self._has_cue(draft)  # 拉出一道印: 出 speaks of no money there
            return not (draft.bound or draft.per or money)
        return unit.dimension == "time" and self._years_of(draft, unit)

    def _years_of(self, draft: _Draft, unit: Unit) -> bool:
        return draft.low is not None and unit.factor == 365 and draft.low / unit.factor in _YEARS

    def _tile(self, draft: _Draft) -> str:
        """Return the size that 八百的 may mean."""
        return (
            tile_text(draft.low or Decimal(0))
            if self.text.startswith(self.rules.parts.sources["of"], draft.end)
            else ""
        )

    def _quantity(self, draft: _Draft, dimension: Dimension) -> Quantity:
        low, high, comparison, approximate = _bounded(draft, dimension)
        return Quantity(
            start=draft.start,
            end=draft.end,
            dimension=dimension,
            low=_trimmed(low),
            high=_trimmed(high),
            comparison=comparison,
            approximate=approximate,
            unit=draft.unit.word if draft.unit else None,
            per=draft.per,
            text=self._tile(draft) if dimension == "number" else "",
            rule=draft.rule,
        )


_Bounds = tuple[Decimal | None, Decimal | None, Comparison, bool]


def _bounded(draft: _Draft, dimension: Dimension) -> _Bounds:
    """Return both ends, the comparison and whether it is approximate."""
    low, high, approximate, bound = draft.low, draft.high, draft.amount.approximate, draft.bound
    if draft.before == "ge" and draft.after == "about":
        bound = "ge"
    if bound == "le":
        return None, high, "le", approximate
    if bound == "ge" or (high is None and low is not None):
        return (high if low is None else low), None, "ge", approximate
    if low == high and low is not None:
        return _around_one(low, bound, dimension, approximate)
    if bound == "over" and high is not None:
        high *= 1 + _AROUND
    return low, high, "range", approximate or bool(bound)


def _around_one(value: Decimal, bound: str, dimension: Dimension, approximate: bool) -> _Bounds:
    """Widen a single value: 左右 widens a price only; an area or a count stays what was said, for it is reckoned with."""
    if bound == "over":
        return value, value * (1 + _AROUND), "about", True
    if bound == "near":
        return value * (1 - _AROUND), value, "about", True
    if bound == "about" and dimension == "money":
        return value * (1 - _AROUND), value * (1 + _AROUND), "about", True
    return value, value, "about" if bound == "about" else "eq", approximate or bound == "about"


def _trimmed(value: Decimal | None) -> Decimal | None:
    """Drop zeros behind the point: 160.0 → 160."""
    if value is None:
        return None
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()
