"""What 第二个, 它, 大桶那个 and 最便宜的 point at: entries of the last list, or what was spoken of last."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from handlers.context.superlatives import best_listed
from handlers.rules.shapes import SHORT, SORTS
from handlers.understanding.cues import WORK
from handlers.understanding.numbers import parse_number
from handlers.understanding.variants import contents_of, holds
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.records import Product
    from handlers.session import Session
    from handlers.understanding.cues import Cue
    from handlers.understanding.reading import Reading

POINTERS = (
    "ref.ordinal",
    "ref.last",
    "ref.pair",
    "ref.it",
    "ref.these",
    "ref.both",
    "ref.largest",
    "ref.smallest",
    "ref.best",
    "ref.priced",
    "ref.graded",
    "ref.first",
    "ref.dearest",
    "ref.ends",
    "ref.cheapest",
    "ref.step_back",
    "ref.step_on",
)


_A_CHOICE = 2  # entries of a list of which one can be the cheaper
_BY_SIZE = ("ref.largest", "ref.smallest", "ref.best", "ref.priced", "ref.graded")


class Reference(NamedTuple):
    """Products pointed at, in the order said. `beyond`: the ordinal that the list does not have. `said`: there was a pointer."""

    skus: tuple[str, ...] = ()
    beyond: int | None = None
    said: bool = False
    without_list: bool = False


NOWHERE = Reference()


def find_reference(reading: Reading, session: Session, catalogue: Catalogue) -> Reference:
    """Resolve the pointers of an utterance against the session."""
    cues = _pointers(reading) if reading.has(*POINTERS) else None
    if cues and _pieces(reading, session):
        cues = [cue for cue in cues if cue.name != "ref.both"]
    alone = len(session.topic.listed) < _A_CHOICE and len(session.topic.focus) < _A_CHOICE
    if cues and alone and reading.has("rel.cheaper", "rel.dearer"):
        cues = [cue for cue in cues if cue.name not in _BY_PRICE]  # 便宜点的那种 after a single one asks for others
    if not cues:
        return NOWHERE
    pointing = _Pointing(reading, session, catalogue)
    for cue in cues:
        pointing.follow(cue)
    skus = tuple(dict.fromkeys(pointing.skus))
    said = bool(skus) or any(cue.name not in _BY_SIZE for cue in cues)
    return Reference(skus, pointing.beyond, said, pointing.without_list and not skus)


def _pieces(reading: Reading, session: Session) -> bool:
    """Tell whether 两个多少钱 counts pieces: where no two were compared, looked at or listed alone."""
    focus, listed = session.topic.focus, session.topic.listed
    counted = any(
        cue.start == 0 and reading.text[: cue.end].endswith(tuple(signs("any_piece")))
        for cue in reading.cues.of("ref.both")
    )
    priced = reading.has("ask.price", "ask.total") and not reading.has("ask.cert", "ask.compare", "ref.it", "ref.these")
    return counted and priced and len(focus) < 2 and len(listed) > 2 and len(reading.text) <= SHORT


def _pointers(reading: Reading) -> list[Cue]:
    """Return the pointers, each place once: 大桶那个 is no 那个, the ordinals of 1和3 are one pair."""
    cues = [cue for cue in reading.cues.found if cue.name in POINTERS]
    described = [cue for cue in reading.cues.found if cue.name.startswith(WORK)]  # 洗手的那个盆 points at nothing
    cues = [cue for cue in cues if not any(one.start <= cue.start and cue.end <= one.end for one in described)]
    if reading.slots.goods:  # 这个牌子的墙漆 points at the brand of what was spoken of, not at that
        words = tuple(signs("brand_word"))
        cues = [cue for cue in cues if cue.name != "ref.it" or not reading.text.startswith(words, cue.end)]
    exact = [cue for cue in cues if cue.name not in ("ref.it", "ref.these", "ref.both")]
    pairs = [cue for cue in cues if cue.name == "ref.pair"]
    each = reading.cues.of("op.each")  # 各来两个 points at no two, and neither does 要两个
    cues = [
        cue
        for cue in cues
        if cue.name != "ref.both"
        or not (any(cue.start <= one.end for one in each) or reading.text[: cue.start].endswith(tuple(signs("taking"))))
    ]
    if orders := reading.cues.of(*SORTS):  # 卖得最好的前三个 asks for an order, not for the first of the list
        cues = [cue for cue in cues if cue.name != "ref.first" or all(order.start > cue.start for order in orders)]
    if any(cue.name == "ref.both" for cue in cues):  # 两个都有证吗 means those two, not all
        cues = [cue for cue in cues if cue.name != "ref.these"]
    kept: dict[tuple[str, int], Cue] = {}
    for cue in cues:
        beside = cue not in exact and any(cue.start <= other.end and other.start <= cue.end for other in exact)
        paired = cue.name == "ref.ordinal" and any(pair.start <= cue.start and cue.end <= pair.end for pair in pairs)
        if not beside and not paired:
            kept.setdefault((cue.name, cue.start), cue)
    return list(kept.values())


class _Pointing:
    """Follows pointers one after the other and collects what they point at."""

    def __init__(self, reading: Reading, session: Session, catalogue: Catalogue) -> None:
        self._reading = reading
        self._listed, self._focus = session.topic.listed, session.topic.focus
        self._catalogue = catalogue
        left = [topic.focus[:1] for topic in (*session.undo[:1], *session.earlier[:1]) if topic.focus]
        self._before = left[0] if left and reading.has("ref.previous") else ()  # 还是刚才那个 after another list
        self._earlier = [topic.listed for topic in (*session.undo, *session.earlier)]
        self._compared = session.intent == "compare" and len(session.topic.focus) > 1
        self.skus: list[str] = []
        self.beyond: int | None = None
        self.without_list = False

    def follow(self, cue: Cue) -> None:
        """Add what a pointer points at: by its place in the list, by what it is like, or as what was spoken of."""
        if cue.name in ("ref.ordinal", "ref.pair", "ref.last"):
            self._ordinal(cue)
        elif cue.name == "ref.it":
            self._it()
        elif cue.name == "ref.both":
            self.skus += self._focus[:2] if len(self._focus) >= 2 else self._listed[:2]
        elif cue.name == "ref.first":
            start, end = cue.groups["n"]
            self.skus += self._listed[: int(parse_number(self._reading.text[start:end]) or 0)]
        elif cue.name == "ref.these":
            self.skus += (
                self._focus if self._compared else self._listed
            )  # 都有证吗 after a comparison means what it compared
        elif cue.name in ("ref.step_back", "ref.step_on"):
            self._step(-1 if cue.name == "ref.step_back" else 1)
        else:
            self.skus += self._like(cue)

    def _like(self, cue: Cue) -> Sequence[str]:
        """Return the entry told by its price, its contents or a figure: 贵的那个, 大桶那个, 最亮的那个, 1279的那个."""
        if cue.name == "ref.priced":
            return self._priced(cue)
        if cue.name == "ref.ends":
            dearest = best_of(self._catalogue, self._listed, "price_desc")[:1]
            return (*dearest, *best_of(self._catalogue, self._listed, "price_asc")[:1])
        among = self._focus if len(self._focus) > 1 and cue.name != "ref.best" else self._listed
        if cue.name in _BY_PRICE:
            return best_of(self._catalogue, among, _BY_PRICE[cue.name])[:1]
        products = self._catalogue.products(list(among))
        if cue.name == "ref.graded":  # 亮点的那个 is the brightest of them
            most = next(iter(signs("superlative")))
            chosen = best_listed(most + self._reading.text[slice(*cue.groups["what"])], products)
        elif cue.name == "ref.best":
            said = self._reading.text[cue.start : cue.end]
            chosen = best_listed(said, products) or self._dearest_or_so(said)
        else:
            said = self._reading.slots.values.get("capacity", ())  # 大桶的,10升 is none of 20
            products = [one for one in products if not said or holds(one, "capacity", said)]
            chosen = _by_contents(self._packed(products, cue), cue.name == "ref.largest") or ""
        return (chosen,) if chosen else ()

    def _dearest_or_so(self, said: str) -> str:
        """Return the entry that an order puts first: 最贵的那台, 最便宜的那款; "" where none is said."""
        orders = [name for name in SORTS if any(one.start < len(said) for one in self._reading.cues.of(name))]
        inside = [
            n for n in orders for one in self._reading.cues.of(n) if self._reading.text[one.start : one.end] in said
        ]
        found = best_of(self._catalogue, self._listed, inside[0].removeprefix("sort.")) if inside else ()
        return next(iter(found), "")

    def _packed(self, products: list[Product], cue: Cue) -> list[Product]:
        """Return those products that are sold in the pack named, all of them when none is: 大桶那个 is no bag."""
        if "pack" not in cue.groups:  # 大的那个
            return products
        start, end = cue.groups["pack"]
        return [one for one in products if one.unit == self._reading.text[start:end]] or products

    def _ordinal(self, cue: Cue) -> None:
        if not self._listed:
            self.without_list = True
            return
        for index in _indexes(cue, self._reading.text, len(self._listed)):
            if index >= len(self._listed):
                self.beyond = index + 1
            else:
                self.skus.append(self._listed[index])

    def _priced(self, cue: Cue) -> Sequence[str]:
        """Return the entry that costs what is said, of the last list or of those before: 刚才那个1279的."""
        price = parse_number(self._reading.text[slice(*cue.groups["n"])])
        for listed in (self._listed, *self._earlier):
            same = [p.sku for p in self._catalogue.products(list(listed)) if p.price is not None and p.price == price]
            if same:
                return same[:1]
        return ()

    def _step(self, by: int) -> None:
        """Go one on or back in the list from what was looked at: 上一个, 下一个."""
        if not self._listed or self._focus[:1] == () or self._focus[0] not in self._listed:
            self.without_list = True
            return
        index = self._listed.index(self._focus[0]) + by
        if index < len(self._listed):
            self.skus.append(self._listed[max(index, 0)])  # before the first one there is none
        else:
            self.beyond = index + 1

    def _it(self) -> None:
        known = self._focus[:1] or (self._listed if len(self._listed) == 1 else ()) or self._before
        if codes := self._reading.slots.values.get("categories"):  # 那个硅酸钙板 is none of the plasterboards
            family = self._catalogue.under(codes)
            fitting = (p.sku for p in self._catalogue.products([*self._focus, *known]) if p.category in family)
            known = tuple(fitting)[:1]
        self.without_list = self.without_list or not (known or self._listed or self._reading.slots.goods)
        self.skus += known


_BY_PRICE = {"ref.dearest": "price_desc", "ref.cheapest": "price_asc"}


def best_of(catalogue: Catalogue, skus: tuple[str, ...], sort: str) -> tuple[str, ...]:
    """Return the skus ordered by a sort of the answer format, unknown values last."""
    column, down = _COLUMNS.get(sort, ("price", False))
    products = catalogue.products(list(skus))

    def key(product: Product) -> tuple[bool, Decimal]:
        value = getattr(product, column)
        number = Decimal(str(value)) if value is not None else Decimal(0)
        return value is None, -number if down else number

    return tuple(product.sku for product in sorted(products, key=key))


_COLUMNS = {
    "price_asc": ("price", False),
    "price_desc": ("price", True),
    "sales": ("sales_30d", True),
    "rating": ("rating", True),
    "growth": ("growth_pct", True),
    "water_saving": ("water_m3_per_year", True),
    "energy_saving": ("power_kwh_per_year", True),
    "carbon_saving": ("carbon_kg_per_year", True),
}


def _indexes(cue: Cue, text: str, size: int) -> list[int]:
    """Return the places in the list, from 0, that an ordinal names."""
    if cue.name == "ref.last":
        return _from_the_end(cue, text, size)
    result = [0] if "first" in cue.groups else []
    for key in ("n", "m"):
        if key in cue.groups:
            start, end = cue.groups[key]
            number = parse_number(text[start:end])
            if number is not None and number >= 1:
                result.append(int(number) - 1)
    return result


def _from_the_end(cue: Cue, text: str, size: int) -> list[int]:
    """Return the places that are told from the end or the middle: 最后那个, 最后两个, 倒数第二个, 中间那个."""
    if "back" in cue.groups:
        return [max(size - int(parse_number(text[slice(*cue.groups["back"])]) or 1), 0)]
    if "middle" in cue.groups:
        return [(size - 1) // 2]
    few = int(parse_number(text[slice(*cue.groups["few"])]) or 1) if "few" in cue.groups else 1
    return [*range(max(size - few, 0), size)]


def _by_contents(products: list[Product], largest: bool) -> str | None:
    measured = [(amount, product.sku) for product in products if (amount := contents_of(product)) is not None]
    if not measured or len({amount for amount, _ in measured}) < min(len(products), 2):
        return None  # all are alike, or there is no list: 大桶的 asks for others
    return (max(measured) if largest else min(measured))[1]
