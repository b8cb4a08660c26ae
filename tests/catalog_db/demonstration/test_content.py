"""What the demonstration holds: enough of everything, in every state, and nothing that contradicts itself."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from tests.catalog_db.demonstration.conftest import TODAY, Folder, Rows, in_list

DAY = TODAY.isoformat()


@pytest.mark.parametrize(
    ("file", "least"),
    [
        *[("categories", 45), ("products", 600), ("brands", 60), ("enterprises", 50), ("certificates", 200)],
        *[("stores", 40), ("pavilions", 8), ("services", 12), ("events", 10), ("rankings", 12), ("plans", 8)],
        *[("terms", 30), ("faqs", 100), ("pilot_regions", 12)],
    ],
)
def test_there_is_enough(folder: Folder, file: str, least: int) -> None:
    assert len(folder.rows(file)) >= least


def test_forty_buying_guides_and_a_few_on_trends(folder: Folder) -> None:
    kinds = Counter(
        kind for text in folder.guides().values() for kind in re.findall(r"^kind: (\w+)$", text, re.MULTILINE)
    )
    assert kinds["buying_guide"] >= 40
    assert kinds["trend"] >= 3


def test_every_leaf_is_sold_and_every_root_has_children(folder: Folder) -> None:
    categories = folder.rows("categories")
    parents = {row["parent"] for row in categories if row["parent"]}
    roots = {row["code"] for row in categories if not row["parent"]}
    sold = set(folder.column("products", "category"))
    assert roots <= parents
    assert {row["code"] for row in categories} - parents == sold


def test_names_lead_to_one_category(folder: Folder) -> None:
    words = Counter(word for row in folder.rows("categories") for word in {row["name"], *in_list(row["synonyms"])})
    assert [word for word, count in words.items() if count > 1] == []


def test_uncovered_categories_have_no_class(folder: Folder) -> None:
    """Floors, boards, locks, wallpaper, cement are not among the published kinds of graded certification."""
    classes = {row["code"]: row["certification_class"] for row in folder.rows("categories")}
    parents = {row["code"]: row["parent"] for row in folder.rows("categories")}
    for code in ("floor_laminate", "floor_solid", "board_eco", "lock", "hardware", "wallpaper", "cement", "pump"):
        assert not classes[code]
        assert not classes[parents[code]]
    assert classes["paint_interior"] == "墙面涂料"
    assert classes["toilet"] == "卫生洁具"


def test_graded_certificates_only_where_the_kind_is_covered(folder: Folder) -> None:
    classes = {row["code"]: row["certification_class"] for row in folder.rows("categories")}
    parents = {row["code"]: row["parent"] for row in folder.rows("categories")}
    kinds = {row["sku"]: row["category"] for row in folder.rows("products")}
    for row in folder.rows("certificates"):
        assert bool(row["grade"]) == (row["scheme"] == "green_building_material")
        if row["grade"]:
            for sku in in_list(row["skus"]):
                assert classes[kinds[sku]] or classes[parents[kinds[sku]]], row["number"]


def test_titles_are_all_different(folder: Folder) -> None:
    titles = Counter(folder.column("products", "title"))
    assert [title for title, count in titles.items() if count > 1] == []


def test_titles_hold_no_empty_place(folder: Folder) -> None:
    for title in folder.column("products", "title"):
        assert not re.search(r"[{}]|\[|\bNone\b|  ", title), title
        assert len(title) <= 60


def test_names_of_goods_agree_with_their_attributes(folder: Folder) -> None:
    for row in folder.rows("products"):
        title = row["title"]
        for word, column in (("一级水效", "water_grade"), ("一级能效", "energy_grade")):
            assert (word not in title) or row[column] == "1", title
        for grade in ("ENF", "E0", "E1"):
            assert (f"{grade}级" not in title) or row["formaldehyde_grade"] == grade, title
        assert ("直冲式" not in title) or row["冲水方式"] == "直冲", title
        assert ("304不锈钢" not in title) or "304" in row["材质"], title


def test_e1_is_left_to_raw_boards(folder: Folder) -> None:
    """Since 2026-06-01 faced boards and laminate floors must reach E0 (GB 18580-2025)."""
    e1 = {row["category"] for row in folder.rows("products") if row["formaldehyde_grade"] == "E1"}
    assert e1 == {"board_ply"}


def test_prices_are_fresh_but_for_a_few(folder: Folder) -> None:
    ages = [(TODAY - date.fromisoformat(day)).days for day in folder.column("products", "price_on")]
    stale = [age for age in ages if age > 30]
    assert min(ages) == 0
    assert 5 <= len(stale) <= len(ages) / 10


def states(folder: Folder) -> dict[str, Rows]:
    """Sort the certificates by their state on the day."""
    found: dict[str, Rows] = {}
    soon = (TODAY + timedelta(days=30)).isoformat()
    for row in folder.rows("certificates"):
        if row["status"] in ("suspended", "revoked"):
            state = row["status"]
        elif row["expires_on"] < DAY:
            state = "expired"
        elif row["issued_on"] > DAY:
            state = "not_yet_valid"
        elif not row["skus"]:
            state = "names nothing"
        else:
            state = "expiring" if row["expires_on"] <= soon else "valid"
        found.setdefault(state, []).append(row)
    return found


def test_every_state_and_scheme_of_certificates(folder: Folder) -> None:
    found = states(folder)
    for state in ("valid", "expiring", "expired", "suspended", "revoked", "not_yet_valid", "names nothing"):
        assert len(found[state]) >= 3, state
    assert {row["grade"] for row in found["valid"]} == {"1", "2", "3", ""}
    assert len({row["scheme"] for row in found["valid"]}) == 8


def certified(folder: Folder) -> dict[str, set[str]]:
    """Map each sku to its schemes in force."""
    held: dict[str, set[str]] = {}
    for state in ("valid", "expiring"):
        for row in states(folder)[state]:
            for sku in in_list(row["skus"]):
                held.setdefault(sku, set()).add(row["scheme"])
    return held


def test_variants_that_their_makers_certificate_does_not_name(folder: Folder) -> None:
    held = certified(folder)
    by_line: dict[tuple[str, str], list[str]] = {}
    for row in folder.rows("products"):
        by_line.setdefault((row["brand"], row["category"]), []).append(row["sku"])
    split = [
        line for line, skus in by_line.items() if any(s in held for s in skus) and any(s not in held for s in skus)
    ]
    assert len(split) >= 5


def test_titles_that_claim_what_no_certificate_says(folder: Folder) -> None:
    held = certified(folder)
    claims = [row for row in folder.rows("products") if re.search(r"认证|绿建", row["title"])]
    false = [row["sku"] for row in claims if "green_building_material" not in held.get(row["sku"], set())]
    assert len(false) >= 5
    assert len(claims) - len(false) >= 5


def test_makers_on_a_list_without_a_certificate(folder: Folder) -> None:
    listed = {row["id"] for row in folder.rows("enterprises") if row["batch"]}
    holders = {row["enterprise"] for row in folder.rows("certificates")}
    assert len(listed - holders) >= 3
    assert {row["batch"] for row in folder.rows("enterprises")} >= {"首批", "第二批", ""}


def test_events_surround_the_day(folder: Folder) -> None:
    events = folder.rows("events")
    assert any(row["kind"] == "live" and row["starts_at"][:10] == DAY for row in events)
    assert any(row["ends_at"] and row["ends_at"][:10] < DAY for row in events)
    assert any(row["starts_at"][:10] > DAY for row in events)
    on = [row for row in events if row["starts_at"][:10] <= DAY and (not row["ends_at"] or row["ends_at"][:10] >= DAY)]
    assert any(row["kind"] == "promotion" for row in on)
    assert all(datetime.fromisoformat(row["starts_at"]).utcoffset() == timedelta(hours=8) for row in events)


def test_stores_and_services_of_every_kind(folder: Folder) -> None:
    stores = folder.rows("stores")
    assert {row["kind"] for row in stores} == {"appliance_store", "home_store", "super_store", "partner_store"}
    assert len({row["adcode"][:2] for row in stores}) >= 25
    assert all(18 < float(row["latitude"]) < 54 and 73 < float(row["longitude"]) < 136 for row in stores)
    assert {row["level"] for row in folder.rows("services")} == {
        *("village", "door", "upstairs", "room", "installed", ""),
    }


def test_related_and_planned_categories_exist(folder: Folder) -> None:
    codes = set(folder.column("categories", "code"))
    for row in folder.rows("categories"):
        assert set(in_list(row["related"])) <= codes - {row["code"]}
    for row in folder.rows("plans"):
        assert set(in_list(row["categories"])) <= codes
    for name, text in folder.guides().items():
        found = re.search(r"^categories: \[(.*)\]$", text, re.MULTILINE)
        assert found is not None
        assert {code.strip() for code in found[1].split(",") if code.strip()} <= codes, name


def test_every_category_has_a_guide(folder: Folder) -> None:
    guided = {
        code.strip()
        for text in folder.guides().values()
        for codes in re.findall(r"^categories: \[(.*)\]$", text, re.MULTILINE)
        for code in codes.split(",")
    }
    assert set(folder.column("categories", "code")) - guided == set()


def test_pavilions_show_their_own(folder: Folder) -> None:
    origins = {row["sku"]: row["origin"] for row in folder.rows("products")}
    homes = {row["id"]: row["adcode"] for row in folder.rows("enterprises")}
    for row in folder.rows("pavilions"):
        region = re.sub(r"(00)+$", "", row["adcode"])
        assert row["enterprises"], row["id"]
        assert all(homes[maker].startswith(region) for maker in in_list(row["enterprises"]))
        assert all(origins[sku].startswith(region) for sku in in_list(row["skus"]))


FIGURES = {
    "sales": ("sales_30d", True),
    "growth": ("growth_pct", True),
    "rating": ("rating", True),
    "water_saving": ("water_m3_per_year", True),
    "energy_saving": ("power_kwh_per_year", True),
    "carbon_saving": ("carbon_kg_per_year", True),
    "price": ("price", False),
}


def test_rankings_are_in_their_own_order(folder: Folder) -> None:
    goods = {row["sku"]: row for row in folder.rows("products")}
    parents = {row["code"]: row["parent"] for row in folder.rows("categories")}
    held = certified(folder)
    for ranking in folder.rows("rankings"):
        column, descending = FIGURES[ranking["criterion"]]
        listed = [goods[sku] for sku in in_list(ranking["skus"])]
        figures = [float(row[column]) for row in listed]
        assert len(listed) >= 5, ranking["id"]
        assert figures == sorted(figures, reverse=descending), ranking["id"]
        for row in listed:
            assert row["status"] != "off_sale"
            assert ranking["category"] in (row["category"], parents[row["category"]])
            assert ("认证" not in ranking["title"] and "获证" not in ranking["title"]) or (
                "green_building_material" in held[row["sku"]]
            )
        missed = [
            float(row[column])
            for row in goods.values()
            if row["category"] == ranking["category"]
            and row[column]
            and row["status"] != "off_sale"
            and row["sku"] not in in_list(ranking["skus"])
        ]
        if "证" not in ranking["title"] and missed:
            beaten = max(missed) <= min(figures) if descending else min(missed) >= max(figures)
            assert beaten, ranking["id"]
