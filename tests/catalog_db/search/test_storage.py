"""The index on disk: whole or unusable, never half; a new generation beside an open one."""

from __future__ import annotations

import json
import zlib
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from catalog_db.search import maintenance
from catalog_db.search.index import Change, IndexUnusableError, SearchIndex
from catalog_db.search.query import ProductQuery
from catalog_db.search.storage import CURRENT, HEADER
from tests.catalog_db.search.goods import DAY, Goods, goods, query, row

RANDOM = 20261122


def catalogue(size: int = 60) -> Goods:
    return goods(Random(RANDOM), size)


def generation(folder: Path) -> Path:
    return folder / (folder / CURRENT).read_text()


def test_what_is_opened_says_what_was_built(tmp_path: Path) -> None:
    built = SearchIndex.build(catalogue(), tmp_path / "index")
    opened = SearchIndex.open(tmp_path / "index", revision="1")
    random = Random(1)
    for _ in range(40):
        asked = query(random)
        assert opened.search(asked) == built.search(asked) == SearchIndex.build(catalogue()).search(asked)


@pytest.mark.parametrize("broken", ["missing", "cut", "changed", "header", "version", "pointer"])
def test_a_damaged_index_is_unusable(tmp_path: Path, broken: str) -> None:
    SearchIndex.build(catalogue(), tmp_path)
    folder = generation(tmp_path)
    postings, header = folder / "postings.bin", folder / HEADER
    if broken == "missing":
        postings.unlink()
    elif broken == "cut":
        postings.write_bytes(postings.read_bytes()[:-1])
    elif broken == "changed":
        content = bytearray(postings.read_bytes())
        content[len(content) // 2] ^= 1
        postings.write_bytes(content)
    elif broken == "header":
        header.write_text(header.read_text().replace("kinds", "kimds"))
    elif broken == "version":
        text = json.dumps({**json.loads(json.loads(header.read_text())["content"]), "version": 0})
        header.write_text(json.dumps({"checksum": zlib.crc32(text.encode()), "content": text}))
    else:
        (tmp_path / CURRENT).write_bytes(b"\xff\xfe")
    with pytest.raises(IndexUnusableError):
        SearchIndex.open(tmp_path)


def test_an_index_of_another_revision_is_stale(tmp_path: Path) -> None:
    SearchIndex.build(catalogue(), tmp_path)
    with pytest.raises(IndexUnusableError, match="revision 1"):
        SearchIndex.open(tmp_path, revision="2")


def test_without_an_index_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusableError, match="no index"):
        SearchIndex.open(tmp_path / "nowhere")


def test_damage_in_a_large_file_is_found_by_verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SearchIndex.build(catalogue(), tmp_path)
    assert maintenance.verify(tmp_path) == []
    monkeypatch.setattr("catalog_db.search.storage.CHECKED_AT_ONCE", 0)
    codes = generation(tmp_path) / "codes.bin"
    codes.write_bytes(b"\0" * codes.stat().st_size)
    assert maintenance.verify(tmp_path) == ["codes.bin"]


def test_a_building_that_fails_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    SearchIndex.build(catalogue(), tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())

    class Failing(Goods):
        def products(self):  # type: ignore[no-untyped-def]
            yield from list(super().products())[:10]
            raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        SearchIndex.build(Failing(catalogue().rows), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert SearchIndex.open(tmp_path).count(ProductQuery(DAY)) == SearchIndex.build(catalogue()).count(
        ProductQuery(DAY)
    )


def test_who_has_the_old_index_open_keeps_it(tmp_path: Path) -> None:
    old = SearchIndex.build(catalogue(), tmp_path)
    expected = SearchIndex.build(catalogue())
    SearchIndex.build(Goods(catalogue().rows[:5], revision="2"), tmp_path)
    random = Random(2)
    for _ in range(20):
        asked = query(random)
        assert old.search(asked) == expected.search(asked)
    assert SearchIndex.open(tmp_path).revision == "2"
    assert len(list(tmp_path.iterdir())) == 2  # one generation and the pointer to it


def test_a_merge_takes_in_what_changes_meanwhile(tmp_path: Path) -> None:
    source = catalogue()
    index = SearchIndex.build(source, tmp_path)
    product, certificates = row(Random(3), "new-1")
    early = Change("new-1", replace(product, on_sale=True, withdrawn=False), certificates)
    late = Change("new-2", replace(product, sku="new-2", on_sale=True, withdrawn=False), certificates)
    index.apply([early], revision="2")

    @contextmanager
    def opened():  # type: ignore[no-untyped-def]
        merged = Goods([*source.rows, (early.product, early.certificates)], revision="2")  # type: ignore[list-item]
        index.apply([late], revision="3")  # while the source is being read
        yield merged

    index.merge_in_background(opened, tmp_path).join()
    found = index.search(ProductQuery(DAY, skus=("new-1", "new-2")))
    assert sorted(hit.sku for hit in found.hits) == ["new-1", "new-2"]
    assert (index.revision, index.changes) == ("3", 1)
    assert SearchIndex.open(tmp_path).revision == "2"


def test_an_index_is_described(tmp_path: Path) -> None:
    described, seconds = maintenance.build(catalogue(), tmp_path, iter([1.0, 3.5]).__next__)
    assert seconds == 2.5
    assert described.revision == "1"
    assert described.products == SearchIndex.open(tmp_path).count(ProductQuery(DAY))
    assert described.size == sum(path.stat().st_size for path in generation(tmp_path).iterdir() if path.name != HEADER)
    assert 0 < described.texts < described.size
    assert described.terms > described.tokens > 0


def test_tokens_are_found_by_halving_as_in_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    source = catalogue()
    table = SearchIndex.build(source)
    monkeypatch.setattr("catalog_db.search.vocabulary._IN_MEMORY", 0)
    halving = SearchIndex.build(source)
    words = [*table.view.vocabulary.strings.all(), "xyzzy", "", "zz"]
    assert [halving.view.vocabulary.token(word) for word in words] == [
        table.view.vocabulary.token(word) for word in words
    ]
    assert len(words) > 10


def test_compiled_code_of_other_sources_is_forgotten(tmp_path: Path) -> None:
    packing = pytest.importorskip("catalog_db.search.packing", reason="install the extra `fast`")
    for name in (
        "packing",
        "weighing",
        "adding",
        "collecting",
        "comparing",
        "compiled",
        "plan",
        "reranking",
        "sounds",
        "terms",
    ):
        (tmp_path / f"{name}.py").write_text(name)
    (tmp_path / "__pycache__").mkdir()
    kept = tmp_path / "__pycache__" / "compiled._find-1.py311.nbi"
    kept.touch()
    assert packing.forget_older_loops(tmp_path)
    assert not kept.exists()
    kept.touch()
    assert not packing.forget_older_loops(tmp_path)
    assert kept.exists()
    (tmp_path / "comparing.py").write_text("another way to compare")
    assert packing.forget_older_loops(tmp_path)
    assert not kept.exists()
