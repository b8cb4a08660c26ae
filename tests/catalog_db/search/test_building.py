"""What a building does at once for many texts is what is said of each alone."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog_db.search.columns import Ranker, table_of, values_of
from catalog_db.search.directory import Directory, Lists
from catalog_db.search.folded_codes import folded_codes
from catalog_db.search.folding import fold, fold_all, pieces
from catalog_db.search.likeness import kinds
from catalog_db.search.numbered_strings import names, write_names
from catalog_db.search.packed_strings import PackedStrings, gathered, write_order
from catalog_db.search.storage import MemoryStore
from catalog_db.search.terms import BLOCK, END, TOKENS, WINDOW, block_postings, codes_of, text_of, text_terms
from catalog_db.search.token_table import TokenTable
from catalog_db.search.vocabulary import Strings

_SIZES = st.text(alphabet="0123.x×*m 漆a", max_size=14)
_ODD = st.text(
    alphabet="ab xmM*×1239.　 \t\n\r中漆ＡＢ１＊㎡℃½ée\u0301ſßİ\u3099かが\u1100\u1161㉠\ud800𠮷。ﬁς\xa0\u200bﾞｶ",
    max_size=6,
)
_LINES = st.lists(st.one_of(_SIZES, _ODD, st.text(max_size=5)), min_size=1, max_size=4)
_PLAIN = ["净味 漆800*600mm 5L"] * 40  # beside so many a line is folded alone


@given(_LINES, st.booleans())
@settings(max_examples=300, deadline=None)
def test_lines_folded_at_once_are_what_each_is_alone(lines: list[str], among_others: bool) -> None:
    lines = [line for line in lines if not any("\ud800" <= one <= "\udfff" for one in line)]
    lines = [*_PLAIN, *lines, *_PLAIN] if among_others else lines
    assert text_of(folded_codes(lines)) == "".join(line + END for line in fold_all(lines) if lines)


@given(st.lists(st.text(alphabet="漆净味abx19.+/- ", max_size=12), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_block_of_texts_has_the_terms_of_each(texts: list[str]) -> None:
    folded = [fold(text) for text in texts]
    lengths = np.array([len(text) + 1 for text in folded])
    codes = codes_of(END.join(folded) + END)
    table = TokenTable()
    table.see(codes, np.cumsum(lengths))
    packed = table.settle()
    ends = np.cumsum(packed.lengths).tolist()
    words = [packed.content.tobytes()[begin:end].decode() for begin, end in pairwise([0, *ends])]
    assert words == sorted(set(words))
    tokens = table.terms(np.arange(len(folded)))
    terms, ends, postings = block_postings(codes, np.cumsum(lengths) - lengths, *tokens)
    found = [set[int]() for _ in folded]
    for term, begin, end in zip(terms.tolist(), [0, *ends.tolist()], ends.tolist(), strict=False):
        assert begin < end
        for place in postings[begin:end].tolist():
            found[place].add(term)
    for token, place in singles_of(table, len(words)):
        assert token not in terms
        found[place].add(token)
    assert found == [text_terms(text, lambda word: TOKENS + words.index(word)) for text in folded]
    assert terms.tolist() == sorted(set(terms.tolist()))


def singles_of(table: TokenTable, tokens: int) -> list[tuple[int, int]]:
    """Return the tokens that stand in one place of all texts, as terms, and the text that has each."""
    single = np.setdiff1d(np.arange(tokens), table.several)
    return [*zip((single + TOKENS).tolist(), table.texts_of_singles.tolist(), strict=True)]


@given(st.lists(st.text(alphabet="ab-漆0", max_size=20), max_size=20, unique=True), st.sampled_from(["", "x" * 80]))
@settings(max_examples=200, deadline=None)
def test_packed_strings_are_put_in_order_by_their_bytes(strings: list[str], behind: str) -> None:
    strings = [one + behind for one in strings]
    packed = PackedStrings.joined([PackedStrings.of(strings[:3]), PackedStrings.of(strings[3:])])
    order = packed.order()
    assert [strings[place] for place in order] == sorted(strings, key=str.encode)
    taken = packed.taken(order)
    assert taken.content.tobytes() == "".join(sorted(strings, key=str.encode)).encode()
    assert taken.lengths.tolist() == [len(one.encode()) for one in sorted(strings, key=str.encode)]


def test_stretches_are_gathered_in_any_order() -> None:
    numbers, starts, lengths = np.arange(10), np.array([4, 0, 7]), np.array([3, 2, 0])
    found, begins = gathered(numbers, starts, lengths)
    assert (found.tolist(), begins.tolist()) == ([4, 5, 6, 0, 1], [0, 3, 5])
    found, begins = gathered(numbers, np.array([2, 4]), np.array([2, 3]))
    assert (found.tolist(), begins.tolist()) == ([2, 3, 4, 5, 6], [0, 2])


@pytest.mark.parametrize("count", [0, 1, 1000, 70_000])
def test_strings_are_kept_and_found(count: int) -> None:
    strings = [f"sku-{number * 7919 % 99991}{'漆' * (number % 3)}" for number in range(count)]
    store, packed = MemoryStore(), PackedStrings.of(strings)
    packed.write(store, "skus")
    write_order(store, "sku", packed.order().astype(np.uint32))
    kept = Strings(store, "skus", ordered=False)
    assert kept.all() == strings
    places = [*range(0, count, 997), *range(count)[-9:]]
    assert kept.strings(places) == [strings[place] for place in places]
    assert [kept.find(strings[place]) for place in places] == places
    assert [kept.find(other) for other in ("", "sku-", "sku-x", "zz", "a")] == [None] * 5


_NAMES = st.from_regex(r"(sku-|a7-|漆|5%d|)[0-9]{0,20}|[a-c]{0,3}", fullmatch=True)


@pytest.mark.parametrize("turns", [5, 50])
def test_beginnings_that_stand_in_turns_are_all_found(turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_db.search.numbered_strings._SAMPLE", 4_000)
    strings = [f"t{number % turns:02}-sku-{number:07}" for number in range(200_000)]
    store = MemoryStore()
    write_names(store, "skus", PackedStrings.of(strings))
    assert len(store.table("skus.beginnings")) == turns
    assert not len(store.array("skus.odd.bytes"))


@given(st.sets(_NAMES, max_size=40), st.sampled_from([1, 16]), st.integers(1, 6))
@example({f"sku-{number:05}" for number in range(300)} | {"new-one", "", "7"}, 16, 5)
@example({f"{number}-7" for number in range(400)}, 1, 1)
@settings(max_examples=200, deadline=None)
def test_names_are_kept_as_beginnings_and_numbers(some: set[str], share: int, sample: int) -> None:
    strings = [*some]
    store, packed = MemoryStore(), PackedStrings.of(strings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("catalog_db.search.numbered_strings._SHARE", share)
        patch.setattr("catalog_db.search.numbered_strings._SAMPLE", sample)
        write_names(store, "skus", packed)
    write_order(store, "sku", packed.order().astype(np.uint32))
    kept = names(store, "skus")
    assert (kept.all(), len(kept)) == (strings, len(strings))
    assert [kept.find(string) for string in strings] == [*range(len(strings))]
    assert kept.find("sku-x") is None
    assert kept.strings([*range(len(strings))][::-1]) == strings[::-1]
    assert kept.containing("7") == [place for place, string in enumerate(strings) if "7" in string]


def test_names_with_a_beginning_take_as_many_bytes_as_their_numbers_need() -> None:
    store = MemoryStore()
    write_names(store, "skus", PackedStrings.of([*(f"t{n % 50:02}-sku-{n:07}" for n in range(60_000)), "new-one"]))
    assert store.size["skus.numbers"] == 2 * 60_001
    assert store.size["skus.codes"] == 60_001
    assert "skus.bytes" not in store.size


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 10**7).map(lambda fen: fen * 100), st.floats(-1e6, 1e6)), max_size=9)
)
@settings(max_examples=100, deadline=None)
def test_values_are_read_as_they_were_taken(values: list[float | None]) -> None:
    ranker, store = Ranker(), MemoryStore()
    ranker.add(values[:4], len(values[:4]))
    ranker.add(values[4:] if any(value is not None for value in values[4:]) else None, len(values[4:]))
    order = np.arange(len(values))[::-1]
    ranker.write(store, "price", order)
    table = values_of(store.array("values.price"), store.array("step.price").item(0))
    assert table.tolist() == sorted({float(value) for value in values if value is not None})
    codes = store.array("column.price").tolist() or [0] * len(values)
    assert [table[code - 1] if code else None for code in codes] == values[::-1]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=6))
def test_a_column_that_another_one_tells_is_a_table(pairs: list[tuple[int, int]]) -> None:
    codes, others = (np.array([pair[place] for pair in pairs], np.uint32) for place in (0, 1))
    told = dict(zip(others.tolist(), codes.tolist(), strict=True))
    table = table_of(codes, others)
    if any(codes) and all(told[other] == code for code, other in zip(codes.tolist(), others.tolist(), strict=True)):
        assert table[others].tolist() == codes.tolist()
    else:
        assert not len(table)


@given(st.lists(st.text("ab1.2+/-xm", min_size=1, max_size=8), max_size=30), st.integers(1, 4))
@example(["dn110cqc", "dn110cqc-a", "800x800x9mm", "pvc-u", "-", "b115-1000", "1000"], 2)
@settings(max_examples=200, deadline=None)
def test_runs_have_the_tokens_that_they_are_cut_into(texts: list[str], at_once: int) -> None:
    table = TokenTable()
    codes = codes_of("".join(f"{text}\n" for text in texts))
    table.see(codes, np.flatnonzero(codes == ord(END)) + 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("catalog_db.search.token_table._AT_ONCE", at_once)
        words = table.settle()
    raw = words.content.tobytes().decode("ascii")
    ends = np.cumsum(words.lengths).tolist()
    names = [raw[begin:end] for begin, end in pairwise([0, *ends])]
    assert names == sorted(set(names))
    tokens, whose = table.terms(np.arange(len(texts)))
    singles = singles_of(table, len(names))
    for place, text in enumerate(texts):
        terms = tokens[whose == place].tolist() + [term for term, owner in singles if owner == place]
        found = {names[term - TOKENS] for term in terms}
        whole = text.strip(".+/-")
        assert found == (set(pieces(whole)) if whole else set())


def test_products_of_one_kind_stand_beside_one_another() -> None:
    chance = Random(3)
    nouns = ["乳胶漆 耐擦洗 面漆", "抛光砖 防滑 客厅", "智能马桶 坑距", "轻钢龙骨 吊顶"]
    chosen = [chance.randrange(len(nouns)) for _ in range(4_000)]
    lines = [
        f"{chance.choice('安柏晨岱')}{chance.choice('云文溪')} {nouns[one]} {chance.choice(['包邮', '现货', '正品'])}"
        for one in chosen
    ]
    codes = folded_codes(lines)
    lengths = np.diff(np.flatnonzero(codes == ord(END)), prepend=-1)
    told = kinds(codes, lengths)
    order = np.argsort(told, kind="stable")
    kind_of = np.array(chosen)[order]
    assert np.count_nonzero(np.diff(kind_of)) == len(nouns) - 1  # each stands in one stretch


@given(st.lists(st.lists(st.tuples(st.integers(1, 40), st.integers(0, BLOCK - 1)), min_size=1), max_size=4))
@settings(max_examples=100, deadline=None)
def test_the_directory_says_where_each_list_has_products(blocks: list[list[tuple[int, int]]]) -> None:
    store, directory = MemoryStore(), Directory()
    wanted: dict[int, list[tuple[int, int, int]]] = {}
    for block, pairs in enumerate(blocks):
        lists = {term: sorted({place for other, place in pairs if other == term}) for term, _ in sorted(pairs)}
        postings = np.array([place for places in lists.values() for place in places], np.uint16)
        directory.add(np.array([*lists], np.uint32), np.cumsum([*map(len, lists.values())]).astype(np.uint32), postings)
        for at, (term, places) in enumerate(lists.items()):
            bits = sum({1 << (place // WINDOW) for place in places})
            wanted.setdefault(term, []).append((block, at, bits))
    directory.write(store)
    store.extend("known_sounds", np.array(sorted(wanted), np.uint32))
    found = Lists.of(store)
    for term in range(42):
        rows = slice(found.starts[term], found.starts[term + 1])
        told = zip(found.blocks[rows].tolist(), found.places[rows].tolist(), found.windows[rows].tolist(), strict=True)
        assert [*told] == wanted.get(term, [])
