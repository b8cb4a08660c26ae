"""Amounts: a corpus of expressions, one of sentences without any, and promises that hold for every text."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.understanding.amount_rules import grammar
from handlers.understanding.normalise import normalise
from handlers.understanding.quantities import find_quantities
from tests.batches import batches, failing

HERE = Path(__file__).parent
COMPARISONS = {"eq", "le", "ge", "range", "about"}


def lines(name):
    return [
        line for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]


def expected(value):
    """Read `money ..300 le ~ per=m2 ; size 800x800`."""
    amounts = []
    for part in value.split(" ; "):
        dimension, *words = part.split()
        amount = {"dimension": dimension, "approximate": "~" in words, "per": None}
        for word in words:
            if word in COMPARISONS:
                amount["comparison"] = word
            elif "=" in word:
                name, _, said = word.partition("=")
                amount[name] = said
            elif ".." in word:
                amount["low"], amount["high"] = (Decimal(end) if end else None for end in word.split(".."))
            elif word != "~":
                amount["text"] = word
        amounts.append(amount)
    return amounts


def corpus():
    for line in lines("quantities.tsv")[1:]:
        value, wordings = line.split("\t")
        for wording in wordings.split("|"):
            yield wording, value


@pytest.mark.parametrize("examples", batches(corpus()))
def test_amounts(examples):
    assert failing(examples, judge) == []


def judge(example):
    text, value = example
    found = find_quantities(normalise(text).text)
    wanted = expected(value)
    got = [{name: getattr(quantity, name) for name in amount} for quantity, amount in zip(found, wanted, strict=False)]
    assert len(found) == len(wanted), found
    assert got == wanted, [quantity.rule for quantity in found]


@pytest.mark.parametrize("texts", batches(lines("no_quantities.txt")))
def test_no_amounts(texts):
    assert failing(texts, lambda text: find_quantities(normalise(text).text)) == []


def test_the_corpora_are_large_and_have_no_wording_twice():
    wordings = [wording for wording, _ in corpus()]
    assert len(wordings) == len(set(wordings)) >= 300
    silent = lines("no_quantities.txt")
    assert len(silent) == len(set(silent)) >= 80


def test_blocked_words_are_not_read():
    text = "三棵树的两桶多少钱"
    assert [q.dimension for q in find_quantities(text, [(0, 3)])] == ["count"]
    assert find_quantities("三桶装水", [(1, 4)]) == []
    (price,) = find_quantities("最多的砖三百块", [(0, 2)])
    assert price.comparison == "eq"
    assert find_quantities("千年舟八百以内", [(0, 3)])[0].high == 800


def test_a_blocked_neighbour_still_tells_what_a_number_is():
    text = "800的瓷砖和4分水管"
    blocked = [(4, 6), (9, 11)]
    assert [(q.dimension, q.text) for q in find_quantities(text, blocked)] == [("size", "800x800"), ("pipe", "4分")]


def test_evidence_and_rule():
    (quantity,) = find_quantities("马桶不超过八百块")
    assert "马桶不超过八百块"[quantity.start : quantity.end] == "不超过八百块"
    assert quantity.rule == "不超过 一个数"
    assert quantity.unit == "块"


def test_every_pattern_can_be_read():
    rules = grammar()
    for group in rules.rules.values():
        for rule in group:
            assert rule.pattern
    for name in rules.parts.sources:
        assert rules.parts[name]
    assert rules.unit
    assert rules.before
    assert rules.after


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "三百",
                "五",
                "800",
                "1.5",
                "万",
                "多",
                "来",
                "几",
                "好几",
                "半",
                "块",
                "平",
                "m2",
                "桶",
                "以内",
                "不超过",
                "左右",
                "到",
                "-",
                "x",
                "乘",
                "的",
                "砖",
                "级",
                "星",
                "★",
                "长",
                "一",
                "每",
                "/",
                "两",
                "千把",
                ",",
                "分管",
                "dn",
                "k",
                "w",
                "坑距",
            ]
        ),
        st.text(max_size=3),
    ),
    max_size=12,
)


@given(PIECES)
def test_any_text_gives_ordered_spans_and_sane_ends(pieces):
    text = normalise("".join(pieces)).text
    end = 0
    for quantity in find_quantities(text):
        assert end <= quantity.start < quantity.end <= len(text)
        end = quantity.end
        assert quantity.low is not None or quantity.high is not None
        assert quantity.low is None or quantity.high is None or quantity.low <= quantity.high
        assert quantity.comparison != "le" or quantity.low is None
        assert quantity.comparison != "ge" or quantity.high is None


@given(PIECES, st.integers(0, 20), st.integers(1, 8))
def test_nothing_overlaps_a_blocked_span(pieces, start, length):
    text = normalise("".join(pieces)).text
    for quantity in find_quantities(text, [(start, start + length)]):
        assert quantity.end <= start or quantity.start >= start + length


@pytest.mark.parametrize(
    "text", ["三五百" * 600, "1 " * 1_000, "一" * 2_000, "百" * 2_000, "300到500块" * 250, "800x" * 500, "★" * 2_000]
)
def test_hostile_texts_are_read_to_their_end(text):
    assert all(quantity.end <= len(text) for quantity in find_quantities(normalise(text).text))
