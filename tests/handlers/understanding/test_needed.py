"""What a pattern cannot do without: never a character that a match can lack."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers.understanding.cues import read_table
from handlers.understanding.needed import needed_characters

LOCALE = Path(__file__).resolve().parents[3] / "locales" / "zh_Hans_CN"
OPENINGS = Path(__file__).resolve().parents[2] / "cases" / "openings.txt"
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
    assert needed_characters(pattern) == frozenset(needed)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_of_ours_can_be_read_and_its_matches_have_what_it_needs(pattern: str) -> None:
    compiled, needed = re.compile(pattern), needed_characters(pattern)
    for text in OPENINGS.read_text(encoding="utf-8").splitlines():
        match = compiled.search(text)
        assert match is None or not needed or not needed.isdisjoint(match.group()), text
