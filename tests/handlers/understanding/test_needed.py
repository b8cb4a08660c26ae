"""What a pattern cannot do without: never a character that a match can lack."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from handlers.understanding.cues import read_table
from handlers.understanding.needed import needed_sets, only_at_the_beginning
from tests.batches import batches, failing

LOCALE = Path(__file__).resolve().parents[3] / "locales" / "zh_Hans_CN"
OPENINGS = Path(__file__).resolve().parents[2] / "cases" / "openings.txt"
COMMON = Counter("".join(cells[1] for cells in read_table(LOCALE / "patterns.tsv")))
PATTERNS = [cells[1] for cells in read_table(LOCALE / "patterns.tsv")]


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("前(?P<n>[二两])(?:个|款)?", "前"),
        ("(?:价|多少)钱?", "价多"),
        ("(?:价|多少)?", ""),
        ("[哪啥]家?", "哪啥"),
        ("[^,]家?", ""),
        (r"\d{1,2}号", "号"),
        (r"\d家*", ""),
        ("家{0,2}", ""),
        ("家{1,2}", "家"),
        ("(?=店).", ""),
        ("(?<!最)头(?!发)", "头"),
        ("店|.{2}", ""),
        (r"好\?", "好"),
        (r"\?", "?"),
        ("(?i)abc", ""),
        ("", ""),
    ],
)
def test_what_is_needed(pattern: str, needed: str) -> None:
    assert next(iter(needed_sets(pattern)), frozenset()) == frozenset(needed)


@pytest.mark.parametrize("patterns", batches(PATTERNS))
def test_every_pattern_of_ours_can_be_read_and_its_matches_have_what_it_needs(patterns: list[str]) -> None:
    texts = OPENINGS.read_text(encoding="utf-8").splitlines()

    def judge(pattern: str) -> None:
        compiled, needed = re.compile(pattern), needed_sets(pattern, COMMON)
        for text in texts:
            for match in compiled.finditer(text):
                assert not any(one.isdisjoint(match.group()) for one in needed), text
                assert match.start() == 0 or not only_at_the_beginning(pattern), text

    assert failing(patterns, judge) == []


def test_several_parts_are_needed_the_rarest_first() -> None:
    assert needed_sets("哪(?:个|款).{0,4}好", {"哪": 9, "个": 5, "款": 1, "好": 7}) == (
        frozenset("个款"),
        frozenset("好"),
        frozenset("哪"),
    )


@pytest.mark.parametrize(
    ("pattern", "only"), [("^要(?:个|款)$", True), ("^要|买", False), ("要", False), ("(?:^要)?", False)]
)
def test_what_matches_only_at_the_beginning(pattern: str, only: bool) -> None:
    assert only_at_the_beginning(pattern) is only
