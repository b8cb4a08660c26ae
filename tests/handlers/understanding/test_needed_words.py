"""Words that a pattern cannot do without: never one that a match can lack."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from handlers.understanding.cues import CueScanner, read_table
from handlers.understanding.needed_words import NeededWords

LOCALE = Path(__file__).resolve().parents[3] / "locales" / "zh_Hans_CN"
OPENINGS = (Path(__file__).resolve().parents[2] / "cases" / "openings.txt").read_text(encoding="utf-8").splitlines()
PATTERNS = [cells[1] for table in ("patterns.tsv", "troubles.tsv") for cells in read_table(LOCALE / table)]
COMMON = Counter("".join(PATTERNS))


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("绿色建材", "绿色建材"),
        ("绿色?建材", "建材"),
        ("(?:墙|地)(?:砖|漆)", "墙砖 墙漆 地砖 地漆"),
        ("墙.{0,3}漆皮", "漆皮"),
        ("(?:刷墙|贴砖)|门", "刷墙 贴砖 门"),
        ("(?:刷墙|.)|门", ""),
        ("墙(?!纸)面", "墙面"),
        ("(?<!外)墙$", "墙"),
        ("好{2}看", "好 看"),
        (r"墙\d面", "墙 面"),
        (r"几\?", "几?"),
        ("[哪啥]家", "哪家 啥家"),
        ("[^,]家", "家"),
        ("[一-九]家", "家"),
        ("(?P<what>.)家(?P=what)", ""),
        ("(?:砖)?", ""),
        ("(?i)abc", ""),
        ("", ""),
    ],
)
def test_what_is_needed(pattern: str, needed: str) -> None:
    found = NeededWords({}).of(pattern)
    assert (found or frozenset()) <= frozenset(needed.split())
    assert bool(found) == bool(needed)


def test_the_words_that_are_met_least_are_taken() -> None:
    known = NeededWords({"哪": 9, "个": 5, "款": 1, "好": 700})
    assert known.of("哪(?:个|款).{0,4}好") == frozenset({"哪个", "哪款"})
    assert NeededWords({"门": 900, "窗": 1}).of("门.{0,4}窗") == frozenset({"窗"})


def test_too_many_words_are_not_looked_for() -> None:
    many = "".join(chr(0x4E00 + n) for n in range(60))
    assert NeededWords({}).of(f"[{many}][{many}]") is None


def test_every_match_of_our_patterns_has_a_word_that_it_needs() -> None:
    known = NeededWords(COMMON)
    matched = 0
    for pattern in PATTERNS:
        needed = known.of(pattern)
        for match in (match for text in OPENINGS for match in re.finditer(pattern, text)):
            matched += 1
            assert needed is None or any(word in match.group() for word in needed), (pattern, match.group())
    assert matched > 50


def test_a_frame_is_found_wherever_its_pattern_matches() -> None:
    frames = [(f"frame.{number}", pattern) for number, pattern in enumerate(PATTERNS)]
    scanner = CueScanner((), frames)
    searches = [(name, re.compile(pattern).search) for name, pattern in frames]  # more than `re` remembers
    for text in OPENINGS[::4]:
        expected = {name for name, search in searches if search(text)}
        assert scanner.scan(text).names == expected, text
