"""A second catalogue, unlike the bundled one: other kinds under other codes, other brands, prices, certificates, places.

Made from `kinds.tsv` by counting, without chance: what a place in it holds can be read off the numbers below.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests.catalog_db.folders import Rows, write_folder

DAY = date(2026, 11, 22)
EACH = 9  # products of a kind
_BRANDS = ("雁过桥", "石榴坡", "穗满仓", "柳条巷", "砚台湾", "核桃岭", "渔火洲", "苇塘北", "豆花井", "杉木冲")
_PLACES = ("410225", "510923", "430922", "330523", "370883")  # 兰考, 大英, 桃江, 安吉, 邹城
_SERIES = ("春播", "谷雨", "秋收", "冬藏", "晨露", "晚霞", "长街", "短巷", "高台")
_COLOURS = ("白色", "米黄色", "浅灰色")
# What a product's certificate is, by its place among those of its kind. A kind that is not covered has others.
_STATES = ("three", "one", "none", "expired", "three", "suspended", "two", "revoked", "label")
_SECOND_BRAND_ONLY = "没货坊"


def _days(days: int) -> str:
    return (DAY + timedelta(days=days)).isoformat()


def kinds() -> list[dict[str, str]]:
    """Return the rows of the kinds: columns of categories.csv, a price to start from, traits."""
    lines = (Path(__file__).parent / "kinds.tsv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    return [
        {name: "" if cell == "-" else cell for name, cell in zip(names, line.split("\t"), strict=True)}
        for line in lines[1:]
    ]


def leaves() -> list[dict[str, str]]:
    """Return the kinds that have goods: those without kinds below them."""
    rows = kinds()
    above = {row["parent"] for row in rows}
    return [row for row in rows if row["code"] not in above]


def covered(code: str) -> bool:
    """Tell whether the green building material certification has a class for the kind, its own or from above."""
    by_code = {row["code"]: row for row in kinds()}
    row: dict[str, str] | None = by_code[code]
    while row is not None:
        if row["certification_class"]:
            return True
        row = by_code.get(row["parent"])
    return False


def _extras(code: str, step: int) -> dict[str, str]:
    """Return what only goods of some kinds have."""
    if code in ("wc", "wc_smart", "tap", "rain", "squat"):
        grade = 1 + step % 3
        return {"water_grade": str(grade), "water_m3_per_year": str(22 - 5 * grade)} | (
            {"坑距": "305mm" if step % 2 else "400mm"} if code in ("wc", "wc_smart") else {}
        )
    if code in ("lamp_bulb", "lamp_ceil", "lamp_night"):
        watts = {"lamp_bulb": (3, 5, 9), "lamp_ceil": (18, 24, 36), "lamp_night": (1, 2, 3)}[code][step % 3]
        return {"energy_grade": str(1 + step % 3), "power_kwh_per_year": str(30 + 2 * step), "功率": f"{watts}W"}
    if code in ("tile_ground", "tile_side"):
        return {"size": ("600x600", "800x800", "300x600")[step % 3]}
    if code in ("board_wood", "board_lam"):
        return {"formaldehyde_grade": ("ENF", "E0", "E1")[step % 3], "size": "1210x165"}
    if code in ("coat_in", "coat_out", "coat_wood", "proof_coat"):
        return {"capacity": ("5L", "10L", "18L")[step % 3]}
    return {}


def _products() -> Rows:
    rows = []
    for place, kind in enumerate(leaves()):
        traits = kind["traits"].split("|")
        for step in range(EACH):
            number = place % 3 * 3 + step % 3  # three brands for a kind
            brand = _BRANDS[number % len(_BRANDS)]
            extras = _extras(kind["code"], step)
            told = "".join(f" {extras[name]}" for name in ("功率", "capacity", "size", "坑距") if name in extras)
            colour = _COLOURS[step % 3]
            rows.append(
                {
                    "sku": f"S{place:02d}{step}",
                    "title": f"{brand}{_SERIES[step]}{kind['name']}{told} {colour}",
                    "category": kind["code"],
                    "brand": f"m{number % len(_BRANDS)}",
                    "series": _SERIES[step],
                    "model": f"Q{place:02d}-{step}K",
                    "unit": kind["unit"],
                    "price": str(int(kind["price"]) * (10 + 3 * ((step * 4) % EACH)) // 10),
                    "price_on": _days(-2 - step * 7),
                    "sales_30d": str(1000 - 90 * ((step * 7) % EACH)),
                    "rating": str(4 + ((step * 5) % EACH) / 10),
                    "origin": _PLACES[number % len(_PLACES)],
                    "sells_to": "100000" if step % 4 else "410000|510000",
                    "color": colour,
                    "features": "|".join(traits[: 1 + step % len(traits)]),
                    "services": "v1" if step % 2 else "v1|v2",
                }
                | extras
            )
    return rows


def _certificates(products: Rows) -> Rows:
    rows = []
    for product in products:
        step = int(product["sku"][-1])
        state = _STATES[step]
        grade = {"one": "1", "two": "2"}.get(state, "3")
        common = {"body": "丘陵试验认证所", "enterprise": "f" + product["brand"][1:], "skus": product["sku"]}
        scheme = "green_building_material" if covered(product["category"]) else "low_carbon"
        if state == "none":
            continue
        if state == "label":
            scheme = "environmental_label"
        begun, ended = (-1900, -40) if state == "expired" else (-500 - step, 60 if state == "two" else 1300)
        rows.append(
            common
            | {
                "number": f"QL-{product['sku'][1:3]}-{product['sku'][1:]}7",
                "scheme": scheme,
                "grade": grade if scheme == "green_building_material" else "",
                "issued_on": _days(begun),
                "expires_on": _days(ended),
                "status": {"suspended": "suspended", "revoked": "revoked"}.get(state, "valid"),
            }
        )
    return rows


def files() -> dict[str, Rows]:
    """Return the rows of every file of the catalogue, by name without the ending."""
    products = _products()
    return {
        "categories": [{k: v for k, v in row.items() if k not in ("price", "traits")} for row in kinds()],
        "enterprises": [
            {
                "id": f"f{number}",
                "name": f"{brand}试验建材有限公司",
                "short_name": f"{brand}建材",
                "adcode": _PLACES[number % len(_PLACES)],
                "batch": ("首批", "二批")[number % 2],
                "phone": f"010-0000010{number}",
            }
            for number, brand in enumerate(_BRANDS)
        ],
        "brands": [
            {"id": f"m{number}", "name": brand, "enterprise": f"f{number}"} for number, brand in enumerate(_BRANDS)
        ]
        + [{"id": "m90", "name": _SECOND_BRAND_ONLY}],
        "products": products,
        "certificates": _certificates(products),
        "stores": [
            {
                "id": f"d{number}",
                "name": f"{name}建材店",
                "kind": "home_store",
                "adcode": place,
                "address": f"{name}南街{number + 1}号",
                "hours": "08:00-18:00",
                "phone": f"010-0000020{number}",
                "categories": categories,
            }
            for number, (name, place, categories) in enumerate(
                (("兰考", "410225", "coat|tiles|wash"), ("大英", "510923", "lamps|doors"), ("开封", "410200", ""))
            )
        ],
        "pavilions": [
            {
                "id": "g1",
                "name": "河南馆（试验）",
                "adcode": "410000",
                "enterprises": "f0|f5",
                "opened_on": "2025-06-01",
            },
            {
                "id": "g2",
                "name": "四川馆（试验）",
                "adcode": "510000",
                "enterprises": "f1|f6",
                "opened_on": "2025-06-01",
            },
        ],
        "pilot_regions": [{"adcode": "410000", "batch": "2023年试点", "started_on": "2023-05-31"}],
        "rankings": [
            {
                "id": "w1",
                "title": "马桶省水榜",
                "category": "wc",
                "criterion": "water_saving",
                "period": "2026-10",
                "published_on": "2026-11-03",
                "skus": "|".join(
                    row["sku"] for row in products if row["category"] == "wc" and row["water_grade"] == "1"
                ),
            }
        ],
        "faqs": [
            {"id": "q1", "question": "货到能不能先看再付钱", "similar": "能货到付款吗", "answer": "能，当面看好再付。"},
            {
                "id": "q2",
                "question": "东西坏了找谁",
                "similar": "质量问题找哪个",
                "answer": "先找卖给您的店，留好单子。",
            },
        ],
        "services": [
            {
                "id": "v1",
                "name": "送到村口",
                "kind": "delivery",
                "adcodes": "100000",
                "level": "village",
                "fee": "50元",
            },
            {
                "id": "v2",
                "name": "送上楼",
                "kind": "delivery",
                "adcodes": "410000",
                "level": "upstairs",
                "fee": "每层8元",
            },
            {
                "id": "v3",
                "name": "洁具安装",
                "kind": "installation",
                "categories": "wash",
                "level": "installed",
                "fee": "120元",
            },
            {"id": "v4", "name": "旧件拉走", "kind": "recycling", "categories": "wash|doors", "fee": "40元"},
        ],
        "plans": [
            {
                "id": "h1",
                "title": "厨房翻新",
                "scene": "厨房",
                "categories": "pipe_in|proof_coat|tile_side|tile_ground|ceil|lamp_ceil|tap",
                "description": "先水后砖再顶。",
            },
            {
                "id": "h2",
                "title": "卫生间翻新",
                "scene": "卫生间",
                "categories": "pipe_in|proof_coat|tile_side|tile_ground|floor_drain|wc|rain",
                "description": "闭水过了再贴砖。",
            },
        ],
    }


def _guide(kind: dict[str, str]) -> str:
    return (
        f"---\nid: how_{kind['code']}\ntitle: {kind['name']}怎么挑\nkind: buying_guide\ncategories: [{kind['code']}]\n"
        f"summary: 先看证书，再看尺寸。\n---\n\n1. **看证书。** 编号、有效期、产品名对得上。\n2. **看样子。** 没裂没缺角。\n\n"
        "**避坑**\n- 光说有证、不给编号的，先别付钱。\n"
    )


def write(folder: Path) -> Path:
    """Write the catalogue into a folder; give it back."""
    write_folder(folder, files(), guide=None)
    (folder / "guides").mkdir(exist_ok=True)
    for kind in leaves():
        (folder / "guides" / f"how_{kind['code']}.md").write_text(_guide(kind), encoding="utf-8")
    return folder
