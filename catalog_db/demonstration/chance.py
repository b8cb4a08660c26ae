"""Draws that are the same on every machine: each depends on its key alone, never on what was drawn before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_STEPS = 2**32


def fraction(*key: str) -> float:
    """Draw a number in [0, 1) for the key."""
    digest = hashlib.blake2b("\x1f".join(key).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / _STEPS


def between(low: float, high: float, *key: str) -> float:
    """Draw a number from low to high for the key."""
    return low + (high - low) * fraction(*key)


def pick(choices: Sequence[T], *key: str) -> T:
    """Draw one of the choices for the key."""
    return choices[int(fraction(*key) * len(choices))]


def pick_some(choices: Sequence[T], count: int, *key: str) -> list[T]:
    """Draw `count` different choices (fewer when there are fewer) for the key, in the order drawn."""
    order = sorted(range(len(choices)), key=lambda at: fraction(*key, str(at)))
    return [choices[at] for at in order[:count]]
