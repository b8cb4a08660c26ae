"""The read door, over a catalogue loaded from a folder."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from catalog_db.catalog import Catalogue, open_catalogue
from catalog_db.changes import change_product, put_faq, withdraw_product
from catalog_db.database import Database, open_database
from catalog_db.errors import DatabaseError
from catalog_db.loading import load
from catalog_db.records import Faq, Product
from catalog_db.search.query import ProductQuery
from catalog_db.state import read_stamp
from tests.catalog_db.conftest import TODAY, sqlite_url
from tests.catalog_db.folders import Rows, good, write_folder

DATES = {"issued_on": "2025-01-01", "expires_on": "2027-12-31"}
LATEX = ProductQuery(day=TODAY, categories=("latex",))


def files() -> dict[str, Rows]:
    """Give a catalogue with something to look up."""
    result = good()
    result["categories"] += [
        {"code": "kids", "name": "儿童漆", "parent": "latex"},
        {"code": "wood", "name": "木器漆", "parent": "wall", "certification_class": "木器涂料"},
    ]
    result["products"] += [
        {"sku": "p4", "title": "儿童漆", "category": "kids", "model": "SP18A", "features": "净味", "series": "小苗"},
        {"sku": "p5", "title": "停售同款", "category": "kids", "model": "sp18a", "status": "off_sale"},
    ]
    result["products"][0].update(series="大树", color="白色", size="18x20", capacity="18L")
    result["brands"].append({"id": "b2", "name": "又一牌", "enterprise": "e1"})
    result["certificates"] += [
        {"number": "GBM-2025-0O1", "scheme": "other", "skus": "p1|p4", **DATES},
        {"number": "GBM.2025.011", "scheme": "other", "skus": "", **DATES},
        {"number": "WSC-9", "scheme": "water_saving", "enterprise": "e1", **DATES},
    ]
    return result


@pytest.fixture
def catalogue(database: Database, tmp_path: Path) -> Iterator[Catalogue]:
    """Load the catalogue and open it."""
    load(write_folder(tmp_path / "data", files()), database, today=TODAY)
    with Catalogue(database) as opened:
        yield opened


def test_the_tree(catalogue: Catalogue) -> None:
    assert catalogue.children() == ("wall", "toilet")
    assert catalogue.children("wall") == ("latex", "wood")
    assert catalogue.children("nothing") == ()
    assert catalogue.under(["latex", "nothing"]) == {"latex", "kids"}
    assert catalogue.under([]) == frozenset()
    assert catalogue.path("kids") == ("wall", "latex", "kids")
    assert catalogue.path("nothing") == ()


def test_the_certification_class_is_inherited(catalogue: Catalogue) -> None:
    assert catalogue.certification_class("kids") == "墙面涂覆材料"
    assert catalogue.certification_class("wood") == "木器涂料"
    assert catalogue.certification_class("toilet") is None
    assert catalogue.certification_class("nothing") is None


def test_products_come_in_the_order_asked(catalogue: Catalogue) -> None:
    assert [product.sku for product in catalogue.products(["p4", "none", "p1", "p4"])] == ["p4", "p1", "p4"]
    assert catalogue.product("none") is None
    assert catalogue.products([]) == []
    many = [f"x{number}" for number in range(2_000)]
    assert [product.sku for product in catalogue.products([*many, "p2"])] == ["p2"]


def test_a_product_is_what_the_file_says(catalogue: Catalogue) -> None:
    product = catalogue.product("p1")
    assert product is not None
    assert (product.brand, product.category, product.price, product.features) == (
        "b1",
        "latex",
        Decimal("299.5"),
        ("净味", "防霉"),
    )
    off_sale = catalogue.product("p3")
    assert off_sale is not None
    assert not off_sale.shown


def test_a_model_is_found_however_it_is_written(catalogue: Catalogue) -> None:
    for token in ("SP-18 a", "sp18a", "ＳＰ－１８Ａ", "sp 18-A"):
        assert catalogue.find_model(token) == ["p1", "p4", "p5"]  # off sale comes last
    assert catalogue.find_model("SP18") == catalogue.find_model("") == catalogue.find_model("- ") == []


@pytest.mark.parametrize("number", ["GBM-2025-001", "gbm 2025.001", "ＧＢＭ２０２５００１", " gbm2025001 "])
def test_a_certificate_is_found_however_its_number_is_written(catalogue: Catalogue, number: str) -> None:
    certificate = catalogue.certificate(number)
    assert certificate is not None
    assert certificate.number == "GBM-2025-001"


def test_no_other_number_is_taken_for_it(catalogue: Catalogue) -> None:
    for number in ("GBM-2025-00", "GBM-2025-0011", "BM-2025-001", "", "--", "GBM2025OO1"):
        assert catalogue.certificate(number) is None


def test_near_numbers(catalogue: Catalogue) -> None:
    near = [certificate.number for certificate in catalogue.certificates_near("GBM-2025-OO1")]
    assert near == ["GBM-2025-0O1", "GBM-2025-001", "GBM.2025.011"]
    assert "GBM-2025-001" not in [c.number for c in catalogue.certificates_near("GBM-2025-001")]
    assert catalogue.certificates_near("ZZZ") == catalogue.certificates_near("") == []
    assert len(catalogue.certificates_near("GBM-2025-OO1", limit=1)) == 1


def test_certificates_of_products_and_enterprises(catalogue: Catalogue) -> None:
    assert [c.number for c in catalogue.certificates_of("p1")] == ["GBM-2025-001", "GBM-2025-0O1"]
    many = catalogue.certificates_of_many(["p4", "p2", "none"])
    assert {sku: [c.number for c in found] for sku, found in many.items()} == {
        "p4": ["GBM-2025-0O1"],
        "p2": [],
        "none": [],
    }
    assert [c.number for c in catalogue.certificates_of_enterprise("e1")] == ["GBM-2025-001", "WSC-9"]
    assert [brand.id for brand in catalogue.brands_of_enterprise("e1")] == ["b1", "b2"]
    assert catalogue.brands_of_enterprise("none") == []


def test_a_list_given_out_may_be_changed(catalogue: Catalogue) -> None:
    catalogue.certificates_of("p1").clear()
    assert len(catalogue.certificates_of("p1")) == 2


def test_the_vocabulary_is_that_of_products_on_sale(catalogue: Catalogue) -> None:
    words = catalogue.vocabulary
    assert words.features == ("净味", "防霉")  # most frequent first; 耐擦 is of one that is off sale
    assert (words.colors, words.sizes, words.capacities, words.batches) == (
        ("白色",),
        ("18x20",),
        ("18L",),
        ("第一批",),
    )
    assert words.series == {"大树": ("b1",), "小苗": ()}
    assert words.attributes == {"光泽": ("哑光",)}


def test_search_and_count(catalogue: Catalogue) -> None:
    found = catalogue.search(LATEX)
    assert {hit.sku for hit in found.hits} == {"p1", "p4"}
    assert found.total == catalogue.count(LATEX) == 2
    assert catalogue.count_many(LATEX, [replace(LATEX, certified=True)]) == [1]
    assert {hit.sku for hit in catalogue.search(replace(LATEX, certified=True)).hits} == {"p1"}
    assert catalogue.count(replace(LATEX, certified=True, day=date(2028, 1, 1))) == 0


def test_a_change_in_another_process_is_seen_with_the_next_refresh(database: Database, catalogue: Catalogue) -> None:
    writer = open_database(database.url.render_as_string(hide_password=False))
    old = catalogue.product("p1")
    assert old is not None
    assert not catalogue.refresh(10.0)
    change_product(writer, replace(old, price=Decimal("9.9")), TODAY)
    change_product(writer, Product("p9", "新到的墙漆", "kids", price=Decimal("5")), TODAY)
    assert withdraw_product(writer, "p4") == 4
    assert withdraw_product(writer, "p4") is None
    assert not catalogue.refresh(10.2)  # four looks a second
    assert catalogue.product("p1") == old
    assert catalogue.refresh(10.3)
    assert catalogue.revision == 4
    assert catalogue.product("p1") == replace(old, price=Decimal("9.9"))
    assert {hit.sku for hit in catalogue.search(LATEX).hits} == {"p1", "p9"}
    new = catalogue.product("p9")
    assert new is not None
    assert (new.price, new.price_on, new.attributes) == (Decimal("5"), TODAY, {})
    gone = catalogue.product("p4")
    assert gone is not None
    assert gone.withdrawn
    assert not catalogue.refresh(12.2)
    writer.close()


def test_after_a_change_of_products_alone_nothing_else_is_read_anew(database: Database, catalogue: Catalogue) -> None:
    brands = catalogue.brands
    change_product(database, Product("p9", "新到的墙漆", "kids"), TODAY)
    withdraw_product(database, "p4")
    assert catalogue.refresh(10.0)
    assert catalogue.brands is brands
    assert {hit.sku for hit in catalogue.search(LATEX).hits} == {"p1", "p9"}
    put_faq(database, Faq("q9", "要等多久？", "三天。"))
    change_product(database, Product("p8", "又到的墙漆", "kids"), TODAY)
    assert catalogue.refresh(20.0)
    assert "q9" in catalogue.faqs
    assert {hit.sku for hit in catalogue.search(LATEX).hits} == {"p1", "p8", "p9"}


def test_many_changes_are_merged_into_the_index(
    database: Database, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_db.catalog.MANY_CHANGES", 1)
    for number in range(3):
        change_product(database, Product(f"q{number}", f"第{number}款墙漆", "kids", price=Decimal("5")), TODAY)
    assert catalogue.refresh(10.0)
    wait_for("index-merge")
    assert catalogue.index_changes == 0
    assert {"q0", "q1", "q2"} <= {hit.sku for hit in catalogue.search(LATEX).hits}


def wait_for(name: str) -> None:
    """Wait for the threads of a name."""
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join()


def test_an_import_in_another_process_is_seen_too(database: Database, catalogue: Catalogue, tmp_path: Path) -> None:
    changed = files()
    changed["brands"].append({"id": "b3", "name": "新牌"})
    changed["products"] = changed["products"][:2]
    load(write_folder(tmp_path / "data", changed), database, today=TODAY)
    assert "b3" not in catalogue.brands
    assert catalogue.refresh(10.0)
    assert "b3" in catalogue.brands
    assert {hit.sku for hit in catalogue.search(LATEX).hits} == {"p1"}


def test_an_import_behind_a_look_is_taken_over_with_the_next_one(
    database: Database, catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_product(database, Product("p9", "新到的墙漆", "kids"), TODAY)
    with database.reading() as connection:
        looked = [read_stamp(connection)]
    load(write_folder(tmp_path / "data", files()), database, today=TODAY)
    monkeypatch.setattr("catalog_db.catalog.read_stamp", lambda it: looked.pop() if looked else read_stamp(it))
    catalogue.refresh(10.0)
    assert catalogue.refresh(10.0)
    assert {hit.sku for hit in catalogue.search(LATEX).hits} == {"p1", "p4"}


def test_questions_go_on_while_a_large_import_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_db.takeover.AT_ONCE", 0)
    url = sqlite_url(tmp_path)
    database = open_database(url)
    before, after = files(), files()
    before["products"][0]["price"], after["products"][0]["price"] = "80", "120"
    after["products"][3:4] = [{"sku": "p9", "title": "新来的儿童漆", "category": "kids"}]  # in the place of p4
    load(write_folder(tmp_path / "before", before), database, today=TODAY)
    with open_catalogue(url) as catalogue, (tmp_path / "catalogue.db.index.lock").open("w") as another:
        fcntl.flock(another, fcntl.LOCK_EX)  # as a process that builds the index already
        load(write_folder(tmp_path / "after", after), database, today=TODAY)
        assert not catalogue.refresh(10.0)
        found = catalogue.search(replace(LATEX, limit=10))
        assert [hit.sku for hit in found.hits] == ["p1"]  # p4 is no longer there
        assert found.total == 1
        assert catalogue.search(replace(LATEX, price_max=Decimal(100))).hits == ()  # dearer by now
        assert not catalogue.refresh(11.5)
        fcntl.flock(another, fcntl.LOCK_UN)
        wait_for("takeover")
        assert catalogue.refresh(13.0)
        assert {hit.sku for hit in catalogue.search(LATEX).hits} == {"p1", "p9"}
        assert not catalogue.refresh(14.5)
    database.close()


def refused(*_: object) -> None:
    raise AssertionError("built in the process that answers")


@pytest.mark.parametrize("possible", [True, False])
def test_a_large_index_is_built_by_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, possible: bool
) -> None:
    monkeypatch.setattr("catalog_db.takeover.AT_ONCE", 0)
    monkeypatch.setattr("catalog_db.catalog.MANY_CHANGES", 1)
    url = sqlite_url(tmp_path)
    database = open_database(url)
    load(write_folder(tmp_path / "before", files()), database, today=TODAY)
    after = files()
    after["products"][3:4] = [{"sku": "p9", "title": "新来的儿童漆", "category": "kids"}]
    with open_catalogue(url) as catalogue:
        if possible:
            monkeypatch.setattr("catalog_db.search.index._built", refused)
        else:  # no other process can be started: it is built here
            monkeypatch.setattr("catalog_db.building.sys.executable", str(tmp_path / "no such program"))
        load(write_folder(tmp_path / "after", after), database, today=TODAY)
        assert not catalogue.refresh(10.0)
        wait_for("takeover")
        assert catalogue.refresh(13.0)
        assert {hit.sku for hit in catalogue.search(LATEX).hits} == {"p1", "p9"}
        for number in range(3):
            change_product(database, Product(f"q{number}", f"第{number}款墙漆", "kids", price=Decimal("5")), TODAY)
        assert catalogue.refresh(15.0)
        wait_for("index-merge")
        assert catalogue.index_changes == 0
        assert {"q0", "q1", "q2"} <= {hit.sku for hit in catalogue.search(LATEX).hits}
    database.close()


def test_an_import_after_single_changes_decides_anew(database: Database, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data", files())
    load(folder, database, today=TODAY)
    with Catalogue(database) as before:
        product = before.product("p1")
        assert product is not None
        change_product(database, replace(product, title="改过"), TODAY)
        change_product(database, replace(product, sku="p9"), TODAY)
        withdraw_product(database, "p2")
        tally = load(folder, database, today=TODAY).tallies["products"]
        assert (tally.changed, tally.withdrawn, tally.restored) == (1, 1, 1)
        before.refresh(1.0)
        assert before.product("p1") == product


def test_a_change_that_refers_to_nothing_is_refused(database: Database, catalogue: Catalogue) -> None:
    with pytest.raises(DatabaseError):
        change_product(database, Product("p9", "无类目", "nothing"), TODAY)
    assert not catalogue.refresh(10.0)
    assert catalogue.product("p9") is None


def test_the_index_stands_beside_the_file_and_is_used_again(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    database = open_database(url)
    load(write_folder(tmp_path / "data", files()), database, today=TODAY)
    database.close()
    for _ in range(2):
        with open_catalogue(url) as catalogue:
            assert catalogue.count(LATEX) == 2
            assert (tmp_path / "catalogue.db.index").is_dir()
    writer = open_database(url)
    change_product(writer, Product("p9", "后来的", "kids"), TODAY)
    writer.close()
    with open_catalogue(url) as catalogue:
        assert catalogue.count(LATEX) == 3


def test_an_index_that_cannot_be_written_lives_in_memory(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    database = open_database(url)
    load(write_folder(tmp_path / "data", files()), database, today=TODAY)
    database.close()
    (tmp_path / "catalogue.db.index").write_text("in the way")
    with open_catalogue(url) as catalogue:
        assert catalogue.count(LATEX) == 2


def test_an_empty_database_opens(database: Database) -> None:
    with Catalogue(database) as catalogue:
        assert catalogue.revision == 0
        assert not catalogue.categories
        assert catalogue.search(ProductQuery(day=TODAY)).total == 0
        assert catalogue.vocabulary.features == ()
        assert catalogue.certificates_near("GBM-2025-001") == []
