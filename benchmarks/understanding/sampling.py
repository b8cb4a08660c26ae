"""The sample of real shop queries: which lines of the two files are asked, fixed by a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

SEED = 20261122
SIZES = {"trade": 400, "other": 1000}


def read(path: Path) -> list[str]:
    """Read the queries of a file, one a line."""
    return path.read_text(encoding="utf-8").splitlines()


def sample(name: str, queries: Sequence[str], seed: int = SEED) -> list[tuple[int, str]]:
    """Return the sampled (line number from 1, query) of the file called `name`, in the order of the file."""
    numbers = [i for i, query in enumerate(queries, 1) if query.strip()]
    chosen = random.Random(f"{seed} {name}").sample(numbers, SIZES[name])
    return [(i, queries[i - 1].strip()) for i in sorted(chosen)]
