"""locales/README.md names every table there is, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

LOCALES = Path(__file__).parent.parent / "locales"


def test_the_readme_names_every_table() -> None:
    readme = (LOCALES / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w-]+\.(?:tsv|txt|tsv\.gz))`", readme))
    there = {path.name for path in LOCALES.rglob("*") if path.name.endswith((".tsv", ".txt", ".tsv.gz"))}
    assert named == there
