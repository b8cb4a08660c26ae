"""Small made-up catalogues and questions, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from catalog_db.records import SCHEMES, Brand, Category, Certificate, Enterprise, Product
from catalog_db.search.query import SORTS, ProductQuery

DAY = date(2026, 11, 22)
CATEGORIES = {
    code: Category(code, name, parent, certification_class=own)
    for code, name, parent, own in (
        ("paint", "涂料", None, "墙面涂料"),
        ("paint_in", "内墙乳胶漆", "paint", None),
        ("paint_out", "外墙漆", "paint", None),
        ("bath", "卫浴", None, None),
        ("toilet", "马桶", "bath", "卫生陶瓷"),
        ("toilet_smart", "智能马桶", "toilet", None),
        ("tap", "水龙头", "bath", None),
        ("tile", "瓷砖", None, None),
    )
}
NOUNS = {
    "paint": ["涂料"],
    "paint_in": ["内墙乳胶漆", "乳胶漆", "墙面漆"],
    "paint_out": ["外墙漆", "外墙涂料"],
    "bath": ["浴室柜"],
    "toilet": ["马桶", "坐便器"],
    "toilet_smart": ["智能马桶", "智能坐便器"],
    "tap": ["水龙头", "面盆龙头"],
    "tile": ["瓷砖", "地砖", "PVC-U排水管"],
}
FEATURES = ["净味", "抗菌", "防霉", "静音", "节水", "耐擦洗", "LED", "led", "A+ 级", "𠮷祥"]
SCENES = ["儿童房", "卫生间", "厨房", "外墙", "客厅"]
COLORS = ["白色", "米白", "浅灰色", "Gray", "灰色", None]
SIZES = ["800x800", "800*800mm", "80公分", "600x600", "小号", None]
CAPACITIES = ["5L", "18 L", "18l", "20kg", None]
PLACES = ["370000", "370700", "370783", "420000", "429004", "100000", "110000"]
ENTERPRISES = {f"e{n}": Enterprise(f"e{n}", f"厂{n}", batch=[None, "首批", "第二批"][n % 3]) for n in range(5)}
BRANDS = {
    f"b{n}": Brand(f"b{n}", name, enterprise=owner)
    for n, (name, owner) in enumerate(
        (("松晨", "e0"), ("绿禾", "e1"), ("河川邦", None), ("云帆", "e2"), ("宋晨", "e0"), ("欧朗", None))
    )
}
ATTRIBUTES = {"材质": ["陶瓷", "全铜", "PVC"], "坑距": ["305mm", "400 mm"], "光泽": ["哑光", "丝光"]}


@dataclass(frozen=True)
class Goods:
    """A source of products."""

    rows: Sequence[tuple[Product, Sequence[Certificate]]]
    revision: str = "1"
    categories = CATEGORIES
    brands = BRANDS
    enterprises = ENTERPRISES

    def products(self) -> Iterator[tuple[Product, Sequence[Certificate]]]:
        """Stream the products."""
        yield from self.rows


def goods(random: Random, size: int) -> Goods:
    """Return a catalogue of some products."""
    return Goods([row(random, f"{number:04d}") for number in random.sample(range(size * 3), size)])


def row(random: Random, sku: str) -> tuple[Product, list[Certificate]]:
    """Return a product with its certificates."""
    category = random.choice([*CATEGORIES, "unheard-of"] if random.random() < 0.05 else list(CATEGORIES))
    brand = random.choice([*BRANDS, None])
    values: dict[str, Any] = {
        "title": _title(random, category, brand),
        "price": _maybe(random, lambda: Decimal(random.choice(["9.9", "99", "99.00", "168.50", "300", "1299"]))),
        "sales_30d": _maybe(random, lambda: random.choice([0, 3, 3, 50, 900])),
        "rating": _maybe(random, lambda: random.choice([0.0, 4.5, 4.5, 4.8, 5.0])),
        "growth_pct": _maybe(random, lambda: random.choice([-20.0, 0.0, 35.5, 180.0])),
        "water_m3_per_year": _maybe(random, lambda: random.choice([0.0, 8.0, 13.5])),
        "power_kwh_per_year": _maybe(random, lambda: random.choice([40.0, 80.0])),
        "carbon_kg_per_year": _maybe(random, lambda: random.choice([1.5, 20.0])),
        "water_grade": _maybe(random, lambda: random.randint(1, 5)),
        "energy_grade": _maybe(random, lambda: random.randint(1, 5)),
        "formaldehyde_grade": random.choice(["ENF", "E0", "E1", None]),
        "origin": random.choice([*PLACES[:-2], None]),
        "sells_to": tuple(random.sample(PLACES, random.choice([0, 0, 1, 2]))),
        "scenes": tuple(random.sample(SCENES, random.choice([0, 0, 1, 2]))),
        "features": tuple(random.sample(FEATURES, random.choice([0, 1, 2, 3]))),
        "color": random.choice(COLORS),
        "size": random.choice(SIZES),
        "capacity": random.choice(CAPACITIES),
        "series": random.choice(["竹里", "竹 里", "Star", None, None]),
        "model": random.choice(["LX-05", "lx05", None, None]),
        "attributes": {name: random.choice(values) for name, values in ATTRIBUTES.items() if random.random() < 0.3},
        "on_sale": random.random() > 0.08,
        "withdrawn": random.random() < 0.05,
    }
    product = Product(sku=sku, category=category, brand=brand, **values)
    return product, [certificate(random, sku) for _ in range(random.choice([0, 0, 1, 2]))]


def certificate(random: Random, sku: str) -> Certificate:
    """Return a certificate around the day; now and then it names another product."""
    issued = DAY + timedelta(random.choice([-900, -400, -1, 0, 1]))
    return Certificate(
        number=f"C{random.randrange(10**6)}",
        scheme=random.choice([SCHEMES[0], SCHEMES[0], *SCHEMES]),
        issued_on=issued,
        expires_on=issued + timedelta(random.choice([0, 1, 400, 900])),
        grade=random.choice([1, 2, 3, None]),
        enterprise=random.choice([*ENTERPRISES, None]),
        skus=random.choice([(sku,), (sku,), (sku, "x"), ("x",), ()]),
        status=random.choice(["valid", "valid", "valid", "suspended", "revoked"]),
    )


def query(random: Random) -> ProductQuery:
    """Return a question with a few filters, some with a text."""
    values: dict[str, Any] = {}
    for name in random.sample(list(_FILTERS), random.choice([0, 1, 1, 2, 3])):
        values[name] = _FILTERS[name](random)
    if random.random() < 0.5:
        values["text"] = typed(random)
    limit, offset = random.choice([(5, 0), (20, 0), (3, 2), (4, 7)])
    return ProductQuery(
        DAY, **values, sort=random.choice(["recommended", "recommended", *SORTS]), limit=limit, offset=offset
    )


def listed(random: Random) -> ProductQuery:
    """Return a question for a list: nothing typed, at most one filter beside the kinds."""
    one = (
        "certified",
        "certified",
        "uncertified",
        "schemes",
        "stars",
        "min_stars",
        "brands",
        "exclude_brands",
        "color",
        "formaldehyde",
    )
    names = random.choice([(), ("categories",), ("exclude_categories",), ("categories", "exclude_skus")])
    if random.random() < 0.7:
        names = (*names, random.choice(one))
    values: dict[str, Any] = {name: _FILTERS[name](random) for name in names}
    limit, offset = random.choice([(1, 0), (5, 0), (3, 2), (20, 0)])
    return ProductQuery(
        DAY, **values, sort=random.choice(["recommended", "recommended", *SORTS]), limit=limit, offset=offset
    )


def typed(random: Random) -> str:
    """Return something typed: words, wrong ones, pinyin, a question."""
    words = [
        *(noun for nouns in NOUNS.values() for noun in nouns),
        *FEATURES,
        "松晨",
        "河川邦",
        "800x800",
        "18L",
        "LX-05",
        "DN20",
        random.choice(["CQC", "800", "5LED", "18"]),
    ]
    text = " ".join(random.sample(words, random.choice([1, 1, 2, 3]))).replace(" ", random.choice([" ", ""]))
    place = random.randrange(len(text))
    return random.choice(
        [
            text,
            text,
            text[:place] + text[place + 1 :],
            text[:place] + random.choice("漆七砖专马码河和") + text[place + 1 :],
            f"请问有没有{text}，推荐一下",
            random.choice(
                ["rujiaoqi", "ru jiao q", "rjq", "jingwei matong", "mt", "ledditong", "pvc管", "18升", "xyzzy", "？"]
            ),
        ]
    )


def changed(random: Random, old: Goods) -> list[tuple[str, Product | None, list[Certificate]]]:
    """Return changes of a catalogue: new products, other ones, gone ones."""
    skus = [product.sku for product, _ in old.rows]
    changes: list[tuple[str, Product | None, list[Certificate]]] = []
    for sku in {*random.sample(skus, min(4, len(skus))), f"{random.randrange(9000, 9999)}"}:
        product, certificates = row(random, sku)
        gone = random.random() < 0.2
        changes.append((sku, None if gone else replace(product, withdrawn=random.random() < 0.2), certificates))
    return changes


def _title(random: Random, category: str, brand: str | None) -> str:
    parts = [
        BRANDS[brand].name if brand and random.random() < 0.8 else "",
        random.choice([*FEATURES, *SCENES, "", ""]),
        random.choice(NOUNS.get(category, ["板材"])),
        random.choice(["800*800mm", "600x600", "5L", "18L", "1.5匹", "DN20", ""]),
        random.choice(["绿色建材三星认证", "包邮", "CQC认证", "Led", ""]),
    ]
    return random.choice([" ", "", "　"]).join(part for part in parts if part)


def _maybe(random: Random, value: Any) -> Any:
    return value() if random.random() < 0.7 else None


def _some(values: Sequence[Any], most: int = 2) -> Any:
    return lambda random: tuple(random.sample(values, random.randint(1, most)))


_FILTERS: dict[str, Any] = {
    "categories": _some([*CATEGORIES, "nowhere"]),
    "exclude_categories": _some(list(CATEGORIES)),
    "certified": lambda random: True,
    "uncertified": lambda random: True,
    "schemes": _some(SCHEMES),
    "stars": _some([1, 2, 3]),
    "min_stars": lambda random: random.choice([1, 2, 3]),
    "brands": _some([*BRANDS, "nobody"]),
    "exclude_brands": _some(list(BRANDS)),
    "enterprises": _some(list(ENTERPRISES)),
    "series": _some(["竹里", "star", "无"]),
    "price_min": lambda random: Decimal(random.choice(["0", "99", "100.5"])),
    "price_max": lambda random: Decimal(random.choice(["9.9", "99", "168.5", "5000"])),
    "water_grade_max": lambda random: random.randint(1, 5),
    "energy_grade_max": lambda random: random.randint(1, 5),
    "formaldehyde": _some(["ENF", "e0", ""]),
    "scenes": _some([*SCENES, "乳胶", "阳台"]),
    "features": _some([*FEATURES, "马桶", "绿色建材", "胶漆", " "]),
    "exclude_features": _some([*FEATURES, "漆"]),
    "color": _some(["白", "灰", "gray"]),
    "exclude_color": _some(["白", "色"]),
    "size": _some(["800x800", "800mm", "60厘米", "小号"]),
    "capacity": _some(["5L", "18L", "20 KG"]),
    "attributes": lambda random: {random.choice(["材质", "坑距"]): tuple(random.sample(["陶瓷", "pvc", "400mm"], 2))},
    "origin": lambda random: random.choice(PLACES),
    "adcode": lambda random: random.choice([*PLACES, "429000"]),
    "batch": lambda random: random.choice(["首批", "无"]),
    "title_words": _some(["乳胶", "LX", "星", "DN20", "pvc", "马桶", "陶瓷", "80", "Star", "𠮷", "漆 5"]),
    "skus": lambda random: tuple(f"{random.randrange(120):04d}" for _ in range(30)),
    "exclude_skus": lambda random: tuple(f"{random.randrange(120):04d}" for _ in range(30)),
}
